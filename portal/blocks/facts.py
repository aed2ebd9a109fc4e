"""What decides about a block, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from portal.models import Resource


class Kind(StrEnum):
    """Why somebody or something is not to be had, in the order in which the desk chooses."""

    BREAK = "break"
    MEETING = "meeting"
    TRAINING = "training"
    CLEANING = "cleaning"
    LATE = "late"
    LEAVING_EARLY = "leaving_early"
    SICK = "sick"
    VACATION = "vacation"
    CLOSURE = "closure"
    OTHER = "other"


class Span(NamedTuple):
    """Instants, half-open."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Span) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Label(NamedTuple):
    """A name in French and perhaps in English."""

    name: str = ""
    name_en: str | None = None


NAMELESS = Label()


@dataclass(frozen=True, slots=True)
class Place:
    """A person or a room that can be blocked; `uuid` is that of its column on the agenda: a member's, or a room's."""

    uuid: UUID
    name: str
    name_en: str | None
    resource: Resource


@dataclass(frozen=True, slots=True)
class Underneath:
    """A booking where a block lies or would lie; `resource_id` is who or what both want.

    A booking at another venue has no number, guest or address here: it is only known that she is busy there. `key`
    names it when the desk says that it may stay.
    """

    key: UUID
    resource_id: int
    resource: str
    span: Span
    booking: UUID | None = None
    number: int | None = None
    status: str | None = None
    guest: str = ""
    treatment: Label = NAMELESS


@dataclass(frozen=True, slots=True)
class Held:
    """An active claim: of a block (`block_id`), or of a booking: if it is not over, `visit` is its treatment."""

    resource_id: int
    span: Span
    block_id: int | None = None
    visit: Underneath | None = None
