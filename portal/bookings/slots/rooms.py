"""The treatment rooms of a venue and all that holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from portal.bookings.slots.facts import Busy, Hold, Room, Stay
from portal.bookings.slots.intervals import Span, Timeline


class Rooms:
    """Rooms, smallest first, with their claims and closures."""

    def __init__(self, rooms: Iterable[Room], busy: Iterable[Busy]) -> None:
        self.all = sorted(rooms, key=lambda room: (room.capacity, room.id))
        self._busy: dict[int, list[Busy]] = {}
        for claim in busy:
            self._busy.setdefault(claim.resource_id, []).append(claim)
        self._taken = {room.id: Timeline(map(span_of, self.claims(room))) for room in self.all}
        self._closures = {room.id: Timeline(room.closures) for room in self.all}
        self._of_type: dict[int | None, list[Room]] = {None: self.all}

    def free(self, stay: Stay) -> list[Room]:
        """The suitable rooms that nothing holds, smallest first."""
        return self.free_on(self._taken, stay)

    def free_on(self, lines: Mapping[int, Timeline], stay: Stay) -> list[Room]:
        """The suitable rooms that are open for a stay and free on these timelines (by room)."""
        return [
            room
            for room in self.suitable(stay)
            if lines[room.id].is_free(stay.start, self.claim_end(room, stay))
            and (not room.closures or self._closures[room.id].is_free(stay.start, stay.end))
        ]

    def obstacle(self, stay: Stay) -> tuple[Span, int | None]:
        """What is in the way: the claim or closure of a suitable room that ends first; the time itself if none is."""
        found = [
            (span.end, room.id, span)
            for room in self.suitable(stay)
            for span in self._taken[room.id].overlapping(stay.start, self.claim_end(room, stay))[-1:]
            + self._closures[room.id].overlapping(stay.start, stay.end)[-1:]
        ]
        if not found:
            return Span(stay.start, stay.end), None
        _, room_id, span = min(found)
        return span, room_id

    def suitable(self, stay: Stay) -> list[Room]:
        """The rooms of the type asked for, among those chosen, smallest first."""
        wanted = stay.room_type_id
        if wanted not in self._of_type:
            self._of_type[wanted] = [room for room in self.all if room.room_type_id == wanted]
        found = self._of_type[wanted]
        return found if stay.only is None else [room for room in found if room.id in stay.only]

    def hold(self, room: Room, stay: Stay) -> Hold:
        """What a stay claims of a room."""
        return Hold(room.id, stay.start, self.claim_end(room, stay))

    def claim_end(self, room: Room, stay: Stay) -> int:
        """Until when a stay claims a room: its turnover time ends where a closure begins."""
        if not room.closures:
            return stay.claim_end
        closures = self._closures[room.id].overlapping(stay.end, stay.claim_end)
        return max(closures[0].start, stay.end) if closures else stay.claim_end

    def claims(self, room: Room) -> Sequence[Busy]:
        """All that holds a room."""
        return self._busy.get(room.id, ())


def span_of(claim: Busy) -> Span:
    return Span(claim.start, claim.end)
