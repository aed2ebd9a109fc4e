"""Which treatment rooms are given to a booking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from portal.bookings.slots.facts import Busy, Hold, PendingNeed, Room, Stay
from portal.bookings.slots.intervals import Span
from portal.bookings.slots.layout import Layout, RoomPlan
from portal.bookings.slots.rooms import Rooms


class RoomPlanner:
    """The rooms of one venue with what they hold.

    A room serves one booking at a time whatever its capacity. A booking takes the smallest room that holds all
    its guests, else as few rooms as hold them together. Pending bookings keep their rooms unless that leaves
    none for a newcomer; one that the desk has put on top of another always keeps its own.
    """

    def __init__(self, rooms: Iterable[Room], busy: Iterable[Busy], pending: Iterable[PendingNeed]) -> None:
        self._rooms = Rooms(rooms, busy)
        self._pending = [need for need in pending if need.movable]
        self._layout: Layout | None = None

    @property
    def count(self) -> int:
        return len(self._rooms.all)

    def plan(self, stay: Stay) -> RoomPlan | None:
        """Rooms for a stay, None when there are none even if pending bookings move."""
        chosen = _choose(self._rooms.free(stay), stay.guests)
        if chosen:
            return RoomPlan(tuple(self._rooms.hold(room, stay) for room in chosen))
        return self._rearranged([stay])

    def squeeze(self, stay: Stay) -> list[tuple[Hold, bool]]:
        """Rooms for a stay whether they are free or not, each with whether it is taken; free ones come first."""
        free = self._rooms.free(stay)
        taken = [room for room in self._rooms.suitable(stay) if room not in free]
        chosen = _choose(free, stay.guests) or _choose([*free, *taken], stay.guests)
        return [(self._rooms.hold(room, stay), room in taken) for room in chosen]

    def most(self, stay: Stay, limit: int) -> int:
        """How often the stay can be had at once, at most `limit` times."""
        free, times = self._rooms.free(stay), 0
        while times < limit and (chosen := _choose(free, stay.guests)):
            free = [room for room in free if room not in chosen]
            times += 1
        while times < limit and self._rearranged([replace(stay, key=(number,)) for number in range(times + 1)]):
            times += 1
        return times

    def obstacle(self, stay: Stay) -> tuple[Span, int | None]:
        """What keeps a stay from having rooms, and in which room."""
        return self._rooms.obstacle(stay)

    def claims(self, room_id: int) -> Sequence[Busy]:
        """All that holds a room, turnover included."""
        return next((self._rooms.claims(room) for room in self._rooms.all if room.id == room_id), ())

    def _rearranged(self, newcomers: Sequence[Stay]) -> RoomPlan | None:
        if self._layout is None:
            self._layout = Layout(self._rooms, self._pending)
        return self._layout.place(newcomers)


def _choose(rooms: Sequence[Room], guests: int) -> list[Room]:
    """Of free rooms, smallest first: the smallest that holds all guests, else as few as possible; [] if too small."""
    rest, chosen = list(rooms), []
    while rest:
        room = next((room for room in rest if room.capacity >= guests), rest[-1])
        rest.remove(room)
        chosen.append(room)
        guests -= room.capacity
        if guests <= 0:
            return chosen
    return []
