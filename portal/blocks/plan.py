"""Which time of whom a block covers, before anything is looked up that others may change at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

import portal.clock as clock
from portal.blocks.facts import Kind, Span
from portal.blocks.repeats import dates
from portal.errors import Invalid
from portal.i18n import clock_time, long_date
from portal.models import Resource, Shift, Venue

# The agenda is drawn in steps of five minutes.
STEP = timedelta(minutes=5)
# How far ahead a block may lie, and how long it may last.
HORIZON = timedelta(days=731)
LONGEST = timedelta(days=366)
LONGEST_REPEATED = timedelta(hours=24)

ShiftsOn = Callable[[Resource, date, date], Sequence[Shift]]


@dataclass(frozen=True, slots=True)
class Wish:
    """When: from start to end, in the time of a shift for who comes late or leaves early, and how it repeats.

    `starts_at` may be missing for `late`, `ends_at` for `leaving_early`.
    """

    kind: Kind
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    rule: str | None = None


def plan(
    venue: Venue, resources: Sequence[Resource], wish: Wish, *, shifts_on: ShiftsOn
) -> list[tuple[Resource, Span]]:
    """Each resource with each time that it is to be blocked. Raises Invalid with the field that is wrong.

    Who has no shift on one of several dates is not late on it; on the only one, that is refused.
    """
    if not resources:
        raise Invalid(_("Please choose at least one person or room."), field="who")
    asked = _repeated(venue, _asked(wish), wish.rule)
    if wish.kind not in {Kind.LATE, Kind.LEAVING_EARLY}:
        spans = [check(venue, span) for span in asked]
        return [(resource, span) for span in spans for resource in resources]
    by_shift = _by_shift(venue, resources, wish, asked, shifts_on)
    return [(resource, check(venue, span)) for resource, span in by_shift]


def check(venue: Venue, span: Span, *, begun: datetime | None = None) -> Span:
    """The span itself, when a block may have it; `begun` is the start that a block has already. Raises Invalid."""
    start, end = span
    today, now = clock.start_of_day(venue.today(), venue.timezone), clock.now()
    if end <= start:
        raise Invalid(_("The end must be after the start."), field="end")
    if start < today and start != begun:
        raise Invalid(_("A block can begin today at the earliest."), field="day")
    if start > now + HORIZON:
        raise Invalid(_("A block can lie at most two years ahead."), field="day")
    if end - start > LONGEST:
        raise Invalid(_("A block lasts at most a year."), field="last_day")
    for name, instant in (("start", start), ("end", end)):
        if instant.timestamp() % STEP.total_seconds():
            raise Invalid(_("Please choose a time in steps of five minutes."), field=name)
    return span


def instant(venue: Venue, wall: datetime, *, field: str) -> datetime:
    """The instant of a naive local time. Raises Invalid, naming the date, for a time that the clock leaves out."""
    if not clock.exists(wall, venue.timezone):
        told = _("The clock is put forward on %(day)s: there is no %(time)s.", day=long_date(wall.date()),
                 time=f"{wall:%H:%M}")  # fmt: skip
        raise Invalid(told, field=field)
    return clock.local_instant(wall, venue.timezone)


def _asked(wish: Wish) -> Span:
    """For a time that a shift will give, the other one twice."""
    start = None if wish.kind is Kind.LATE else wish.starts_at
    end = None if wish.kind is Kind.LEAVING_EARLY else wish.ends_at
    if start is None and wish.kind is not Kind.LATE:
        raise Invalid(_("Please say from when."), field="start")
    if end is None and wish.kind is not Kind.LEAVING_EARLY:
        raise Invalid(_("Please say until when."), field="end")
    known = start or end
    if known is None:
        raise Invalid(_("Please say from when."), field="start")
    return Span(start or known, end or known)


def _repeated(venue: Venue, span: Span, rule: str | None) -> list[Span]:
    if rule is None:
        return [span]
    zone = ZoneInfo(venue.timezone)
    first, last = (moment.astimezone(zone).replace(tzinfo=None) for moment in span)
    length = last - first
    if length > LONGEST_REPEATED:
        raise Invalid(_("A block that repeats lasts at most 24 hours."), field="last_day")
    spans = []
    for start in dates(rule, first):
        found = Span(instant(venue, start, field="start"), instant(venue, start + length, field="end"))
        spans.append(span if start == first else found)
    return spans


def _by_shift(
    venue: Venue, resources: Iterable[Resource], wish: Wish, asked: Sequence[Span], shifts_on: ShiftsOn
) -> list[tuple[Resource, Span]]:
    days = [clock.local_date(span.starts_at, venue.timezone) for span in asked]
    found = []
    for resource in resources:
        if resource.kind != "person":
            raise Invalid(_("Only people come late or leave early."), field="who")
        shifts = shifts_on(resource, min(days) - timedelta(days=1), max(days))
        absences = [_absence(venue, resource, wish.kind, span.starts_at, shifts) for span in asked]
        known = [absence for absence in absences if absence is not None]
        if not known:
            told = _("%(name)s has no shift at that time.", name=resource.name)
            raise Invalid(told, field="end" if wish.kind is Kind.LATE else "start")
        found += [(resource, span) for span in known]
    return found


def _absence(venue: Venue, resource: Resource, kind: Kind, moment: datetime, shifts: Sequence[Shift]) -> Span | None:
    """The part of her working day before or after the moment; None when she does not work then at all."""
    day = clock.local_date(moment, venue.timezone)
    working = next((shift.day for shift in shifts if shift.starts_at <= moment <= shift.ends_at), day)
    mine = [shift for shift in shifts if shift.day == working]
    if not mine:
        return None
    first, last = min(shift.starts_at for shift in mine), max(shift.ends_at for shift in mine)
    if not first < moment < last:
        told = _("%(name)s works from %(start)s to %(end)s: please choose a time in between.", name=resource.name,
                 start=clock_time(first, venue.timezone), end=clock_time(last, venue.timezone))  # fmt: skip
        raise Invalid(told, field="end" if kind is Kind.LATE else "start")
    return Span(first, moment) if kind is Kind.LATE else Span(moment, last)
