"""What decides whether a shift can change hands, as plain values read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Work:
    """A shift."""

    id: int
    uuid: UUID
    member_id: int
    venue_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """A treatment that a member is to give; `guest` is the first name."""

    item_id: int
    booking_id: int
    booking: UUID
    member_id: int
    venue_id: int
    starts_at: datetime
    ends_at: datetime
    treatment_id: int
    name: str
    name_en: str | None
    guest: str
    requested_id: int | None


@dataclass(frozen=True, slots=True)
class Busy:
    """A member's time that is taken: by a visit (`item_id`), or blocked (no venue: no way is needed); a break or a
    meeting (`is_brief`) keeps her from visits only.
    """

    member_id: int
    venue_id: int | None
    starts_at: datetime
    ends_at: datetime
    item_id: int | None
    is_brief: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A therapist of the venue; without a skill listed she can do all."""

    id: int
    uuid: UUID
    name: str
    first_name: str
    skills: frozenset[int] = frozenset()

    def can_do(self, treatment_id: int) -> bool:
        return not self.skills or treatment_id in self.skills


@dataclass(frozen=True, slots=True)
class Facts:
    """The therapists of one venue in some stretch of time; `between` is the way from one venue to another."""

    venue_id: int
    between: timedelta
    people: Mapping[int, Person]
    shifts: Mapping[int, Work]
    visits: list[Visit] = field(default_factory=list)
    busy: list[Busy] = field(default_factory=list)

    def visits_in(self, shift: Work) -> list[Visit]:
        """What its member gives at the venue during the shift, in order."""
        found = (one for one in self.visits if one.member_id == shift.member_id and one.venue_id == shift.venue_id)
        return [one for one in found if overlap(one, shift)]

    def shifts_of(self, member_id: int) -> Iterable[Work]:
        return (one for one in self.shifts.values() if one.member_id == member_id)

    def busy_of(self, member_id: int) -> Iterable[Busy]:
        return (one for one in self.busy if one.member_id == member_id)


Timed = Work | Visit | Busy


def overlap(one: Timed, other: Timed, apart: timedelta = timedelta()) -> bool:
    """Whether the two are at the same time, or nearer to each other than `apart`."""
    return one.starts_at < other.ends_at + apart and other.starts_at < one.ends_at + apart
