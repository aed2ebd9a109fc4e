"""The visits that somebody's absence hits, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from portal.bookings.slots.facts import Need, Work
from portal.bookings.slots.intervals import epoch


class Absent(Protocol):
    """A stretch of a member's time in which she does not treat: time off, or a shift that she no longer works."""

    uuid: Any
    organisation_id: Any
    member: Any
    starts_at: Any
    ends_at: Any


# Whose time is gone, from when to when.
Away = tuple[int, datetime, datetime]


@dataclass(frozen=True, slots=True)
class Visit:
    """One treatment that somebody who is away was to give. People are resources, as in the slots.

    `leaving` is who is away, `serving` are the others who give it too. `requested` is whom the guest asked for. Only a
    visit of one guest with one treatment `may_move` in time: others hang together with more than can be seen here.
    """

    item_id: int
    item: UUID
    booking: UUID
    version: int
    number: int
    venue_id: int
    starts_at: datetime
    ends_at: datetime
    name: str
    name_en: str | None
    guest: str
    first_name: str
    guests: int
    status: str
    need: Need
    leaving: int
    serving: frozenset[int]
    requested: int | None
    rooms: frozenset[int]
    room_names: tuple[tuple[str, str | None], ...]
    may_move: bool

    @property
    def work(self) -> Work:
        """It as those who could give it see it, whatever the guest prefers."""
        return Work(self.venue_id, epoch(self.starts_at), epoch(self.ends_at), self.need.treatment_id)
