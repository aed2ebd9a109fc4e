"""How well a treatment sits between its neighbours: a gap too short for any treatment is lost time."""

from __future__ import annotations

from portal.bookings.slots.facts import Hold, Work
from portal.bookings.slots.intervals import Span, Timeline, joined
from portal.bookings.slots.rooms import span_of
from portal.bookings.slots.snapshot import Snapshot


class Gaps:
    """Counts the gaps that a treatment would leave beside it, in one snapshot; `shortest` in minutes."""

    def __init__(self, snapshot: Snapshot, shortest: int) -> None:
        self._snapshot, self._shortest = snapshot, shortest * 60
        self._people: dict[int, tuple[Timeline, Timeline]] = {}
        self._rooms: dict[int, Timeline] = {}

    def of_person(self, person: int, work: Work) -> int:
        """0 to 2, between the ends of her shift and her other work."""
        if person not in self._people:
            therapist, claims = self._snapshot.team[person], self._snapshot.roster.claims(person)
            planned = joined(Span(one.start, one.end) for one in therapist.shifts if one.venue_id == work.venue_id)
            self._people[person] = Timeline(planned), Timeline(Span(one.start, one.end) for one in claims)
        shifts, busy = self._people[person]
        shift = shifts.overlapping(work.start, work.end)
        return self._beside(shift[0], busy, work.start, work.end) if shift else 2

    def of_room(self, hold: Hold) -> int:
        """0 to 2, between the opening hours and the room's other claims; `hold` includes its turnover."""
        if hold.room_id not in self._rooms:
            self._rooms[hold.room_id] = Timeline(map(span_of, self._snapshot.rooms.claims(hold.room_id)))
        day = self._snapshot.days[self._snapshot.days.date_of(hold.start)]
        hours = day.hours_for(hold.start, hold.start + 1)
        if hours is None:
            return 2
        closes = max(hours.extended.end, hold.end)
        return self._beside(Span(hours.regular.start, closes), self._rooms[hold.room_id], hold.start, hold.end)

    def _beside(self, open_: Span, busy: Timeline, start: int, end: int) -> int:
        before = max((span.end for span in busy.overlapping(open_.start, start)), default=open_.start)
        after = min((span.start for span in busy.overlapping(end, open_.end)), default=open_.end)
        return sum(0 < gap < self._shortest for gap in (start - before, after - end))
