"""Telling open pages about a booking: which days, which columns of the agenda, and the therapists' offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.live.service import ABSENCES, ROTA, announce
from portal.models import Booking, CounterProposal, Offer, Shift, Venue

LANE = "lane"
# Other times that therapists suggest and the desk has to answer.
PROPOSALS = "proposals"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Worked:
    """A shift at some moment: whose it is, from when to when, and whether anybody works by it."""

    column: UUID
    starts_at: datetime
    ends_at: datetime
    counts: bool

    @classmethod
    def of(cls, shift: Shift) -> Worked:
        return cls(shift.member.uuid, shift.starts_at, shift.ends_at, shift.is_published)


@dataclass(frozen=True, slots=True)
class Footprint:
    """The local days on which something stands, and the columns (rooms' and members' uuids) in which it does."""

    days: frozenset[date]
    columns: frozenset[UUID]

    def __or__(self, other: Footprint) -> Footprint:
        return Footprint(self.days | other.days, self.columns | other.columns)


def footprint_of(venue: Venue, booking: Booking) -> Footprint:
    """Where a booking stands that was loaded with its items, and where a therapist suggests to put it; taken before a
    change, where it stood.
    """
    columns: set[UUID] = set()
    for item in booking.items:
        columns |= {claim.resource.uuid for claim in item.claims if claim.resource.kind == "room"}
        columns |= {assignment.member.uuid for assignment in item.assignments}
    place = footprint(venue, booking.starts_at, booking.ends_at, columns)
    for offer, proposal in proposals_of(booking):
        place |= footprint_of_proposal(venue, offer, proposal)
    return place


def footprint_of_proposal(venue: Venue, offer: Offer, proposal: CounterProposal) -> Footprint:
    """Where the ghost of a suggested time stands."""
    columns = {offer.member.uuid} | ({proposal.room.uuid} if proposal.room else set())
    return footprint(venue, proposal.starts_at, proposal.ends_at, columns)


def proposals_of(booking: Booking) -> list[tuple[Offer, CounterProposal]]:
    """The times suggested for a booking that was loaded with its items: those that waited when it was loaded."""
    offers = (offer for item in booking.items for offer in item.offers)
    return [(offer, offer.proposal) for offer in offers if offer.proposal is not None]


def footprint(venue: Venue, starts_at: datetime, ends_at: datetime, columns: Iterable[UUID]) -> Footprint:
    """The local days from start to end, in these columns."""
    zone = ZoneInfo(venue.timezone)
    first, last = starts_at.astimezone(zone).date(), ends_at.astimezone(zone).date()
    days = {first + offset * _DAY for offset in range((last - first).days + 1)}
    return Footprint(frozenset(days), frozenset(columns))


def tell(venue: Venue, *footprints: Footprint, offers: bool = True) -> None:
    """Say that something changed there.

    `agenda:<day>` is for whatever shows the day as a whole, `column:<day>:<uuid>` for one column of its grid,
    `column:<day>:lane` for the bookings without a column.
    """
    topics = {"offers"} if offers else set()
    for place in footprints:
        for day in place.days:
            topics |= {f"agenda:{day}", f"column:{day}:{LANE}"}
            topics |= {f"column:{day}:{column}" for column in place.columns}
    announce(venue, *topics)


def tell_shifts(venue: Venue, *places: Worked) -> None:
    """Say that the rota changed there: drafts are seen by nobody but those who plan."""
    told = [footprint(venue, one.starts_at, one.ends_at, [one.column]) for one in places if one.counts]
    if told:
        tell(venue, *told)
        announce(venue, ABSENCES)
    announce(venue, ROTA)


def tell_asked(venue: Venue, booking: Booking) -> None:
    """Say that something became of what therapists were asked about it: sent, arrived, seen, answered."""
    announce(venue, asked_topic(booking))


def asked_topic(booking: Booking) -> str:
    """What the panel listens to that shows who was asked."""
    return f"asked:{booking.uuid}"


def tell_ghosts(venue: Venue, *ghosts: Footprint) -> None:
    """Say that suggested times came or went: the desk has its list of them, her phone its card."""
    tell(venue, *ghosts)
    announce(venue, PROPOSALS)


def tell_booking(venue: Venue, booking: Booking, *before: Footprint) -> None:
    """Say that a booking changed, where it stands and where it stood."""
    tell(venue, footprint_of(venue, booking), *before)
    if proposals_of(booking):
        announce(venue, PROPOSALS)


def tell_proposals(venue: Venue, booking: Booking) -> None:
    """Say that something became of the times suggested for a booking: their ghosts come or go."""
    places = [footprint_of_proposal(venue, offer, proposal) for offer, proposal in proposals_of(booking)]
    if places:
        tell_ghosts(venue, *places)
