"""What a day is drawn from: one venue's rows as plain values. Instants are epoch seconds, spans half-open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.bookings.slots.intervals import Span
from portal.models.booking import CANCELLED, COMPLETED, NOSHOW

ELSEWHERE = "elsewhere"


class Label(NamedTuple):
    """A name in French and perhaps in English."""

    name: str
    name_en: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One treatment of a booking. `span` is the treatment alone; `buffer` the seconds of turnover after it."""

    item_id: int
    booking: UUID
    number: int
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


@dataclass(frozen=True, slots=True)
class Hold:
    """A resource is taken: by a visit (`item_id`), by a block of some `kind`, or at another venue (`elsewhere`)."""

    resource_id: int
    span: Span
    item_id: int | None = None
    kind: str | None = None
    reason: str | None = None
    active: bool = True
    overbooked: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A therapist with her shifts at this venue."""

    resource_id: int
    uuid: UUID
    label: Label
    shifts: tuple[Span, ...] = ()


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
    venue's grid; `usual` stands in for opening hours on a day without any; `blocks` are times without guests.
    """

    day: date
    zone: ZoneInfo
    span: Span
    usual: Span
    interval: int = 30
    hours: Sequence[Span] = ()
    starts: Sequence[int] = ()
    blocks: Sequence[Span] = ()
    people: Sequence[Person] = ()
    rooms: Sequence[Room] = ()
    visits: Sequence[Visit] = ()
    holds: Sequence[Hold] = ()
