"""Telling open pages about a booking: which days, which columns of the agenda, and the therapists' offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.live.service import ABSENCES, ROTA, announce
from portal.models import Booking, Shift, Venue

LANE = "lane"
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
    """Where a booking stands that was loaded with its items; taken before a change, where it stood."""
    columns: set[UUID] = set()
    for item in booking.items:
        columns |= {claim.resource.uuid for claim in item.claims if claim.resource.kind == "room"}
        columns |= {assignment.member.uuid for assignment in item.assignments}
    return footprint(venue, booking.starts_at, booking.ends_at, columns)


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


def tell_booking(venue: Venue, booking: Booking, *before: Footprint) -> None:
    """Say that a booking changed, where it stands and where it stood."""
    tell(venue, footprint_of(venue, booking), *before)
