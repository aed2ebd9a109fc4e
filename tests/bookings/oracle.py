"""The slot rules once more, by brute force on quarter-hour ticks: slow, and with nothing in common with the product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from portal.bookings.availability import Busy, Grant, Need, PendingNeed, Room, Therapist, Work, epoch

TICK = 900
OPENS, CLOSES = 9, 13  # hours of the one day of these worlds
Ticks = frozenset[int]


@dataclass(frozen=True)
class World:
    """A venue (1) and its neighbour (2) with a few rooms, therapists and bookings; `midnight` in epoch seconds."""

    midnight: int
    rooms: tuple[Room, ...]
    therapists: tuple[Therapist, ...]
    room_busy: tuple[Busy, ...]
    therapist_busy: tuple[Busy, ...]
    pending: tuple[PendingNeed, ...]
    way: int = 0  # minutes between the venues


def ticks(start: int, end: int) -> Ticks:
    return frozenset(range(start // TICK, end // TICK))


def may_be_booked(world: World, need: Need, start: int) -> bool:
    """Hours, rooms and therapists by exhaustive trial (no notice, no blocks in these worlds)."""
    end = start + need.duration * 60
    opens, closes = world.midnight + OPENS * 3600, world.midnight + CLOSES * 3600
    work = Work(1, start, end, need.treatment_id, need.gender)
    return (
        opens <= start and end <= closes and _has_rooms(world, need, work) and _has_therapists(world, work, need.guests)
    )


def most_served(world: World) -> int:
    """The largest number of pending guests who can be given a therapist."""
    return _best(
        [(need.work, need.therapists_missing, pending_candidates(world, need)) for need in world.pending], world
    )


def booked(world: World, need: Need, grant: Grant, item: int) -> World:
    """The world after the grant was carried out: rooms claimed, others moved, one more pending booking."""
    start, end = epoch(grant.starts_at), epoch(grant.ends_at)
    kept = [busy for busy in world.room_busy if busy.item_id not in grant.moves]
    claims = {**grant.moves, item: grant.rooms}
    new = [
        Busy(claim.room_id, 1, epoch(claim.starts_at), epoch(claim.ends_at), holder)
        for holder, rooms in claims.items()
        for claim in rooms
    ]
    work = Work(1, start, end, need.treatment_id, need.gender)
    wish = PendingNeed(item, work, need.guests, need.guests, end + need.buffer * 60, need.room_type_id)
    return replace(world, room_busy=(*kept, *new), pending=(*world.pending, wish))


def clashes(world: World, holders: Iterable[int]) -> bool:
    """True when a room claim of one of the holders overlaps another claim, or one of them sits in a closed room."""
    mine = set(holders)
    for one, other in combinations(world.room_busy, 2):
        involved = one.resource_id == other.resource_id and {one.item_id, other.item_id} & mine
        if involved and ticks(one.start, one.end) & ticks(other.start, other.end):
            return True
    closed = {room.id: _closed(room) for room in world.rooms}
    return any(
        ticks(busy.start, busy.end) & closed[busy.resource_id] for busy in world.room_busy if busy.item_id in mine
    )


def pending_candidates(world: World, need: PendingNeed) -> set[int]:
    free = {t.id for t in world.therapists if _free(world, t, need.work)}
    willing = free - need.work.declined
    wished = {t.id for t in world.therapists if need.work.gender in (None, t.gender)} & willing
    return wished or willing or free


def _free(world: World, therapist: Therapist, work: Work) -> bool:
    if work.venue_id not in therapist.venue_ids:
        return False
    if therapist.treatment_ids and work.treatment_id is not None and work.treatment_id not in therapist.treatment_ids:
        return False
    present: set[int] = set()
    for shift in therapist.shifts:
        if shift.venue_id == work.venue_id:
            present |= ticks(shift.start, shift.end)
    for busy in world.therapist_busy:
        if busy.resource_id == therapist.id:
            way = world.way * 60 if busy.venue_id not in (None, work.venue_id) else 0
            present -= ticks(busy.start - way, busy.end + way)
    return ticks(work.start, work.end) <= present


def _has_therapists(world: World, work: Work, guests: int) -> bool:
    mine = {t.id for t in world.therapists if _free(world, t, work) and work.gender in (None, t.gender)}
    others = [(need.work, need.therapists_missing, pending_candidates(world, need)) for need in world.pending]
    before = _best(others, world)
    return any(
        _best(others, world, {(work, helper) for helper in chosen}) >= before for chosen in combinations(mine, guests)
    )


def _best(
    wishes: Sequence[tuple[Work, int, set[int]]], world: World, given: Iterable[tuple[Work, int]] = frozenset()
) -> int:
    """How many seats of the wishes can be served beside what is given away, trying every choice for each."""
    if not wishes:
        return 0
    (work, seats, candidates), *rest = wishes
    taken = {helper for other, helper in given if _too_near(other, work, world.way * 60)}
    best = 0
    for served in range(min(seats, len(candidates - taken)), -1, -1):
        for chosen in combinations(sorted(candidates - taken), served):
            best = max(best, served + _best(rest, world, {*given, *((work, helper) for helper in chosen)}))
    return best


def _too_near(one: Work, other: Work, way: int) -> bool:
    gap = 0 if one.venue_id == other.venue_id else way
    return bool(ticks(one.start - gap, one.end + gap) & ticks(other.start, other.end))


def _has_rooms(world: World, need: Need, work: Work) -> bool:
    """Every set of rooms for the newcomer, against every way in which the movable bookings could sit."""
    movable = [
        wish for wish in world.pending if wish.movable and wish.work.venue_id == 1 and _undisturbed(world, wish.item_id)
    ]
    lifted = {wish.item_id for wish in movable}
    fixed = {
        room.id: frozenset[int]().union(
            *(_held(world, room, busy) for busy in world.room_busy if busy.item_id not in lifted)
        )
        for room in world.rooms
    }
    new = PendingNeed(0, work, need.guests, need.guests, work.end + need.buffer * 60, need.room_type_id)
    around = [wish for wish in movable if _held_by(world, wish.item_id)]
    ways = [
        list(_seatings(world, new, fixed)),
        *([_held_by(world, wish.item_id), *_seatings(world, wish, fixed)] for wish in around),
    ]
    return any(_apart(seating) for seating in product(*ways))


def _seatings(world: World, wish: PendingNeed, fixed: dict[int, Ticks]) -> Iterator[dict[int, Ticks]]:
    rooms = [room for room in world.rooms if wish.room_type_id in (None, room.room_type_id)]
    claims = {room.id: _claim(room, wish) for room in rooms}
    usable = [
        r for r in rooms if not (ticks(wish.work.start, wish.work.end) & _closed(r)) and not claims[r.id] & fixed[r.id]
    ]
    for size in range(1, len(usable) + 1):
        for group in combinations(usable, size):
            if sum(room.capacity for room in group) >= wish.guests:
                yield {room.id: claims[room.id] for room in group}


def _apart(seating: Sequence[dict[int, Ticks]]) -> bool:
    used: dict[int, set[int]] = {}
    for claims in seating:
        for room, claim in claims.items():
            if used.setdefault(room, set()) & claim:
                return False
            used[room] |= claim
    return True


def _claim(room: Room, wish: PendingNeed) -> Ticks:
    """Treatment and turnover, the turnover only up to the next closure."""
    whole = sorted(ticks(wish.work.start, max(wish.room_end, wish.work.end)))
    closed = [tick for tick in whole if tick in _closed(room) and tick >= wish.work.end // TICK]
    return frozenset(tick for tick in whole if not closed or tick < closed[0])


def _closed(room: Room) -> Ticks:
    return frozenset[int]().union(*(ticks(span.start, span.end) for span in room.closures))


def _held(world: World, room: Room, busy: Busy) -> Ticks:
    return ticks(busy.start, busy.end) if busy.resource_id == room.id else frozenset()


def _held_by(world: World, item: int) -> dict[int, Ticks]:
    return {busy.resource_id: ticks(busy.start, busy.end) for busy in world.room_busy if busy.item_id == item}


def _undisturbed(world: World, item: int) -> bool:
    return not any(
        busy.resource_id in _held_by(world, item)
        and busy.item_id != item
        and ticks(busy.start, busy.end) & _held_by(world, item)[busy.resource_id]
        for busy in world.room_busy
    )
