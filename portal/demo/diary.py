"""Who and what is taken when: the planner of the demo never promises anything twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.demo.cast import Therapist
from portal.models import Claim, Room, Variant, Venue


@dataclass
class Visit:
    """A booking to be: when, what, in which rooms, by whom. Without therapists it still has to be accepted."""

    venue: Venue
    variant: Variant
    starts_at: datetime
    rooms: list[Room]
    therapists: list[Therapist]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.variant.duration)

    @property
    def buffer(self) -> timedelta:
        return timedelta(minutes=max(self.venue.room_turnover_buffer_minutes, self.variant.treatment.buffer_minutes))


class Diary:
    """The time that is taken, by resource."""

    def __init__(self, claims: Iterable[Claim] = ()) -> None:
        self._taken: dict[int, list[tuple[datetime, datetime]]] = {}
        for claim in claims:
            self.take(claim.resource_id, claim.starts_at, claim.ends_at)

    def is_free(self, resource_id: int | None, starts_at: datetime, ends_at: datetime) -> bool:
        taken = self._taken.get(resource_id or 0, ())
        return all(ends_at <= start or end <= starts_at for start, end in taken)

    def take(self, resource_id: int | None, starts_at: datetime, ends_at: datetime) -> None:
        self._taken.setdefault(resource_id or 0, []).append((starts_at, ends_at))

    def enter(self, visit: Visit) -> Visit:
        """Write a visit down: rooms with their turnover, people without."""
        for room in visit.rooms:
            self.take(room.id, visit.starts_at, visit.ends_at + visit.buffer)
        for therapist in visit.therapists:
            self.take(therapist.member.resource_id, visit.starts_at, visit.ends_at)
        return visit

    def fits(self, visit: Visit) -> bool:
        """Whether nothing of the visit is taken."""
        rooms = all(self.is_free(room.id, visit.starts_at, visit.ends_at + visit.buffer) for room in visit.rooms)
        people = (therapist.member.resource_id for therapist in visit.therapists)
        return rooms and all(self.is_free(person, visit.starts_at, visit.ends_at) for person in people)
