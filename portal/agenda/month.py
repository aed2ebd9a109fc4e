"""How full the days of a month are: pure counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from portal.bookings.slots.calendar import Days
from portal.models.booking_states import CONFIRMED, NOSHOW, PENDING

LEVELS = 5
_Found = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class MonthRows:
    """When the venue is open, what is booked and who works, each known by where it starts."""

    calendar: Days
    items: _Found
    shifts: _Found


@dataclass(slots=True)
class MonthDay:
    """`booked` and `planned` in seconds of therapists' time."""

    day: date
    is_open: bool
    bookings: set[int] = field(default_factory=set)
    to_staff: set[int] = field(default_factory=set)
    booked: int = 0
    planned: int = 0

    @property
    def occupancy(self) -> int | None:
        """Percentage of the shifts that is spent in treatments, at most 100; None when nobody works."""
        return min(100, round(100 * self.booked / self.planned)) if self.planned else None

    @property
    def level(self) -> int:
        """0 for nothing, then 1 to 5 in equal steps of occupancy; 5 also for bookings that nobody is there for."""
        if not self.booked:
            return 0
        return LEVELS if self.occupancy is None else min(LEVELS, 1 + self.occupancy * LEVELS // 100)


@dataclass(frozen=True, slots=True)
class Month:
    """The days, in weeks that begin on Monday; None where another month's days would stand."""

    weeks: list[list[MonthDay | None]]

    @classmethod
    def of(cls, first: date, last: date, rows: MonthRows) -> Month:
        days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
        counted = {day: MonthDay(day, rows.calendar[day].deployed) for day in days}
        for shift in rows.shifts:
            counted[rows.calendar.date_of(shift.start)].planned += shift.end - shift.start
        for item in rows.items:
            _count(counted[rows.calendar.date_of(item.start)], item)
        cells: list[MonthDay | None] = [None] * first.weekday() + [counted[day] for day in days]
        cells += [None] * (-len(cells) % 7)
        return cls([cells[start : start + 7] for start in range(0, len(cells), 7)])


def _count(day: MonthDay, item: Row[*tuple[Any, ...]]) -> None:
    day.bookings.add(item.booking_id)
    if item.status != NOSHOW:
        day.booked += (item.end - item.start) * item.guest_count
    if item.status in {PENDING, CONFIRMED} and item.therapists_assigned < item.guest_count:
        day.to_staff.add(item.booking_id)
