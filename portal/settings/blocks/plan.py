"""Which time a block of the whole venue covers, before anything is looked up. Pure but for the clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from flask_babel import gettext as _

import portal.clock as clock
from portal.blocks.facts import Span
from portal.blocks.plan import HORIZON, STEP, check, instant
from portal.bookings.slots import intervals
from portal.bookings.slots.calendar import Days, VenueCalendar, WeeklyBlock
from portal.bookings.slots.intervals import epoch
from portal.errors import Invalid
from portal.models import Venue

MIDNIGHT = time(0)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """Every week on `weekdays` (0 = Sunday) from `start` to `end`, or once from the first day to the last.

    Times are local; without any it is whole days. A weekly block that ends at or before its start ends the next day.
    """

    is_weekly: bool
    first_day: date | None
    last_day: date | None
    start: time | None = None
    end: time | None = None
    weekdays: tuple[int, ...] = ()
    reason: str | None = None


class Standing(Protocol):
    """A block, as far as its time goes."""

    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def ends_at(self) -> datetime | None: ...
    @property
    def weekdays(self) -> list[int] | None: ...
    @property
    def start_time(self) -> time | None: ...
    @property
    def end_time(self) -> time | None: ...
    @property
    def first_day(self) -> date | None: ...
    @property
    def last_day(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Times:
    """The columns of a block that say when it is."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    weekdays: list[int] | None = None
    start_time: time | None = None
    end_time: time | None = None
    first_day: date | None = None
    last_day: date | None = None


def times_of(venue: Venue, wish: Wish, *, before: Standing | None = None) -> Times:
    """When the block is, as its row keeps it; `before` is how it stands already. Raises Invalid with the field."""
    if (wish.start is None) != (wish.end is None):
        missing = "start" if wish.start is None else "end"
        raise Invalid(_("Please fill in both, or neither."), field=missing)
    if wish.last_day and wish.first_day and wish.last_day < wish.first_day:
        raise Invalid(_("The last day is before the first."), field="last_day")
    return _weekly(venue, wish, before) if wish.is_weekly else _dated(venue, wish, before)


def covered(timezone: str, blocks: Iterable[Standing]) -> Days:
    """What these blocks cover, to be asked with `block_over`."""
    dated: list[intervals.Span] = []
    weekly: list[WeeklyBlock] = []
    for one in blocks:
        if one.starts_at is not None and one.ends_at is not None:
            dated.append(intervals.Span(epoch(one.starts_at), epoch(one.ends_at)))
        else:
            start, end = one.start_time or MIDNIGHT, one.end_time or MIDNIGHT
            days = one.weekdays or range(7)
            weekly += [WeeklyBlock(day, start, end, one.first_day, one.last_day) for day in days]
    return Days(VenueCalendar(timezone, windows=(), blocks=tuple(dated), weekly_blocks=tuple(weekly)))


def ended(venue: Venue, block: Standing, *, at: datetime) -> dict[str, Any] | None:
    """What changes of a block that ends at that instant; nothing when it is over, None when it never began."""
    today = clock.local_date(at, venue.timezone)
    if block.starts_at is None or block.ends_at is None:
        if block.first_day is not None and block.first_day >= today:
            return None
        over = block.last_day is not None and block.last_day < today
        return {} if over else {"last_day": today - _DAY}
    if block.starts_at >= at:
        return None
    last = at + (-at.timestamp() % STEP.total_seconds()) * timedelta(seconds=1)
    return {"ends_at": last} if last < block.ends_at else {}


def _weekly(venue: Venue, wish: Wish, before: Standing | None) -> Times:
    start, end = wish.start or MIDNIGHT, wish.end or MIDNIGHT
    first, last, today = wish.first_day or venue.today(), wish.last_day, venue.today()
    if not wish.weekdays:
        raise Invalid(_("Please choose at least one day of the week."), field="weekdays")
    if start == end and wish.start is not None and start != MIDNIGHT:
        raise Invalid(_("The end must be after the start."), field="end")
    for name, wall in (("start", start), ("end", end)):
        if wall.minute % 5 or wall.second:
            raise Invalid(_("Please choose a time in steps of five minutes."), field=name)
    if first < today and (before is None or first != before.first_day):
        raise Invalid(_("A block can begin today at the earliest."), field="first_day")
    if first > today + HORIZON:
        raise Invalid(_("A block can lie at most two years ahead."), field="first_day")
    if last is not None and (last < first or (last < today and (before is None or last != before.last_day))):
        raise Invalid(_("The last day is before the first."), field="last_day")
    return Times(weekdays=sorted(wish.weekdays), start_time=start, end_time=end, first_day=first, last_day=last)


def _dated(venue: Venue, wish: Wish, before: Standing | None) -> Times:
    if wish.first_day is None:
        raise Invalid(_("Please enter a date."), field="first_day")
    last = wish.last_day or wish.first_day
    if wish.start is None or wish.end is None:
        start = clock.start_of_day(wish.first_day, venue.timezone)
        end = clock.start_of_day(last + _DAY, venue.timezone)
    else:
        start = instant(venue, datetime.combine(wish.first_day, wish.start), field="start")
        end = instant(venue, datetime.combine(last, wish.end), field="end")
    try:
        check(venue, Span(start, end), begun=before.starts_at if before else None)
    except Invalid as refused:
        if refused.field == "day":
            raise Invalid(str(refused.message), field="first_day") from None
        raise
    return Times(starts_at=start, ends_at=end)
