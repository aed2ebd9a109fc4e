"""From what she asks for (days, half a day, some hours) to instants, by the clock of her venue.

A day off is the shifts that begin on it: the night before is still worked to its end, the night after is off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from flask_babel import gettext as _

import portal.clock as clock
from portal.blocks.facts import Span
from portal.blocks.plan import HORIZON, LONGEST, STEP, instant
from portal.clock import local_date, start_of_day
from portal.errors import Invalid
from portal.models import Shift, Venue

# When the morning ends and the afternoon begins.
NOON = time(13)
_DAY = timedelta(days=1)


class Length(StrEnum):
    """How much she asks for."""

    DAYS = "days"
    HALF = "half"
    HOURS = "hours"


class Half(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"


@dataclass(frozen=True, slots=True)
class Asked:
    """As it was typed, in local time. `last` is the day of the end, if another than that of the start."""

    length: Length
    day: date
    last: date | None = None
    half: Half = Half.MORNING
    start: time | None = None
    end: time | None = None

    @property
    def days(self) -> tuple[date, date]:
        """The local days that it touches."""
        return self.day, (self.last or self.day) if self.length is not Length.HALF else self.day


def span_of(home: Venue, asked: Asked, shifts: Sequence[Shift]) -> Span:
    """The time that is asked for; `shifts` are hers from the day before on. Raises Invalid with the field."""
    first, last = asked.days
    if last < first:
        raise Invalid(_("The last day cannot be before the first one."), field="last_day")
    if asked.length is Length.HOURS:
        return _hours(home, asked)
    begins, ends = _begin(home, first, shifts), _end(home, last, shifts)
    if asked.length is Length.DAYS:
        return Span(begins, ends)
    noon = clock.local_instant(datetime.combine(first, NOON), home.timezone)
    return Span(begins, max(noon, begins)) if asked.half is Half.MORNING else Span(max(noon, begins), ends)


def check(home: Venue, span: Span) -> Span:
    """The span itself, when somebody may be off then. Raises Invalid with the field that is wrong."""
    now, today = clock.now(), start_of_day(home.today(), home.timezone)
    if span.ends_at <= span.starts_at:
        raise Invalid(_("Your time off must end after it begins: please choose a later end."), field="end")
    if span.ends_at <= now or span.starts_at < today:
        raise Invalid(_("This time is over: please choose today or later."), field="day")
    if span.starts_at > now + HORIZON:
        raise Invalid(_("Time off can be asked for at most two years ahead."), field="day")
    if span.ends_at - span.starts_at > LONGEST:
        raise Invalid(_("Time off lasts at most a year."), field="last_day")
    for name, moment in (("start", span.starts_at), ("end", span.ends_at)):
        if moment.timestamp() % STEP.total_seconds():
            raise Invalid(_("Please choose a time in steps of five minutes."), field=name)
    return span


def _hours(home: Venue, asked: Asked) -> Span:
    if asked.start is None:
        raise Invalid(_("Please say from when."), field="start")
    if asked.end is None:
        raise Invalid(_("Please say until when."), field="end")
    first, last = asked.days
    start = instant(home, datetime.combine(first, asked.start), field="start")
    return Span(start, instant(home, datetime.combine(last, asked.end), field="end"))


def _begin(home: Venue, day: date, shifts: Sequence[Shift]) -> datetime:
    """Midnight, or the end of the shift of the evening before."""
    midnight = start_of_day(day, home.timezone)
    return max([midnight, *(one.ends_at for one in shifts if one.day == day - _DAY)])


def _end(home: Venue, day: date, shifts: Sequence[Shift]) -> datetime:
    """The next midnight, or the end of the shift that begins on the day."""
    midnight = start_of_day(day + _DAY, home.timezone)
    return max([midnight, *(one.ends_at for one in shifts if one.day == day)])


def days_until(home: Venue, until: date, shifts: Sequence[Shift], *, at: datetime) -> Span:
    """From this moment, in steps of five minutes, to the end of a day."""
    start = at - timedelta(seconds=at.timestamp() % STEP.total_seconds())
    if until < local_date(at, home.timezone):
        raise Invalid(_("This day is over: please choose today or later."), field="until")
    return Span(start, _end(home, until, shifts))
