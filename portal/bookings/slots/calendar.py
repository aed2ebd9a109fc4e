"""When a venue receives guests: deployment, opening windows, the grid of starts, venue blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.bookings.slots.intervals import Span, Timeline, joined
from portal.bookings.slots.walltime import MINUTES_A_DAY, local, local_day, resolve

OUT_OF_HOURS_MINUTES = 120
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2100, 12, 31)
_ONE_DAY = timedelta(days=1)


class OpeningWindow(NamedTuple):
    """Local opening and closing time. A closing at or before the opening lies on the next day (00:00 = 24:00)."""

    opens: time
    closes: time


class ScheduleKind(StrEnum):
    ALWAYS_OPEN = "always_open"
    SPECIFIC_DAYS = "specific_days"
    ONE_TIME = "one_time"


@dataclass(frozen=True, slots=True)
class Schedule:
    """On which dates a venue is deployed. Weekdays are 0 = Sunday … 6 = Saturday, None = every day."""

    kind: ScheduleKind = ScheduleKind.ALWAYS_OPEN
    first: date | None = None
    last: date | None = None
    weekdays: frozenset[int] | None = None
    every_weeks: int = 1
    dates: frozenset[date] = frozenset()

    def includes(self, day: date) -> bool:
        """True when the rule deploys the venue on that date (closures and special openings apart)."""
        if self.kind is ScheduleKind.ALWAYS_OPEN:
            return True
        if self.kind is ScheduleKind.ONE_TIME:
            return day in self.dates
        if (self.first and day < self.first) or (self.last and day > self.last):
            return False
        if self.weekdays is not None and weekday_of(day) not in self.weekdays:
            return False
        return self.first is None or (day - self.first).days // 7 % self.every_weeks == 0


@dataclass(frozen=True, slots=True)
class WeeklyBlock:
    """Local hours of one weekday in which the venue takes nobody, between two optional dates (inclusive)."""

    weekday: int
    starts: time
    ends: time
    first: date | None = None
    last: date | None = None
    reason: str | None = None

    def falls_on(self, day: date) -> bool:
        return (
            self.weekday == weekday_of(day)
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
        )


@dataclass(frozen=True, slots=True)
class VenueCalendar:
    """The venue's rules in its own wall time; durations in minutes.

    `weekday_windows` replaces `windows` on the weekdays it lists. `special_days` win over the schedule:
    their windows are open, none at all is a closure. `blocks` are dated, in epoch seconds; `reasons` says why some
    of them are.
    """

    timezone: str
    windows: tuple[OpeningWindow, ...]
    schedule: Schedule = Schedule()
    weekday_windows: Mapping[int, tuple[OpeningWindow, ...]] = field(default_factory=dict)
    special_days: Mapping[date, tuple[OpeningWindow, ...]] = field(default_factory=dict)
    blocks: tuple[Span, ...] = ()
    weekly_blocks: tuple[WeeklyBlock, ...] = ()
    reasons: Mapping[Span, str] = field(default_factory=dict)
    slot_interval: int = 30
    minimum_notice: int = 0
    allow_out_of_hours: bool = False
    inter_venue_buffer: int = 0

    def windows_on(self, day: date) -> tuple[OpeningWindow, ...]:
        """The windows that open on that date; none when the venue is closed or not deployed."""
        special = self.special_days.get(day)
        if special is not None:
            return special
        if not self.schedule.includes(day):
            return ()
        return self.weekday_windows.get(weekday_of(day), self.windows)


class Hours(NamedTuple):
    """One opening window as instants; `extended` adds the out-of-hours time where that is allowed."""

    regular: Span
    extended: Span


@dataclass(frozen=True, slots=True)
class Day:
    """One local date: all windows that reach into it, and the starts on the grid that carry its date."""

    date: date
    span: Span
    deployed: bool
    hours: tuple[Hours, ...]
    starts: tuple[int, ...]

    def hours_for(self, start: int, end: int) -> Hours | None:
        """The window, regular if there is one, else extended, that contains [start, end)."""
        regular = next((hours for hours in self.hours if hours.regular.contains(start, end)), None)
        return regular or next((hours for hours in self.hours if hours.extended.contains(start, end)), None)

    def receives(self, start: int) -> bool:
        """True when the venue is deployed that date, or still open at that instant from the day before."""
        return self.deployed or any(hours.extended.contains(start, start + 1) for hours in self.hours)

    def closed_stretch(self, start: int, end: int) -> Span:
        """The first stretch outside all windows that [start, end) runs into; [start, end) when there is none."""
        edge = min(self.span.start, start)
        for hours in joined(hours.extended for hours in self.hours):
            if start < hours.start and edge < end:
                return Span(edge, hours.start)
            edge = max(edge, hours.end)
        closes = max(self.span.end, end)
        return Span(edge, closes) if edge < end else Span(start, end)


class Days:
    """The calendar of one venue, day by day, each day worked out once."""

    def __init__(self, calendar: VenueCalendar) -> None:
        self.calendar = calendar
        self.zone = ZoneInfo(calendar.timezone)
        self._days: dict[date, Day] = {}
        self._opened: dict[date, _Opened] = {}

    def __getitem__(self, day: date) -> Day:
        if day not in self._days:
            self._days[day] = self._day(day)
        return self._days[day]

    def date_of(self, seconds: int) -> date:
        """The local date of an instant."""
        return local(seconds, self.zone).date()

    def block_over(self, start: int, end: int) -> Span | None:
        """The venue block that overlaps [start, end), the first if there are several."""
        found = self._dated_blocks.overlapping(start, end) + list(self._weekly_blocks(start, end))
        return min(found, default=None)

    def reason_of(self, block: Span) -> str | None:
        """Why there is a venue block of that time, if anybody said so."""
        weekly = (one.reason for day, one in self._weekly(block.start, block.end) if self._block_on(day, one) == block)
        return self.calendar.reasons.get(block) or next(filter(None, weekly), None)

    @cached_property
    def _dated_blocks(self) -> Timeline:
        return Timeline(self.calendar.blocks)

    def _weekly_blocks(self, start: int, end: int) -> Iterator[Span]:
        for day, block in self._weekly(start, end):
            span = self._block_on(day, block)
            if max(span.start, start) < min(span.end, end):
                yield span

    def _weekly(self, start: int, end: int) -> Iterator[tuple[date, WeeklyBlock]]:
        if not self.calendar.weekly_blocks:
            return
        day = self.date_of(start) - _ONE_DAY  # a block may have begun the evening before
        last = self.date_of(end)
        while day <= last:
            yield from ((day, block) for block in self.calendar.weekly_blocks if block.falls_on(day))
            day += _ONE_DAY

    def _block_on(self, day: date, block: WeeklyBlock) -> Span:
        return self._span(day, OpeningWindow(block.starts, block.ends))

    def _day(self, day: date) -> Day:
        before, today = self._opened_on(day - _ONE_DAY), self._opened_on(day)
        span = local_day(day, self.zone)
        late = tuple(hours for hours in before.hours if hours.extended.end > span.start)
        return Day(day, span, bool(today.hours), late + today.hours, tuple(sorted({*before.late, *today.early})))

    def _opened_on(self, day: date) -> _Opened:
        if day not in self._opened:
            self._opened[day] = self._open(day)
        return self._opened[day]

    def _open(self, day: date) -> _Opened:
        hours: list[Hours] = []
        early: list[int] = []
        late: list[int] = []
        for window in self.calendar.windows_on(day):
            opens, closes = _minutes(window)
            first, last = self._extended(opens, closes)
            hours.append(Hours(self._span(day, window), self._minutes_span(day, first, last)))
            step = self.calendar.slot_interval
            minutes = range(opens - (opens - first) // step * step, last, step)
            for minute, start in self._instants(day, minutes):
                (early if minute < MINUTES_A_DAY else late).append(start)
        return _Opened(tuple(hours), tuple(early), tuple(late))

    def _instants(self, day: date, minutes: range) -> Iterator[tuple[int, int]]:
        """Each of these minutes after midnight that the clock shows, and when it does."""
        begins, ends = self._minutes_span(day, minutes.start, minutes.stop)
        if ends - begins == (minutes.stop - minutes.start) * 60:  # nobody touches the clock meanwhile
            return ((minute, begins + (minute - minutes.start) * 60) for minute in minutes)
        resolved = ((minute, *resolve(day, minute, self.zone)) for minute in minutes)
        return ((minute, start) for minute, start, exists in resolved if exists)

    def _extended(self, opens: int, closes: int) -> tuple[int, int]:
        if not self.calendar.allow_out_of_hours:
            return opens, closes
        first = max(opens - OUT_OF_HOURS_MINUTES, 0)
        return first, max(closes, min(closes + OUT_OF_HOURS_MINUTES, MINUTES_A_DAY))

    def _span(self, day: date, window: OpeningWindow) -> Span:
        return self._minutes_span(day, *_minutes(window))

    def _minutes_span(self, day: date, first: int, last: int) -> Span:
        return Span(resolve(day, first, self.zone)[0], resolve(day, last, self.zone)[0])


class _Opened(NamedTuple):
    """The windows that open on one date, and their starts before and after midnight."""

    hours: tuple[Hours, ...]
    early: tuple[int, ...]
    late: tuple[int, ...]


def weekday_of(day: date) -> int:
    """0 = Sunday … 6 = Saturday."""
    return day.isoweekday() % 7


def _minutes(window: OpeningWindow) -> tuple[int, int]:
    opens = window.opens.hour * 60 + window.opens.minute
    closes = window.closes.hour * 60 + window.closes.minute
    return opens, closes if closes > opens else closes + MINUTES_A_DAY
