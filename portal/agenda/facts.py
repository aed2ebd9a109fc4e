"""What a day is drawn from: one venue's rows as plain values. Instants are epoch seconds, spans half-open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.bookings.slots.intervals import Span
from portal.models.booking_states import CANCELLED, COMPLETED, CONFIRMED, NOSHOW, PENDING

ELSEWHERE = "elsewhere"
SOFT = "soft"
PROPOSED = "proposed"


class Label(NamedTuple):
    """A name in French and perhaps in English."""

    name: str
    name_en: str | None = None


class Visit(NamedTuple):
    """One treatment of a booking. `span` is the treatment alone; `buffer` the seconds of turnover after it.

    `since` is the instant of the guest's arrival, `wish` that the guest would rather have a woman or a man, or
    somebody by name (`asked_for`); `alerted` that nobody is left to be asked; `participants` of `capacity` places are
    taken in a class.
    """

    item_id: int
    booking: UUID
    status: str
    span: Span
    guest: str
    treatment: Label
    code: str | None = None
    category: str | None = None
    guests: int = 1
    missing: int = 0
    buffer: int = 0
    arrived: bool = False
    test: bool = False
    unpaid: bool = False
    noted: bool = False
    partner: bool = False
    out_of_hours: bool = False
    since: int | None = None
    wish: bool = False
    asked_for: bool = False
    alerted: bool = False
    series: bool = False
    participants: int | None = None
    capacity: int | None = None
    phone: str | None = None
    notes: str | None = None

    @property
    def state(self) -> str:
        """What its bar shows: the guest's arrival comes before the status that it leaves as it is."""
        return "arrived" if self.arrived and self.status in {PENDING, CONFIRMED} else self.status

    def is_late(self, now: int) -> bool:
        """Its time has come and nobody has: from the start on, until someone says how it went."""
        return self.span.start < now and not self.arrived and self.status in {PENDING, CONFIRMED}

    @property
    def is_over(self) -> bool:
        """It ended one way or another: what it held may have been given back."""
        return self.status in {CANCELLED, COMPLETED, NOSHOW}

    @property
    def is_waiting(self) -> bool:
        """It still needs therapists."""
        return not self.is_over and self.missing > 0

    @property
    def minutes(self) -> int:
        return (self.span.end - self.span.start) // 60


class Hold(NamedTuple):
    """A resource is taken: by a visit (`item_id`), by a block of some `kind`, or at another venue (`elsewhere`).

    One of the kind `soft` takes nothing: until `expires` the colleague named in `reason` is typing a booking there.
    Neither does one of the kind `proposed`: a therapist suggests to put the booking `block` there; `reason` names whom
    the column does not, the guest or her.
    """

    resource_id: int
    span: Span
    item_id: int | None = None
    kind: str | None = None
    reason: str | None = None
    active: bool = True
    overbooked: bool = False
    expires: int | None = None
    block: UUID | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A therapist with her shifts at this venue; `photo` is the fingerprint of her picture."""

    resource_id: int
    uuid: UUID
    label: Label
    shifts: tuple[Span, ...] = ()
    photo: str | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A treatment room."""

    resource_id: int
    uuid: UUID
    label: Label
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class DayFacts:
    """A venue on one local date.

    `span` is the local day itself (23, 24 or 25 hours); `hours` the opening windows that touch it; `starts` the
    venue's grid; `usual` stands in for opening hours on a day without any; `blocks` are times without guests,
    `reasons` say why some of them are.
    """

    day: date
    zone: ZoneInfo
    span: Span
    usual: Span
    interval: int = 30
    hours: Sequence[Span] = ()
    starts: Sequence[int] = ()
    blocks: Sequence[Span] = ()
    reasons: Mapping[Span, str] = field(default_factory=dict)
    people: Sequence[Person] = ()
    rooms: Sequence[Room] = ()
    visits: Sequence[Visit] = ()
    holds: Sequence[Hold] = ()

    def begins(self, spans: Iterable[Span]) -> list[Span]:
        """Those of the spans that begin on the date, in order, each once."""
        return sorted({span for span in spans if self.span.start <= span.start < self.span.end})
