"""The best times for a wish: those that lose nobody's time, then the soonest. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations, islice

from portal.bookings.desk.gaps import Gaps
from portal.bookings.slots.facts import Need, Work
from portal.bookings.slots.intervals import instant
from portal.bookings.slots.request import Request
from portal.bookings.slots.snapshot import Snapshot
from portal.bookings.slots.walltime import local

STEP = 300
BEST = 5
# Groups of therapists that are tried for one start.
_GROUPS = 8
# So many perfect starts are looked at for each that is wanted: several of them may be near copies of one.
_NEAR_COPIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """When it should be: local dates from `first` to `last` inclusive, start times from `after` until before `before`.

    Weekdays are 0 = Sunday … 6 = Saturday, None = every day.
    """

    first: date
    last: date
    after: time | None = None
    before: time | None = None
    weekday: int | None = None

    def includes(self, day: date, clock: time) -> bool:
        """Whether a local start is among them."""
        return (
            self.first <= day <= self.last
            and (self.weekday is None or day.isoweekday() % 7 == self.weekday)
            and (self.after is None or self.after <= clock)
            and (self.before is None or clock < self.before)
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A time that can be had: who treats, in which rooms (their keys), and how many useless gaps it leaves."""

    starts_at: datetime
    ends_at: datetime
    people: tuple[int, ...]
    rooms: tuple[int, ...]
    wasted: int
    out_of_hours: bool


def best_slots(
    snapshot: Snapshot, need: Need, wanted: Wanted, *, now: datetime, shortest: int, limit: int = BEST
) -> list[Found]:
    """The best starts on the venue's grid, and off it where they touch other work; in order of time.

    A start that leaves no gap shorter than the `shortest` treatment (minutes) is better than a sooner one that does.
    """
    request, gaps = Request(snapshot, need, now, desk=True), Gaps(snapshot, shortest)
    found: list[Found] = []
    perfect = 0
    for start in _candidates(request, wanted):
        slot = place_at(request, gaps, start, now=now)
        if slot is not None:
            found.append(slot)
            perfect += slot.wasted == 0
        if perfect == limit * _NEAR_COPIES:
            break  # whatever comes later is no better
    best = _apart(sorted(found, key=lambda slot: (slot.wasted, slot.starts_at)), limit)
    return sorted(best, key=lambda slot: slot.starts_at)


def _apart(ranked: Sequence[Found], limit: int) -> list[Found]:
    """The first of these that are a real choice: another person, or a time that does not overlap one that is listed.

    Near copies fill what is left.
    """
    chosen: list[Found] = []
    for slot in ranked:
        if not any(slot.people == one.people and _overlap(slot, one) for one in chosen):
            chosen.append(slot)
    return (chosen + [slot for slot in ranked if slot not in chosen])[:limit]


def _overlap(slot: Found, other: Found) -> bool:
    return slot.starts_at < other.ends_at and other.starts_at < slot.ends_at


def soonest(
    snapshot: Snapshot, need: Need, *, now: datetime, not_before: datetime, until: datetime, shortest: int
) -> Found | None:
    """The first start, in steps of five minutes, at which it can be had; None when there is none until then."""
    request, gaps = Request(snapshot, need, now, desk=True), Gaps(snapshot, shortest)
    start = max(request.earliest, int(not_before.timestamp()))
    starts = range(start + -start % STEP, int(until.timestamp()), STEP)
    return next((slot for start in starts if (slot := place_at(request, gaps, start, now=now))), None)


def place_at(request: Request, gaps: Gaps, start: int, *, now: datetime) -> Found | None:
    """Who would treat at that start (epoch seconds) and in which rooms, losing least time; None when it is refused."""
    for people in islice(_groups(request, gaps, start), _GROUPS):
        asked = Request(request.snapshot, replace(request.need, therapists=frozenset(people)), now, desk=request.desk)
        place = asked.place(start)
        if place is not None and place.rooms is not None:
            work = _work(request, start)
            wasted = sum(gaps.of_person(one, work) for one in people) + sum(map(gaps.of_room, place.rooms.rooms))
            rooms = tuple(hold.room_id for hold in place.rooms.rooms)
            ends_at = instant(start + request.duration)
            return Found(instant(start), ends_at, people, rooms, wasted, place.out_of_hours)
    return None


def _groups(request: Request, gaps: Gaps, start: int) -> Iterator[tuple[int, ...]]:
    """Those who could treat at that start, those first who lose least time by it, then the better rank."""
    snapshot, need, work = request.snapshot, request.need, _work(request, start)
    able = [
        person
        for person in snapshot.roster.eligible(work)
        if need.gender is None or snapshot.team[person].gender == need.gender or person in need.therapists
    ]
    able.sort(key=lambda person: (gaps.of_person(person, work), snapshot.team[person].ranks[work.venue_id], person))
    return (group for group in combinations(able, need.guests) if need.therapists <= set(group))


def _candidates(request: Request, wanted: Wanted) -> Iterator[int]:
    """Starts of the grid and those that touch what is booked, by time."""
    snapshot, zone = request.snapshot, request.snapshot.days.zone
    touching = sorted(set(_touching(request)))
    for offset in range((wanted.last - wanted.first).days + 1):
        day = wanted.first + timedelta(days=offset)
        grid = request.starts(day)
        span = snapshot.days[day].span
        beside = [start for start in touching if span.start <= start < span.end] if grid else []
        for start in sorted({*grid, *beside}):
            wall = local(start, zone)
            if start >= request.earliest and wanted.includes(wall.date(), wall.time()):
                yield start


def _touching(request: Request) -> Iterable[int]:
    """Starts right after other work of those who could do it, and those that end where other work begins."""
    for person in request.snapshot.team:
        for claim in request.snapshot.roster.claims(person):
            for start in (claim.end, claim.start - request.duration):
                if start % STEP == 0:
                    yield start


def _work(request: Request, start: int) -> Work:
    need = request.need
    return Work(request.snapshot.venue_id, start, start + request.duration, need.treatment_id, need.gender)
