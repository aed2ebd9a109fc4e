"""Which pending bookings may change rooms to make place for a newcomer."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from typing import NamedTuple

from portal.bookings.slots.facts import Hold, PendingNeed, Room, Stay
from portal.bookings.slots.intervals import Span, Timeline
from portal.bookings.slots.matching import unserved_seats
from portal.bookings.slots.rooms import Rooms, span_of

# Sets of rooms tried for one booking and changes tried in one rearrangement: beyond that the answer is "no room".
OPTIONS_CONSIDERED = 300
REARRANGEMENT_BUDGET = 150


Placed = dict[Hashable, tuple[Stay, tuple[Hold, ...]]]


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """The rooms for a booking, and the new rooms of the pending bookings (by item) that make place for it."""

    rooms: tuple[Hold, ...]
    moves: dict[int, tuple[Hold, ...]] = field(default_factory=dict)


class _Wish(NamedTuple):
    """How many rooms a stay needs at least, which ones come into question (as bits), and its guests."""

    fewest: int
    rooms: int
    guests: int


class Layout:
    """The rooms with their pending bookings lifted off, to be put down again in another order."""

    def __init__(self, rooms: Rooms, pending: Iterable[PendingNeed]) -> None:
        self._rooms = rooms
        self._bits = {room.id: 1 << index for index, room in enumerate(rooms.all)}
        self._closing = any(room.closures for room in rooms.all)
        self._capacities = {room.id: room.capacity for room in rooms.all}
        self._stays, self._held = self._movable(pending)
        self._fixed = {
            room.id: Timeline(span_of(claim) for claim in rooms.claims(room) if claim.item_id not in self._stays)
            for room in rooms.all
        }
        self._holders: dict[int, dict[Span, Stay]] = {room.id: {} for room in rooms.all}
        for item_id, stay in self._stays.items():
            for hold in self._held[item_id]:
                self._holders[hold.room_id][Span(hold.start, hold.end)] = stay
        self._movable_lines = {room_id: Timeline(held) for room_id, held in self._holders.items()}
        self._wishes: dict[Hashable, _Wish] = {}
        self._options_of: dict[Hashable, list[tuple[Hold, ...]]] = {}
        self._budget = 0

    def place(self, newcomers: Sequence[Stay]) -> RoomPlan | None:
        """Rooms for all newcomers (which want the same time), those of the first in the plan; None if impossible."""
        if not self._options(newcomers[0]) or self._crowded(newcomers):
            return None
        self._budget = REARRANGEMENT_BUDGET
        placed = self._search(list(newcomers), {})
        if placed is None:
            return None
        moves = {
            item_id: placed[item_id][1]
            for item_id, held in self._held.items()
            if item_id in placed and {hold.room_id for hold in held} != {hold.room_id for hold in placed[item_id][1]}
        }
        return RoomPlan(placed[newcomers[0].key][1], moves)

    def _movable(self, pending: Iterable[PendingNeed]) -> tuple[dict[int, Stay], dict[int, tuple[Hold, ...]]]:
        stays = {need.item_id: _stay(need) for need in pending}
        held: dict[int, list[Hold]] = {}
        for room in self._rooms.all:
            claims = self._rooms.claims(room)
            line = Timeline(map(span_of, claims))
            for claim in claims:
                if claim.item_id is not None and claim.item_id in stays:
                    held.setdefault(claim.item_id, []).append(Hold(room.id, claim.start, claim.end))
                    if len(line.overlapping(claim.start, claim.end)) > 1:
                        del stays[claim.item_id]
        movable = {item_id: stay for item_id, stay in stays.items() if item_id in held}
        return movable, {item_id: tuple(held[item_id]) for item_id in movable}

    def _crowded(self, newcomers: Sequence[Stay]) -> bool:
        """A quick proof that there is no place: at some moment more bookings than rooms, or more guests than places."""
        stay = newcomers[0]
        around = self._around(stay)
        for moment in {stay.start, *(other.start for other in around if stay.start < other.start < stay.claim_end)}:
            present = [other for other in around if other.start <= moment < self._surely_until(other)]
            if moment < self._surely_until(stay) and self._too_many([*newcomers, *present]):
                return True
        return False

    def _too_many(self, stays: Iterable[Stay]) -> bool:
        wishes = [self._wish(stay) for stay in stays]
        rooms = 0
        for wish in wishes:
            rooms |= wish.rooms
        places = sum(self._capacities[room_id] for room_id, bit in self._bits.items() if rooms & bit)
        return sum(wish.guests for wish in wishes) > places or bool(
            unserved_seats([(wish.fewest, wish.rooms) for wish in wishes])
        )

    def _wish(self, stay: Stay) -> _Wish:
        """The least that a stay needs; a movable booking may also stay where it is, however that came about."""
        if stay.key in self._wishes:
            return self._wishes[stay.key]
        options = [{hold.room_id for hold in holds} for holds in self._options(stay)]
        guests = stay.guests
        if stay.key in self._stays:
            held = {hold.room_id for hold in self._held[stay.key]}
            options.append(held)
            guests = min(guests, sum(self._capacities[room_id] for room_id in held))
        rooms = sum(self._bits[room_id] for room_id in set().union(*options))
        wish = _Wish(min(map(len, options)), rooms, guests)
        if stay.key in self._stays:
            self._wishes[stay.key] = wish
        return wish

    def _surely_until(self, stay: Stay) -> int:
        """Until when a stay keeps its rooms whichever they are: closures may cut the turnover time short."""
        if not self._closing:
            return stay.claim_end
        return min((self._rooms.claim_end(room, stay) for room in self._rooms.suitable(stay)), default=stay.end)

    def _around(self, stay: Stay) -> list[Stay]:
        found: dict[Hashable, Stay] = {}
        for room_id, line in self._movable_lines.items():
            for span in line.overlapping(stay.start, stay.claim_end):
                other = self._holders[room_id][span]
                found[other.key] = other
        return list(found.values())

    def _search(self, waiting: list[Stay], placed: Placed) -> Placed | None:
        """Give rooms to whoever has the least choice, send those who had them to the queue, until it is empty."""
        if not waiting:
            return placed
        taken: dict[int, list[Hold]] = {}
        for _, holds in placed.values():
            for hold in holds:
                taken.setdefault(hold.room_id, []).append(hold)
        open_to = {stay.key: [holds for holds in self._options(stay) if _apart(holds, taken)] for stay in waiting}
        stay = min(waiting, key=lambda stay: len(open_to[stay.key]))
        rest = [other for other in waiting if other is not stay]
        choices = [(holds, self._displaced(holds, stay, placed, rest)) for holds in open_to[stay.key]]
        for holds, displaced in sorted(choices, key=lambda choice: (len(choice[1]), len(choice[0]))):
            self._budget -= 1
            if self._budget < 0:
                return None
            if found := self._search(rest + displaced, {**placed, stay.key: (stay, holds)}):
                return found
        return None

    def _displaced(self, holds: Iterable[Hold], stay: Stay, placed: Placed, waiting: Sequence[Stay]) -> list[Stay]:
        """The bookings that would lose a room to these holds."""
        losers: dict[Hashable, Stay] = {}
        for hold in holds:
            for span in self._movable_lines[hold.room_id].overlapping(hold.start, hold.end):
                other = self._holders[hold.room_id][span]
                if other.key != stay.key and other.key not in placed and other not in waiting:
                    losers[other.key] = other
        return list(losers.values())

    def _options(self, stay: Stay) -> Sequence[tuple[Hold, ...]]:
        """The sets of rooms that could hold a stay if all movable bookings made way."""
        if stay.key not in self._options_of:
            groups = islice(_groups(self._possible(stay), stay.guests), OPTIONS_CONSIDERED)
            holds = [tuple(self._rooms.hold(room, stay) for room in group) for group in groups]
            if stay.key not in self._stays:
                return holds
            self._options_of[stay.key] = holds
        return self._options_of[stay.key]

    def _possible(self, stay: Stay) -> list[Room]:
        """Suitable rooms that nothing immovable holds."""
        return self._rooms.free_on(self._fixed, stay)


def _groups(rooms: Sequence[Room], guests: int) -> Iterator[tuple[Room, ...]]:
    """All sets of rooms that hold the guests and from which none can be left out, fewest rooms first."""
    if guests == 1:
        yield from ((room,) for room in rooms)
        return
    for size in range(1, min(len(rooms), guests) + 1):
        for group in combinations(rooms, size):
            total = sum(room.capacity for room in group)
            if guests <= total < guests + min(room.capacity for room in group):
                yield group


def _apart(holds: Iterable[Hold], taken: Mapping[int, Iterable[Hold]]) -> bool:
    """True when none of the holds overlaps what is taken of the same room."""
    return not any(
        hold.start < other.end and other.start < hold.end for hold in holds for other in taken.get(hold.room_id, ())
    )


def _stay(need: PendingNeed) -> Stay:
    end = need.work.end
    return Stay(need.item_id, need.work.start, end, max(end, need.room_end), need.guests, need.room_type_id)
