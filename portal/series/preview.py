"""Each date of a series before it is saved: it can be had, or why not and what instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from portal.bookings.availability import Refusal, day_slots, decide, instant
from portal.bookings.refusals import cause_of
from portal.bookings.request import Request
from portal.bookings.slots.facts import Need
from portal.bookings.slots.queries import load_snapshot
from portal.bookings.slots.snapshot import Snapshot
from portal.clock import exists, local_date, local_instant, now
from portal.models import Variant, Venue
from portal.series.rules import Rule, listed
from portal.series.template import local_wall

# Occurrences are made so far ahead; the worker goes on from there.
AHEAD = relativedelta(months=3)
OK, CONFLICT, LATER, FIRST = "ok", "conflict", "later", "first"
NO_SUCH_TIME, NOT_OFFERED = "no_such_time", "not_offered"
MOST_ALTERNATIVES = 3
_DAY = timedelta(days=1)


class Against(NamedTuple):
    """What is in the way of a wish, as an `Occurrence` tells it."""

    reason: str
    interval: tuple[datetime, datetime]
    cause: str | None = None
    subject: int | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series: `state` is ok, conflict, later (not looked at yet) or first (it is there already).

    `starts_at` is None in the spring gap; `reason`, the `interval` responsible, who or what it is (`cause` of the
    person or room `subject`) and the nearest `alternatives` of that day belong to a conflict.
    """

    date: date
    wall: datetime
    starts_at: datetime | None
    state: str = OK
    reason: str | None = None
    interval: tuple[datetime, datetime] | None = None
    cause: str | None = None
    subject: int | None = None
    alternatives: tuple[datetime, ...] = ()

    @property
    def is_conflict(self) -> bool:
        return self.state == CONFLICT


def preview_series(venue: Venue, *, wish: Request, rule: Rule, made: bool = False) -> list[Occurrence]:
    """At most 104 dates within 24 months, of which those of the next 3 months are decided by the desk's rules.

    All are decided on one snapshot: two dates of a series are never at the same time, so that none of them takes what
    another one needs. With `made` the wish's own time is the first occurrence, which exists already. Raises
    InvalidRule.
    """
    first = local_wall(wish.starts_at, venue)
    rule.check(first)
    walls = listed(rule, first)
    horizon = horizon_of(venue, first.date())
    near = [wall for wall in walls if wall.date() <= horizon]
    found = look(venue, wish, near[1:] if made else near)
    later = [
        Occurrence(wall.date(), wall, local_instant(wall, venue.timezone), LATER) for wall in walls if wall not in near
    ]
    start = [Occurrence(first.date(), first, wish.starts_at, FIRST)] if made else []
    return [*start, *found, *later]


def look(venue: Venue, wish: Request, walls: Sequence[datetime], *, dates: Sequence[date] = ()) -> list[Occurrence]:
    """Whether the wish can be had at each of these local times; `dates` are their own unless given."""
    if not walls:
        return []
    days = [wall.date() for wall in walls]
    snapshot = load_snapshot(venue, first=min(days), last=max(days) + _DAY)
    at = now()
    return [_occurrence(venue, snapshot, wish, wall, day, at) for wall, day in zip(walls, dates or days, strict=True)]


def horizon_of(venue: Venue, first: date | None = None) -> date:
    """The last local date for which occurrences are made today; a series that begins later has its first one."""
    usual: date = venue.today() + AHEAD
    return usual if first is None else max(usual, first)


def _occurrence(venue: Venue, snapshot: Snapshot, wish: Request, wall: datetime, day: date, at: datetime) -> Occurrence:
    if not exists(wall, venue.timezone):
        near = _alternatives(venue, snapshot, wish, local_instant(wall, venue.timezone), at)
        return Occurrence(day, wall, None, CONFLICT, NO_SUCH_TIME, alternatives=near)
    starts_at = local_instant(wall, venue.timezone)
    against = refused(venue, snapshot, wish, starts_at, at)
    if against is None:
        return Occurrence(day, wall, starts_at)
    near = _alternatives(venue, snapshot, wish, starts_at, at)
    return Occurrence(day, wall, starts_at, CONFLICT, *against, alternatives=near)


def refused(venue: Venue, snapshot: Snapshot, wish: Request, starts_at: datetime, at: datetime) -> Against | None:
    """Why the wish cannot be had at that instant: the first of its treatments that has no place."""
    for variant in (wish.variant, *wish.then):
        need = _need(venue, wish, variant)
        answer = decide(snapshot, need, starts_at, at, desk=True)
        if isinstance(answer, Refusal):
            return _against(snapshot, need, starts_at, answer)
        starts_at += variant.length
    return None


def _against(snapshot: Snapshot, need: Need, starts_at: datetime, refusal: Refusal) -> Against:
    if cause := cause_of(snapshot, need, starts_at, refusal):
        interval = (instant(cause.span.start), instant(cause.span.end))
        return Against(str(refusal.reason), interval, cause.kind, cause.resource_id)
    return Against(str(refusal.reason), (refusal.starts_at, refusal.ends_at), subject=refusal.subject)


def _alternatives(
    venue: Venue, snapshot: Snapshot, wish: Request, near: datetime, at: datetime
) -> tuple[datetime, ...]:
    """The nearest starts of the same local day, in order of time."""
    day = local_date(near, venue.timezone)
    slots = day_slots(snapshot, _need(venue, wish, wish.variant), day, at, desk=True)
    starts = sorted((slot.starts_at for slot in slots), key=lambda start: (abs(start - near), start))
    possible = [start for start in starts if not wish.then or refused(venue, snapshot, wish, start, at) is None]
    return tuple(sorted(possible[:MOST_ALTERNATIVES]))


def _need(venue: Venue, wish: Request, variant: Variant) -> Need:
    need = wish.need(venue, variant)
    return need if variant is wish.variant else replace(need, rooms=None)
