"""Who else could give a visit, and when: each way with what it costs the guest and the team."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime

from portal.absences.rehome.facts import Away, Visit
from portal.absences.rehome.puzzle import Choice, Wish
from portal.bookings.slots.facts import PendingNeed, Work
from portal.bookings.slots.intervals import epoch
from portal.bookings.slots.request import Request
from portal.bookings.slots.snapshot import Snapshot

# A guest who is left without anybody is worse than any number of guests at another time, and that is worse than any
# choice of therapist or room. To lose a wish is hardly better than to be left: done when it costs nobody anything.
LEFT, MOVED, MINUTE, OTHER_ROOM = 1_000_000, 1_000, 10, 100
# Somebody who waits for a therapist already was promised one.
PROMISED = 10 * LEFT
# How far from its time a visit may be put, in what steps, and with how many people at each.
REACH, STEP, PEOPLE = 7200, 900, 2
REQUESTED, GENDER = "requested", "gender"
_OTHER_THAN_ASKED = 60


def same_time(snapshot: Snapshot, visit: Visit, away: Collection[Away]) -> list[Choice]:
    """Everybody else who is qualified, on shift and free, at the same time in the same room; the best first."""
    work = visit.work
    found = [
        _staying(snapshot, visit, person)
        for person in snapshot.roster.eligible(work)
        if person not in visit.serving and person != visit.leaving and not _is_away(person, work.start, work.end, away)
    ]
    return sorted(found, key=lambda one: (one.cost, one.person))


def other_times(snapshot: Snapshot, visit: Visit, away: Collection[Away], *, now: datetime) -> list[Choice]:
    """Times near its own on the same day, in its room where that is free; `snapshot` is without the visit.

    Nobody whom the guest did not wish for; who is away may give it before or after.
    """
    if not visit.may_move:
        return []
    start, today = epoch(visit.starts_at), snapshot.days.date_of(epoch(visit.starts_at))
    offsets = sorted((step * sign for step in range(STEP, REACH + 1, STEP) for sign in (1, -1)), key=abs)
    starts = [start + offset for offset in offsets if snapshot.days.date_of(start + offset) == today]
    return [one for begins in starts for one in _at(snapshot, visit, begins, away, now)]


def wish_of(visit: Visit, choices: Collection[Choice]) -> Wish:
    """The visit's part in the puzzle."""
    return Wish(epoch(visit.starts_at), epoch(visit.ends_at), tuple(choices), LEFT * visit.guests)


def promises(snapshot: Snapshot, away: Collection[Away], within: Callable[[int, int], bool]) -> list[Wish]:
    """The seats of bookings that wait for therapists at such times: whoever is needed for them is not free."""
    return [
        _promise(snapshot, need, away)
        for need in snapshot.pending.values()
        if within(need.work.start, need.work.end)
        for _seat in range(need.therapists_missing)
    ]


def _staying(snapshot: Snapshot, visit: Visit, person: int) -> Choice:
    breaks = _breaks(snapshot, visit, person)
    cost = LEFT * visit.guests - MOVED if breaks else 0
    work = visit.work
    return Choice(cost + _cost_of(snapshot, visit, person), person, work.venue_id, work.start, work.end, (), breaks)


def _at(snapshot: Snapshot, visit: Visit, start: int, away: Collection[Away], now: datetime) -> Iterator[Choice]:
    work = replace(visit.work, start=start, end=start + visit.need.duration * 60)
    able = [
        person
        for person in snapshot.roster.eligible(work)
        if not _is_away(person, work.start, work.end, away) and not _breaks(snapshot, visit, person)
    ]
    able.sort(key=lambda person: (_cost_of(snapshot, visit, person), person))
    for person in able[:PEOPLE]:
        if one := _placed(snapshot, visit, work, person, now):
            yield one


def _placed(snapshot: Snapshot, visit: Visit, work: Work, person: int, now: datetime) -> Choice | None:
    """In its own rooms, else in others; nobody who waits is put into another room for it."""
    need = replace(visit.need, therapists=frozenset({person}))
    distance = abs(work.start - epoch(visit.starts_at)) // 60
    for rooms, extra in ((visit.rooms, 0), (None, OTHER_ROOM)):
        place = Request(snapshot, replace(need, rooms=rooms), now, desk=True).place(work.start)
        if place is not None and place.rooms is not None and not place.rooms.moves:
            cost = MOVED + distance * MINUTE + extra + _cost_of(snapshot, visit, person)
            return Choice(cost, person, work.venue_id, work.start, work.end, place.rooms.rooms)
    return None


def _promise(snapshot: Snapshot, need: PendingNeed, away: Collection[Away]) -> Wish:
    work, left = need.work, snapshot.roster.remaining(need.work)
    able = [person for index, person in enumerate(snapshot.team) if left >> index & 1]
    choices = tuple(
        Choice(0, person, work.venue_id, work.start, work.end)
        for person in able
        if not _is_away(person, work.start, work.end, away)
    )
    return Wish(work.start, work.end, choices, PROMISED)


def _breaks(snapshot: Snapshot, visit: Visit, person: int) -> str:
    """The guest's wish that this person cannot keep."""
    if visit.requested is not None and visit.requested == visit.leaving != person:
        return REQUESTED
    return GENDER if visit.need.gender not in {None, snapshot.team[person].gender} else ""


def _cost_of(snapshot: Snapshot, visit: Visit, person: int) -> int:
    """Below 100: whom the guest asked for, then the better rank, then who has the least to do that day."""
    day = snapshot.days[snapshot.days.date_of(epoch(visit.starts_at))].span
    busy = sum(
        one.item_id is not None and one.start < day.end and day.start < one.end
        for one in snapshot.roster.claims(person)
    )
    rank = snapshot.team[person].ranks.get(visit.venue_id, 9)
    other = visit.requested not in {None, visit.leaving, person}
    return min(rank, 3) * 10 + min(busy, 9) + _OTHER_THAN_ASKED * other


def _is_away(person: int, start: int, end: int, away: Collection[Away]) -> bool:
    return any(who == person and epoch(first) < end and start < epoch(last) for who, first, last in away)
