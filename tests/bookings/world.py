"""A small spa for the tests of the slot rules: one Monday, open from 9 to 19, two single rooms and a duo room."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from portal.bookings.availability import (
    Busy,
    Need,
    OpeningWindow,
    PendingNeed,
    Room,
    Shift,
    Snapshot,
    Therapist,
    VenueCalendar,
    Work,
    epoch,
)

SPA, OTHER_SPA = 1, 2
MONDAY = date(2027, 3, 1)
NOW = datetime(2027, 2, 20, 12, tzinfo=UTC)
SINGLE, DUO = 1, 2
THERESE, MARC = 11, 12
HOUR = Need(duration=60, treatment_id=1)


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    """An instant of that day; the spa lives in UTC."""
    return datetime.combine(day, time(hour, minute), UTC)


def sec(hour: int, minute: int = 0, day: date = MONDAY) -> int:
    return epoch(at(hour, minute, day))


def calendar(**changes: Any) -> VenueCalendar:
    return VenueCalendar(**{"timezone": "UTC", "windows": (OpeningWindow(time(9), time(19)),), **changes})


def therapist(
    ident: int, *, hours: tuple[int, int] = (0, 24), venues: tuple[int, ...] = (SPA,), **changes: Any
) -> Therapist:
    first, last = hours
    shifts = tuple(Shift(venue, sec(0) + first * 3600, sec(0) + last * 3600) for venue in venues)
    return Therapist(**{"id": ident, "venue_ids": frozenset(venues), "shifts": shifts, **changes})


def room_busy(room: int, start: int, end: int, item: int | None = None) -> Busy:
    return Busy(room, SPA, start, end, item)


def treating(who: int, start: int, end: int, venue: int | None = SPA) -> Busy:
    return Busy(who, venue, start, end)


def pending(item: int, start: int, end: int, *, venue: int = SPA, missing: int = 1, **changes: Any) -> PendingNeed:
    work = {name: changes.pop(name) for name in ("treatment_id", "gender", "declined") if name in changes}
    return PendingNeed(item, Work(venue, start, end, **work), missing, room_end=end, **changes)


def spa(**changes: Any) -> Snapshot:
    facts: dict[str, Any] = {
        "venue_id": SPA,
        "calendar": calendar(),
        "first_day": MONDAY,
        "last_day": MONDAY,
        "rooms": (Room(SINGLE), Room(DUO, capacity=2)),
        "therapists": (therapist(THERESE), therapist(MARC)),
    }
    return Snapshot(**{**facts, **changes})
