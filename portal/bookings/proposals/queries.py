"""Reading the other times that therapists suggest, always of one venue or of one organisation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import known
from portal.models import Booking, BookingItem, CounterProposal, Offer, Treatment, Variant, Venue
from portal.models.offer import OPEN as OFFER_OPEN
from portal.models.proposal import OPEN


def get_proposal(venue: Venue, proposal_id: UUID) -> CounterProposal:
    """One suggestion made at the venue, whatever became of it, with its offer and booking. Raises NotFound."""
    query = select(CounterProposal).where(CounterProposal.venue_id == venue.id, CounterProposal.uuid == proposal_id)
    return known(db.session.scalar(_with_booking(query)))


def reread_proposal(venue: Venue, proposal: CounterProposal) -> CounterProposal:
    """The suggestion as it is now; its booking is held. Raises NotFound."""
    query = select(CounterProposal).where(CounterProposal.venue_id == venue.id, CounterProposal.id == proposal.id)
    query = query.with_for_update(of=CounterProposal).execution_options(populate_existing=True)
    return known(db.session.scalar(query))


def waiting_proposals(venue: Venue, *, at: datetime) -> list[CounterProposal]:
    """What the desk may still answer, the soonest to expire first. Nothing as a rule: then that is all it asks."""
    found = db.session.scalars(_waiting(), {"venue": venue.id, "at": at}).all()
    if not found:
        return []
    query = select(CounterProposal).where(CounterProposal.venue_id == venue.id, CounterProposal.id.in_(found))
    query = query.order_by(CounterProposal.expires_at, CounterProposal.id)
    return list(db.session.scalars(_with_booking(query)))


@cache
def _waiting() -> Select[int]:
    """Made once: every page of the desk asks."""
    return (
        select(CounterProposal.id)
        .join(Offer, Offer.id == CounterProposal.offer_id)
        .where(
            CounterProposal.venue_id == bindparam("venue"), CounterProposal.status == OPEN,
            CounterProposal.expires_at > bindparam("at"), Offer.status == OFFER_OPEN,
        )
    )  # fmt: skip


def list_proposals(organisation_id: int, offer_ids: Collection[int]) -> list[CounterProposal]:
    """What was suggested for these offers since they were sent, whatever became of it, in that order."""
    if not offer_ids:
        return []
    query = (
        select(CounterProposal)
        .join(Offer, Offer.id == CounterProposal.offer_id)
        .where(
            CounterProposal.organisation_id == organisation_id, CounterProposal.offer_id.in_(offer_ids),
            CounterProposal.made_at >= Offer.sent_at,
        )
        .order_by(CounterProposal.id)
    )  # fmt: skip
    return list(db.session.scalars(query))


def find_proposal_of(organisation_id: int, offer: Offer, key: int) -> CounterProposal | None:
    """What was suggested for the offer, by its key."""
    query = select(CounterProposal).where(
        CounterProposal.organisation_id == organisation_id, CounterProposal.offer_id == offer.id,
        CounterProposal.id == key,
    )  # fmt: skip
    return db.session.scalar(query)


def find_expired(*, at: datetime, limit: int = 100) -> list[int]:
    """The suggestions, of all venues, that nobody has answered in time."""
    query = select(CounterProposal.id).where(CounterProposal.status == OPEN, CounterProposal.expires_at <= at)
    return list(db.session.scalars(query.order_by(CounterProposal.expires_at, CounterProposal.id).limit(limit)))


def find_by_key(proposal_id: int) -> CounterProposal | None:
    """A suggestion with its offer and booking; None when it is gone."""
    return db.session.scalar(_with_booking(select(CounterProposal).where(CounterProposal.id == proposal_id)))


def shortest_treatment(venue: Venue) -> int:
    """The minutes of the venue's shortest treatment: a gap that is shorter is lost."""
    query = (
        select(func.min(Variant.duration))
        .join(Treatment, Treatment.id == Variant.treatment_id)
        .where(
            Treatment.venue_id == venue.id, Treatment.active, Variant.active, Treatment.kind == "appointment",
            Treatment.is_addon.is_(False),
        )
    )  # fmt: skip
    return db.session.scalar(query) or venue.slot_interval


def _with_booking(query: Select[CounterProposal]) -> Select[CounterProposal]:
    return query.options(
        joinedload(CounterProposal.room),
        joinedload(CounterProposal.offer).options(
            joinedload(Offer.member),
            joinedload(Offer.item).options(
                joinedload(BookingItem.treatment),
                joinedload(BookingItem.booking).options(joinedload(Booking.customer), joinedload(Booking.venue)),
            ),
        ),
    )
