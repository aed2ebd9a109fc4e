"""A therapist who is asked would rather have another time: it waits for the desk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.audit import Actor
from portal.bookings.proposals.finding import times_of
from portal.bookings.proposals.service import PATIENCE
from portal.database import db
from portal.demo.cast import Cast
from portal.demo.idents import ident
from portal.models import Booking, BookingItem, CounterProposal, Offer
from portal.models.offer import OPEN


def make_suggestion(cast: Cast, at: datetime) -> None:
    """The last of what is open at the first venue could be elsewhere, if one of those who are asked is free then."""
    for offer in _open_offers(cast, at):
        times = times_of([offer], offer.member, at=at, limit=1).get(offer.id, [])
        if times:
            return _suggest(offer, times[0].starts_at, times[0].ends_at, times[0].room_id, at)
    return None


def _open_offers(cast: Cast, at: datetime) -> list[Offer]:
    db.session.flush()
    venue = cast.venues[0]
    query = (
        select(Offer)
        .join(BookingItem, BookingItem.id == Offer.item_id)
        .where(Offer.venue_id == venue.id, Offer.status == OPEN, BookingItem.starts_at > at)
        .options(joinedload(Offer.item).joinedload(BookingItem.booking).selectinload(Booking.items))
        .options(
            joinedload(Offer.item).options(selectinload(BookingItem.claims), selectinload(BookingItem.assignments))
        )
        .order_by(BookingItem.starts_at.desc(), Offer.member_id.desc())
    )
    return list(db.session.scalars(query))


def _suggest(offer: Offer, starts_at: datetime, ends_at: datetime, room_id: int | None, at: datetime) -> None:
    booking, member = offer.item.booking, offer.member
    expires_at = min(at + PATIENCE, offer.item.starts_at, starts_at)
    db.session.add(
        CounterProposal(
            uuid=ident("suggestion", offer.uuid), organisation_id=offer.organisation_id, venue_id=offer.venue_id,
            offer=offer, room_id=room_id, starts_at=starts_at, ends_at=ends_at, made_at=at, expires_at=expires_at,
        )
    )  # fmt: skip
    told = {"therapist": member.name, "starts_at": starts_at.isoformat()}
    by = Actor.of_member(member, door="phone")
    booking.remember("proposed", by=by, at=at, from_status=booking.status, **told)
