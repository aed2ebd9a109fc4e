"""Makes the columns and cards of one axis from a day's facts, in the frame that is given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from portal.agenda.facts import ELSEWHERE, PROPOSED, SOFT, DayFacts, Hold, Label, Person, Room, Visit
from portal.agenda.frame import Frame, Stretch
from portal.agenda.lanes import Lane, side_by_side
from portal.agenda.look import ROOM, THERAPIST
from portal.agenda.pieces import Blocked, Card, Column, Empty, Ghost, Line, Typing
from portal.bookings.slots.intervals import Span, Timeline, joined
from portal.models.booking_states import CANCELLED, NOSHOW


class Maker:
    """A duo stands in each of its columns; nothing is ever left out."""

    def __init__(self, facts: DayFacts, frame: Frame, by: str) -> None:
        self.facts, self.frame, self.by = facts, frame, by
        self.visits = sorted((visit for visit in facts.visits if frame.place(visit.span)), key=_order)
        self.held = _held(facts.holds, self.visits)
        self.closed = frame.gaps(facts.hours)
        self.people: Mapping[int, Person | Room] = {person.resource_id: person for person in facts.people}
        self.rooms: Mapping[int, Person | Room] = {room.resource_id: room for room in facts.rooms}
        self.mine, self.others = (self.people, self.rooms) if by == THERAPIST else (self.rooms, self.people)
        self.holds: dict[int, list[Hold]] = defaultdict(list)
        self.soft: dict[int, list[Hold]] = defaultdict(list)
        self.proposed: dict[int, list[Hold]] = defaultdict(list)
        kinds = {SOFT: self.soft, PROPOSED: self.proposed}
        for hold in facts.holds:
            if (hold.active or hold.kind in kinds) and frame.place(hold.span):
                kinds.get(hold.kind or "", self.holds)[hold.resource_id].append(hold)
        self.standing: dict[int, list[Visit]] = defaultdict(list)
        for visit in self.visits:
            for resource_id in self._resources(visit):
                self.standing[resource_id].append(visit)

    def shown(self, *, everyone: bool = False) -> list[Person | Room]:
        """Rooms: all. Therapists: who works or is expected that day, everyone when asked for or when nobody is."""
        if everyone or self.by == ROOM:
            return list(self.mine.values())
        return [one for one in self.mine.values() if self._is_expected(one)] or list(self.mine.values())

    def waiting(self) -> list[Card]:
        """Visits that lack therapists (by therapist), or that stand in no column of this axis."""
        lost = [
            visit for visit in self.visits if not self._resources(visit) or (self.by == THERAPIST and visit.is_waiting)
        ]
        return self._cards(lost, None)

    def lines(self) -> list[Line]:
        """Every visit once, in order of time."""
        return [Line(visit, self._names(visit, self.people), self._names(visit, self.rooms)) for visit in self.visits]

    def column(self, one: Person | Room) -> Column:
        """All that stands in the column of a therapist or a room."""
        hours = one.shifts if isinstance(one, Person) else self.facts.hours
        begun = tuple(self.facts.begins(hours))
        standing = self.standing[one.resource_id]
        cards = self._cards(standing, one.resource_id)
        return Column(
            uuid=one.uuid,
            day=self.facts.day,
            label=one.label,
            hours=begun,
            occupancy=_occupancy(begun, standing),
            cards=cards,
            off=self.frame.gaps(hours) if self.by == THERAPIST else [],
            closed=self.closed,
            blocks=self._blocks(one.resource_id),
            buffers=self._buffers(cards) if self.by == ROOM else [],
            empty=self._empty(one.resource_id, hours),
            typing=self._typing(one.resource_id),
            photo=one.photo if isinstance(one, Person) else None,
            ghosts=self._ghosts(one.resource_id),
        )

    def _names(self, visit: Visit, among: Mapping[int, Person | Room]) -> tuple[Label, ...]:
        holds = self.held.get(visit.item_id, ())
        return tuple(among[hold.resource_id].label for hold in holds if hold.resource_id in among)

    def _is_expected(self, one: Person | Room) -> bool:
        shifts = one.shifts if isinstance(one, Person) else ()
        holds = [hold for hold in self.holds[one.resource_id] if hold.kind != ELSEWHERE]
        return bool(self.frame.places(shifts) or holds or self.standing[one.resource_id])

    def _resources(self, visit: Visit) -> list[int]:
        return [hold.resource_id for hold in self.held.get(visit.item_id, ()) if hold.resource_id in self.mine]

    def _cards(self, visits: Sequence[Visit], resource_id: int | None) -> list[Card]:
        lanes = side_by_side([visit.span for visit in visits])
        begins = {(visit.booking, visit.span.start) for visit in visits}
        return [
            self._card(visit, lane, resource_id, chained=(visit.booking, visit.span.end) in begins)
            for visit, lane in zip(visits, lanes, strict=True)
        ]

    def _card(self, visit: Visit, lane: Lane, resource_id: int | None, *, chained: bool) -> Card:
        holds = self.held.get(visit.item_id, ())
        return Card(
            visit=visit,
            place=self.frame.place(visit.span) or Stretch(0, 0),
            lane=lane,
            where=self._names(visit, self.others),
            chained=chained,
            overbooked=any(hold.overbooked for hold in holds if hold.resource_id == resource_id)
            or self._is_blocked(visit, resource_id),
        )

    def _is_blocked(self, visit: Visit, resource_id: int | None) -> bool:
        """Whether a block was laid over it on purpose."""
        holds = self.holds[resource_id] if resource_id and not visit.is_over else ()
        over = [hold.span for hold in holds if hold.item_id is None and hold.overbooked]
        return any(span.start < visit.span.end and visit.span.start < span.end for span in over)

    def _blocks(self, resource_id: int) -> list[Blocked]:
        venue = [
            Hold(resource_id, span, kind="venue", reason=self.facts.reasons.get(span)) for span in self.facts.blocks
        ]
        own = _whole(hold for hold in self.holds[resource_id] if hold.item_id is None)
        placed = ((hold, self.frame.place(hold.span)) for hold in [*venue, *own])
        return [
            Blocked(place, hold.span, hold.kind or "other", hold.reason, hold.block) for hold, place in placed if place
        ]

    def _buffers(self, cards: Iterable[Card]) -> list[tuple[Stretch, Card]]:
        live = [card for card in cards if card.visit.buffer and not _is_gone(card.visit)]
        ends = ((card, card.visit.span.end) for card in live)
        placed = ((self.frame.place(Span(end, end + card.visit.buffer)), card) for card, end in ends)
        return [(place, card) for place, card in placed if place]

    def _typing(self, resource_id: int) -> list[Typing]:
        placed = ((hold, self.frame.place(hold.span)) for hold in self.soft[resource_id])
        taken = Timeline([hold.span for hold in self.holds[resource_id]])
        return [
            Typing(place, hold.reason or "", hold.expires or 0, not taken.is_free(hold.span.start, hold.span.end))
            for hold, place in placed
            if place
        ]

    def _ghosts(self, resource_id: int) -> list[Ghost]:
        placed = ((hold, self.frame.place(hold.span)) for hold in self.proposed[resource_id])
        return [
            Ghost(place, hold.span, hold.block, hold.reason or "") for hold, place in placed if place and hold.block
        ]

    def _empty(self, resource_id: int, hours: Iterable[Span]) -> list[Empty]:
        taken = Timeline([*(hold.span for hold in self.holds[resource_id]), *self.facts.blocks])
        inside = Timeline(joined(hours))
        return [
            place
            for (start, end), place in self._places
            if inside.covers(start, start + 1) and taken.is_free(start, end)
        ]

    @cached_property
    def _places(self) -> list[tuple[Span, Empty]]:
        """Where a visit can start at all: the same in every column."""
        spans = (Span(start, start + self.facts.interval * 60) for start in self.facts.starts)
        placed = ((span, self.frame.place(span)) for span in spans)
        return [(span, Empty(place, _local_iso(span.start, self.frame))) for span, place in placed if place]


def _whole(holds: Iterable[Hold]) -> list[Hold]:
    """The claims of a block that touch are one piece: it is cut where it lies over a booking."""
    found: list[Hold] = []
    for hold in sorted(holds, key=lambda hold: hold.span):
        last = found[-1] if found else None
        if last and last.block and last.block == hold.block and last.span.end == hold.span.start:
            found[-1] = last._replace(span=Span(last.span.start, hold.span.end))
        else:
            found.append(hold)
    return found


def _order(visit: Visit) -> tuple[int, int, int]:
    return visit.span.start, -visit.span.end, visit.item_id


def _held(holds: Iterable[Hold], visits: Iterable[Visit]) -> Mapping[int, Sequence[Hold]]:
    """What each visit has. A visit that is over shows what it had last, as nothing is reserved for it any more."""
    by_item: dict[int, list[Hold]] = defaultdict(list)
    for hold in holds:
        if hold.item_id is not None:
            by_item[hold.item_id].append(hold)
    return {visit.item_id: _last(by_item[visit.item_id], keep_past=visit.is_over) for visit in visits}


def _last(holds: Collection[Hold], *, keep_past: bool) -> list[Hold]:
    active = [hold for hold in holds if hold.active]
    if active or not keep_past:
        return active
    return list({hold.resource_id: hold for hold in holds}.values())


def _is_gone(visit: Visit) -> bool:
    return visit.status in {CANCELLED, NOSHOW}


def _occupancy(hours: Iterable[Span], visits: Iterable[Visit]) -> int:
    """Percentage of the hours that is spent in treatments, 0 to 100."""
    open_spans, busy = joined(hours), joined(visit.span for visit in visits if not _is_gone(visit))
    total = sum(span.end - span.start for span in open_spans)
    used = sum(max(0, min(one.end, two.end) - max(one.start, two.start)) for one in open_spans for two in busy)
    return round(100 * used / total) if total else 0


def _local_iso(instant: int, frame: Frame) -> str:
    wall = datetime.fromtimestamp(instant, frame.zone)
    return wall.isoformat(timespec="minutes") if wall.fold else f"{wall:%Y-%m-%dT%H:%M}"
