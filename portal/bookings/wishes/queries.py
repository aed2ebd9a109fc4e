"""Reading who would like to be asked first, and for what."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import known
from portal.models import OfferWish, StaffMember, Venue, VenueMember


def who_wished(venue: Venue, treatment_id: int, *, at: datetime) -> frozenset[int]:
    """The members who would like to be asked first for this treatment of the venue."""
    query = select(OfferWish.member_id).where(OfferWish.venue_id == venue.id, OfferWish.treatment_id == treatment_id)
    return frozenset(db.session.scalars(query.where(OfferWish.ends_at > at)))


def list_wishes(member: StaffMember, *, at: datetime) -> list[OfferWish]:
    """Her wishes that still last, at the venues she works at; the first to end first."""
    works_there = exists().where(VenueMember.venue_id == OfferWish.venue_id, VenueMember.member_id == member.id)
    query = _hers(member).where(OfferWish.ends_at > at, works_there)
    loaded = query.options(joinedload(OfferWish.treatment), joinedload(OfferWish.venue))
    return list(db.session.scalars(loaded.order_by(OfferWish.ends_at, OfferWish.id)))


def get_wish(venue: Venue, member: StaffMember, wish_id: UUID) -> OfferWish:
    """One of her wishes at the venue. Raises NotFound."""
    query = _hers(member).where(OfferWish.venue_id == venue.id, OfferWish.uuid == wish_id)
    return known(db.session.scalar(query.options(joinedload(OfferWish.treatment))))


def _hers(member: StaffMember) -> Select[OfferWish]:
    mine = OfferWish.member_id == member.id
    return select(OfferWish).where(OfferWish.organisation_id == member.organisation_id, mine)
