"""At which other times a therapist could serve what she is asked for: near the first, without useless gaps. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal.bookings.desk.gaps import Gaps
from portal.bookings.slots.facts import Hold, Need, Work
from portal.bookings.slots.intervals import epoch, instant
from portal.bookings.slots.request import Request
from portal.bookings.slots.snapshot import Snapshot

MOST = 3
# So many days are looked at, from the day that was asked for on.
DAYS = 4
# A start that leaves a gap in which no treatment fits is as good as one that is so much farther away.
GAP_COSTS = 3600
# Times nearer to each other than that are no choice.
APART = 1800


@dataclass(frozen=True, slots=True)
class Part:
    """A treatment of the visit: what it needs, its therapists among it, and how many seconds after the one in question
    it begins. The visit moves as a whole.
    """

    need: Need
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Time:
    """When it could be, and in which room (its key)."""

    starts_at: datetime
    ends_at: datetime
    room_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What `person` is asked to do at `near`; `parts` are the treatments of the visit, the one in question first.

    `late` allows times outside the opening hours, because it is outside them already; `shortest` is the length of the
    venue's shortest treatment in minutes.
    """

    person: int
    near: datetime
    parts: Sequence[Part]
    shortest: int
    late: bool = False


def nearest_times(
    snapshot: Snapshot, asked: Question, *, now: datetime, but: Iterable[datetime] = (), limit: int = MOST
) -> list[Time]:
    """Up to `limit` starts of the venue's grid, in order of time: those of the same day, then those of the next days.

    Every rule of the venue holds, its notice too: a room is free, and she is qualified, on shift, free and promised to
    nobody else. `but` are starts that are out of the question.
    """
    out_of_question = {epoch(asked.near), *(epoch(one) for one in but)}
    chosen: list[Time] = []
    first = snapshot.days.date_of(epoch(asked.near))
    for offset in range((snapshot.last_day - first).days + 1):
        day, target = first + timedelta(days=offset), epoch(asked.near) + offset * 86400
        chosen += cheapest(_possible(snapshot, asked, day, target, now, out_of_question), limit - len(chosen))
        if len(chosen) >= limit:
            break
    return sorted(chosen, key=lambda time: time.starts_at)


def time_at(snapshot: Snapshot, asked: Question, starts_at: datetime, *, now: datetime) -> Time | None:
    """The time at that very start, None when it cannot be had."""
    start = epoch(starts_at)
    day = snapshot.days.date_of(start)
    if not snapshot.first_day <= day <= snapshot.last_day or starts_at == asked.near or starts_at.microsecond:
        return None
    requests = _requests(snapshot, asked, now)
    return _time(requests, asked, start) if start in requests[0].starts(day) else None


@dataclass(frozen=True, slots=True, order=True)
class Ranked:
    """A time that can be had. `cost` are seconds: how far it is from the target, and its useless gaps on top."""

    cost: int
    start: int
    time: Time = field(compare=False)


def cheapest(found: Iterable[tuple[int, Ranked | None]], limit: int) -> list[Time]:
    """The `limit` cheapest that are a real choice, near copies where there are not so many.

    They come with their distance, which grows, and none costs less than that: as soon as it exceeds what the dearest
    choice costs, nothing better can come, and the many starts that are farther away need no look.
    """
    ranked: list[Ranked] = []
    for distance, one in found:
        apart = _apart(sorted(ranked), limit)
        if len(apart) == limit and distance > apart[-1].cost:
            return [choice.time for choice in apart]
        if one is not None:
            ranked.append(one)
    chosen = _apart(sorted(ranked), limit)
    return [one.time for one in (chosen + [one for one in sorted(ranked) if one not in chosen])[:limit]]


def _possible(
    snapshot: Snapshot, asked: Question, day: date, target: int, now: datetime, but: Collection[int]
) -> Iterator[tuple[int, Ranked | None]]:
    """Each start of a day, the nearest to the target first, with its distance and, if it can be had, what it costs."""
    requests, gaps = _requests(snapshot, asked, now), Gaps(snapshot, asked.shortest)
    need = asked.parts[0].need
    starts = [start for start in requests[0].starts(day) if start not in but]
    for start in sorted(starts, key=lambda start: abs(start - target)):
        distance, time = abs(start - target), _time(requests, asked, start)
        if time is None:
            yield distance, None
            continue
        work = Work(snapshot.venue_id, start, start + need.duration * 60, need.treatment_id)
        lost = gaps.of_person(asked.person, work)
        if time.room_id is not None:
            lost += gaps.of_room(Hold(time.room_id, start, work.end + need.buffer * 60))
        yield distance, Ranked(distance + lost * GAP_COSTS, start, time)


def _requests(snapshot: Snapshot, asked: Question, now: datetime) -> list[Request]:
    return [Request(snapshot, part.need, now) for part in asked.parts]


def _time(requests: Sequence[Request], asked: Question, start: int) -> Time | None:
    """The place of the treatment at that start, if the rest of the visit has one too."""
    places = [request.place(start + part.offset) for request, part in zip(requests, asked.parts, strict=True)]
    if any(place is None or (place.out_of_hours and not asked.late) for place in places):
        return None
    rooms = places[0].rooms.rooms if places[0] and places[0].rooms else ()
    return Time(instant(start), instant(start + requests[0].duration), rooms[0].room_id if rooms else None)


def _apart(ranked: Iterable[Ranked], limit: int) -> list[Ranked]:
    """The first of these that are a real choice."""
    chosen: list[Ranked] = []
    for one in ranked:
        if len(chosen) < limit and all(abs(one.start - other.start) >= APART for other in chosen):
            chosen.append(one)
    return chosen
