"""What an agenda is made of once everything has its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, NamedTuple
from uuid import UUID

from portal.agenda.facts import Label, Visit
from portal.agenda.frame import Frame, Stretch, Tick
from portal.agenda.lanes import Lane as CardLane
from portal.bookings.slots.intervals import Span


@dataclass(frozen=True, slots=True)
class Card:
    """A visit in a column. `where` names who or what stands on the other axis; `chained` says that the next treatment
    of the same guest follows at once in the column.
    """

    visit: Visit
    place: Stretch
    lane: CardLane
    where: tuple[Label, ...]
    overbooked: bool = False
    chained: bool = False
    kind: ClassVar[str] = "card"

    @property
    def state(self) -> str:
        return self.visit.state


class Face(NamedTuple):
    """A card as it is drawn, ready for its template, which would ask for each of these on each of many cards.

    `waits` are minutes, see AgendaPage.waits; `label` is what the card is read out as.
    """

    classes: str
    href: str
    label: str
    waits: int | None
    guest: str
    what: str
    minutes: str
    where: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """A time that nobody can have; `word` is the kind of block, `venue` or `elsewhere`; `block` one of the desk's."""

    place: Stretch
    span: Span
    word: str
    reason: str | None = None
    block: UUID | None = None
    kind: ClassVar[str] = "block"


@dataclass(frozen=True, slots=True)
class Ghost:
    """Where a therapist suggests to put a booking; `who` is the guest, in the column of a room the therapist."""

    place: Stretch
    span: Span
    booking: UUID
    who: str
    kind: ClassVar[str] = "ghost"


@dataclass(frozen=True, slots=True)
class Empty:
    """A free place on the venue's grid; `at` is its local ISO time, with an offset when that time exists twice."""

    place: Stretch
    at: str
    kind: ClassVar[str] = "empty"


@dataclass(frozen=True, slots=True)
class Typing:
    """A colleague is typing a booking here, until `expires` (epoch seconds) unless she goes on.

    `is_over` says that something stands there already, which must stay readable.
    """

    place: Stretch
    who: str
    expires: int
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A therapist or a room on a date; `hours` are the shifts, or the opening hours, that begin that day; `occupancy` a
    percentage of them.

    `photo` is the fingerprint of a therapist's picture. `ticks` are drawn in the column itself when its clock is
    changed that day and others' are not.
    """

    uuid: UUID
    day: date
    label: Label
    hours: tuple[Span, ...]
    occupancy: int
    cards: list[Card]
    off: list[Stretch]
    closed: list[Stretch]
    blocks: list[Blocked]
    buffers: list[tuple[Stretch, Card]]
    empty: list[Empty]
    typing: list[Typing]
    photo: str | None = None
    ghosts: list[Ghost] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)

    @property
    def cells(self) -> list[Card | Blocked | Ghost | Empty]:
        """All that can be reached in it, in order of time."""
        return sorted([*self.cards, *self.blocks, *self.ghosts, *self.empty], key=lambda cell: cell.place.s)


@dataclass(frozen=True, slots=True)
class Line:
    """A visit in the list of the whole day, with who and what it has."""

    visit: Visit
    people: tuple[Label, ...]
    rooms: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """Visits without a place on the axis, in `lanes` side by side. `columns` is what all columns shown are known by."""

    cards: list[Card]
    lanes: int
    closed: list[Stretch]
    columns: int


@dataclass(frozen=True, slots=True)
class Board:
    """The day as it is drawn, and as a list (`lines`)."""

    day: date
    by: str
    zone: str
    frame: Frame
    ticks: list[Tick]
    columns: list[Column]
    lane: Lane
    lines: list[Line]
    anyone_on_shift: bool

    @property
    def waiting(self) -> list[Card]:
        return self.lane.cards

    @property
    def steps(self) -> int:
        return self.frame.steps

    @property
    def starts_at(self) -> datetime:
        return self.frame.starts_at


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of one therapist or room, a column each, from the same hour on the wall."""

    days: list[date]
    by: str
    zone: str
    label: Label
    steps: int
    ticks: list[Tick]
    columns: list[Column]
    frames: list[Frame]
