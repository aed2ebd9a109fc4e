"""The suggested times that wait for the desk, as its pages tell them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import g
from flask_login import current_user

import portal.web as web
from portal.access import Permission, can
from portal.bookings.proposals.queries import waiting_proposals
from portal.bookings.proposals.words import sentence_of
from portal.clock import local_date, now
from portal.i18n import clock_time, inner_day_and_time, name_of
from portal.models import CounterProposal, Venue
from portal.tenancy import current_member


@dataclass(frozen=True, slots=True)
class Waiting:
    """One of them: who could at what time instead of which, for whom. `day` is the booking's."""

    id: UUID
    booking: UUID
    day: date
    name: str
    guest: str
    treatment: str
    sentence: str
    until: str


def waiting_of(venue: Venue, *, at: datetime) -> list[Waiting]:
    """What the desk may answer now: one statement."""
    return [_waiting(venue, proposal) for proposal in waiting_proposals(venue, at=at)]


def waiting_now() -> list[Waiting] | None:
    """The same for a whole page of somebody who may answer; None elsewhere."""
    venue: Venue | None = g.get("venue")
    is_desk = current_user.is_authenticated and can(current_member(), Permission.BOOKING_EDIT)
    return waiting_of(venue, at=now()) if venue and is_desk and not web.is_fragment_request() else None


def _until(venue: Venue, instant: datetime) -> str:
    is_today = local_date(instant, venue.timezone) == venue.today()
    return (clock_time if is_today else inner_day_and_time)(instant, venue.timezone)


def _waiting(venue: Venue, proposal: CounterProposal) -> Waiting:
    item = proposal.offer.item
    return Waiting(
        id=proposal.uuid,
        booking=item.booking.uuid,
        day=local_date(item.starts_at, venue.timezone),
        name=proposal.offer.member.name,
        guest=item.booking.guest_name,
        treatment=name_of(item.treatment, at=venue),
        sentence=sentence_of(venue, proposal.offer, proposal),
        until=_until(venue, proposal.expires_at),
    )
