"""What is known about a venue's rooms, therapists and bookings, and what a request asks of them.

Starts and ends are UTC epoch seconds, spans are half-open. Ids are the tables' own keys.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from portal.bookings.slots.intervals import Span


@dataclass(frozen=True, slots=True)
class Room:
    """A treatment room. `closures` are dated closures, which count without turnover buffer."""

    id: int
    room_type_id: int | None = None
    capacity: int = 1
    closures: tuple[Span, ...] = ()
    uuid: UUID | None = None


class Shift(NamedTuple):
    """Planned working time of one therapist at one venue."""

    venue_id: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Therapist:
    """An active therapist. Without a treatment listed she can do all.

    `ranks` says for each venue in which wave she is asked there, 1 first; `member_id` is her key as a member. Without
    an account she serves what the desk gives her and is offered nothing.
    """

    id: int
    venue_ids: frozenset[int]
    shifts: tuple[Shift, ...] = ()
    treatment_ids: frozenset[int] = frozenset()
    gender: str | None = None
    member_id: int = 0
    ranks: Mapping[int, int] = field(default_factory=dict)
    has_account: bool = True

    def can_do(self, treatment_id: int | None) -> bool:
        """True when qualified for the treatment; None asks for no skill in particular."""
        return treatment_id is None or not self.treatment_ids or treatment_id in self.treatment_ids


class Busy(NamedTuple):
    """Time that a room or a therapist is taken.

    Of a room: the claimed range, turnover buffer included. Of a therapist: the treatment alone, or a block
    (`venue_id` None: no way between venues is needed). `item_id` names the booking item that holds it.
    """

    resource_id: int
    venue_id: int | None
    start: int
    end: int
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One treatment as its therapists see it: where, when, what, and whom the guest prefers.

    `only` are the therapists whom the desk has chosen: nobody else may take it, whatever the guest prefers.
    """

    venue_id: int
    start: int
    end: int
    treatment_id: int | None = None
    gender: str | None = None
    declined: frozenset[int] = frozenset()
    only: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class PendingNeed:
    """A booking item that still waits for therapists, at this venue or at one that shares therapists.

    `therapists_missing` is its guests less those who accepted; `room_end` is the treatment's end plus its
    turnover buffer; `movable` allows other rooms of its type to be given to it.
    """

    item_id: int
    work: Work
    therapists_missing: int
    guests: int = 1
    room_end: int = 0
    room_type_id: int | None = None
    movable: bool = True


@dataclass(frozen=True, slots=True)
class Session:
    """A class or event that has a time already and can be joined."""

    id: int
    treatment_id: int
    start: int
    end: int
    participants: int
    maximum: int

    @property
    def places_left(self) -> int:
        return self.maximum - self.participants


@dataclass(frozen=True, slots=True)
class Need:
    """What a request asks for. Minutes for times; weekdays are 0 = Sunday … 6 = Saturday, None = every day.

    `treatment_id` None leaves skills out of account, `room_type_id` None accepts every room.
    `buffer` is the larger of the venue's and the treatment's turnover time. `exhausted` are the periods in
    which a quota leaves nothing for this request. `joins_session` asks for places in an existing session
    in place of rooms and therapists. `rooms` and `therapists` are those that the desk has chosen: only these rooms
    may be taken, and these therapists must be. Raises ValueError when duration or guests are not positive, or when
    more therapists are chosen than guests come.
    """

    duration: int
    guests: int = 1
    treatment_id: int | None = None
    room_type_id: int | None = None
    lead_time: int = 0
    buffer: int = 0
    gender: str | None = None
    treatment_weekdays: frozenset[int] | None = None
    variant_weekdays: frozenset[int] | None = None
    exhausted: tuple[Span, ...] = ()
    joins_session: bool = False
    rooms: frozenset[int] | None = None
    therapists: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.duration <= 0 or self.guests <= 0:
            raise ValueError("a request needs a duration and at least one guest")
        if len(self.therapists) > self.guests:
            raise ValueError("one therapist per guest")

    def offered_on(self, weekday: int) -> bool:
        """True when treatment and variant are both offered on that weekday."""
        return all(days is None or weekday in days for days in (self.treatment_weekdays, self.variant_weekdays))


@dataclass(frozen=True, slots=True)
class Stay:
    """The rooms a booking wants: `end` is the treatment's, `claim_end` adds the turnover buffer.

    `only` are the rooms that the desk has chosen.
    """

    key: Hashable
    start: int
    end: int
    claim_end: int
    guests: int
    room_type_id: int | None
    only: frozenset[int] | None = None


class Hold(NamedTuple):
    """One room claimed for [start, end), buffer included as far as no closure cuts it short."""

    room_id: int
    start: int
    end: int
