"""What an agenda is made of once everything has its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from portal.agenda.facts import Label, Visit
from portal.agenda.frame import Stretch, Tick
from portal.agenda.lanes import Lane
from portal.bookings.slots.intervals import Span


@dataclass(frozen=True, slots=True)
class Card:
    """A visit in a column. `where` names who or what stands on the other axis."""

    visit: Visit
    place: Stretch
    lane: Lane
    where: tuple[Label, ...]
    overbooked: bool = False
    kind: ClassVar[str] = "card"

    @property
    def state(self) -> str:
        """What its bar shows: the guest's arrival comes before the status that it leaves as it is."""
        visit = self.visit
        return "arrived" if visit.arrived and visit.status in {"pending", "confirmed"} else visit.status


@dataclass(frozen=True, slots=True)
class Blocked:
    """A time that nobody can have; `word` is the kind of block, `venue` or `elsewhere`."""

    place: Stretch
    span: Span
    word: str
    reason: str | None = None
    kind: ClassVar[str] = "block"


@dataclass(frozen=True, slots=True)
class Empty:
    """A free place on the venue's grid; `at` is its local ISO time, with an offset when that time exists twice."""

    place: Stretch
    at: str
    kind: ClassVar[str] = "empty"


@dataclass(frozen=True, slots=True)
class Column:
    """A therapist or a room; `hours` are her shifts, or the opening hours; `occupancy` a percentage of them."""

    uuid: UUID
    label: Label
    hours: tuple[Span, ...]
    occupancy: int
    cards: list[Card]
    off: list[Stretch]
    blocks: list[Blocked]
    buffers: list[tuple[Stretch, Card]]
    empty: list[Empty]

    @property
    def cells(self) -> list[Card | Blocked | Empty]:
        """All that can be reached in it, in order of time."""
        return sorted([*self.cards, *self.blocks, *self.empty], key=lambda cell: cell.place.s)


@dataclass(frozen=True, slots=True)
class Line:
    """A visit in the list of the whole day, with who and what it has."""

    visit: Visit
    people: tuple[Label, ...]
    rooms: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """The day as it is drawn, and as a list (`lines`).

    `waiting` are visits without a place on this axis, in `waiting_lanes` side by side.
    """

    day: date
    by: str
    zone: str
    starts_at: datetime
    steps: int
    ticks: list[Tick]
    closed: list[Stretch]
    columns: list[Column]
    waiting: list[Card]
    waiting_lanes: int
    lines: list[Line]
    reaches_tomorrow: bool
    anyone_on_shift: bool

    @property
    def next_day(self) -> date:
        return self.day + timedelta(days=1)
