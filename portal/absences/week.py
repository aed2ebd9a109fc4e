"""My week, assembled from what was read: shifts, hours, the team, what is blocked, time off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import portal.blocks.words as block_words
from portal.absences import words
from portal.absences.calendar import week_of, weeks_beside
from portal.absences.queries import (
    Colleague,
    When,
    blocks_of,
    home_of,
    next_shift_of,
    shifts_of,
    team_of,
    time_off_of,
    visits_of,
)
from portal.clock import local_date, start_of_day, today
from portal.customers.names import fold
from portal.i18n import clock_time, day_name, name_of, short_date
from portal.models import Block, Shift, StaffMember, TimeOff
from portal.models.absence import APPROVED, REQUESTED

# Whoever works nowhere yet still has a week.
NOWHERE = "UTC"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkShift:
    """A shift as it is shown; `length` is real time, `visits` how many treatments of hers begin in it."""

    id: UUID
    venue: str
    starts_at: datetime
    starts: str
    ends: str
    length: str
    visits: int
    team: str
    is_over: bool
    can_change: bool


@dataclass(frozen=True, slots=True)
class Away:
    """Blocked time or time off on one day. `id` is that of the time off, none for what the desk has blocked."""

    when: str
    word: str
    icon: str
    status: str
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class WeekDay:
    date: date
    name: str
    is_today: bool
    shifts: list[WorkShift]
    away: list[Away]


@dataclass(frozen=True, slots=True)
class Week:
    """`planned` and `off` are hours in words; `off` is empty when nothing of the planned time is off."""

    days: list[WeekDay]
    title: str
    is_this: bool
    previous: date | None
    next: date | None
    planned: str
    off: str
    coming: str
    coming_venue: str
    zone: str


def week_page(member: StaffMember, day: date | None, *, at: datetime) -> Week:
    """The week of a date, without one this week, by the clock of the member's first venue."""
    home = home_of(member)
    zone = home.timezone if home else NOWHERE
    days = week_of(day or local_date(at, zone))
    start, end = start_of_day(days[0], zone), start_of_day(days[-1] + _DAY, zone)
    shifts = shifts_of(member, days[0], days[-1])
    until = max([end, *(one.ends_at for one in shifts)])
    off = time_off_of(member, start, until, statuses=(REQUESTED, APPROVED))
    approved = [(one.starts_at, one.ends_at) for one in off if one.is_approved]
    previous, following = weeks_beside(days[0])
    coming = next_shift_of(member, at=at)
    read = _Read(
        shifts, team_of(member, shifts, at=at), visits_of(member, start, until), off, blocks_of(member, start, end),
        zone, len(member.venue_links) > 1, at,
    )  # fmt: skip
    planned, missing = hours_of(shifts, approved)
    return Week(
        days=[_day(read, one) for one in days],
        title=_title(days),
        is_this=today(zone) in days,
        previous=previous,
        next=following,
        planned=words.length(planned),
        off=words.length(missing) if missing else "",
        coming=_coming(coming) if coming else "",
        coming_venue=name_of(coming.venue) if coming and read.many_venues else "",
        zone=zone,
    )


def hours_of(shifts: Iterable[Shift], off: Iterable[tuple[datetime, datetime]]) -> tuple[timedelta, timedelta]:
    """How long the shifts are together, and how much of that is off. Shifts of one person do not overlap."""
    planned, missing = timedelta(), timedelta()
    away = _joined(off)
    for shift in shifts:
        planned += shift.length
        for start, end in away:
            missing += max(timedelta(), min(shift.ends_at, end) - max(shift.starts_at, start))
    return planned, missing


@dataclass(frozen=True, slots=True)
class _Read:
    shifts: Sequence[Shift]
    team: Mapping[tuple[int, date], list[Colleague]]
    visits: Sequence[When]
    off: Sequence[TimeOff]
    blocks: Sequence[Block]
    zone: str
    many_venues: bool
    at: datetime


def _day(read: _Read, day: date) -> WeekDay:
    start, end = start_of_day(day, read.zone), start_of_day(day + _DAY, read.zone)
    off = [(one.starts_at, _time_off(one, start, end, read.zone)) for one in read.off if _touches(one, start, end)]
    blocked = [(one.starts_at, _block(one, start, end, read.zone)) for one in read.blocks if _touches(one, start, end)]
    return WeekDay(
        date=day,
        name=day_name(day, today=today(read.zone)),
        is_today=day == today(read.zone),
        shifts=[_shift(read, one) for one in read.shifts if one.day == day],
        away=[shown for _begins, shown in sorted(off + blocked, key=lambda pair: pair[0])],
    )


def _touches(one: TimeOff | Block, start: datetime, end: datetime) -> bool:
    return one.starts_at < end and one.ends_at > start


def _shift(read: _Read, shift: Shift) -> WorkShift:
    zone = shift.venue.timezone
    begun = [one for one in read.visits if shift.venue_id == one.venue_id]
    return WorkShift(
        id=shift.uuid,
        venue=name_of(shift.venue) if read.many_venues else "",
        starts_at=shift.starts_at,
        starts=clock_time(shift.starts_at, zone),
        ends=clock_time(shift.ends_at, zone),
        length=words.length(shift.length),
        visits=sum(shift.starts_at <= one.starts_at < shift.ends_at for one in begun),
        team=_names(read.team.get((shift.venue_id, shift.day), [])),
        is_over=shift.ends_at <= read.at,
        can_change=shift.starts_at > read.at,
    )


def _time_off(off: TimeOff, start: datetime, end: datetime, zone: str) -> Away:
    when = _hours(off.starts_at, off.ends_at, start, end, zone)
    return Away(when, words.kind_word(off.kind), words.kind_icon(off.kind), off.status, off.uuid)


def _block(block: Block, start: datetime, end: datetime, zone: str) -> Away:
    when = _hours(block.starts_at, block.ends_at, start, end, zone)
    return Away(when, block_words.kind_word(block.kind), block_words.kind_icon(block.kind), "")


def _hours(starts_at: datetime, ends_at: datetime, start: datetime, end: datetime, zone: str) -> str:
    """The part of it that lies on the day; nothing for the whole of it."""
    if starts_at <= start and ends_at >= end:
        return ""
    until = clock_time(ends_at, zone) if ends_at < end else words.MIDNIGHT
    return f"{clock_time(max(starts_at, start), zone)}–{until}"


def _names(team: Sequence[Colleague]) -> str:
    """First names, in the order of the alphabet; whoever shares hers is told with the surname's initial."""
    known = Counter(one.first_name for one in team)
    told = (one.first_name if known[one.first_name] == 1 else f"{one.first_name} {one.last_name[:1]}." for one in team)
    return ", ".join(sorted(told, key=fold))


def _title(days: Sequence[date]) -> str:
    return f"{short_date(days[0])} – {short_date(days[-1])}"


def _coming(shift: Shift) -> str:
    zone = shift.venue.timezone
    day = day_name(shift.day, today=today(zone))
    return f"{day}, {clock_time(shift.starts_at, zone)}–{clock_time(shift.ends_at, zone)}"


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
