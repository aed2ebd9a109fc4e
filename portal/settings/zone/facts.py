"""What a change of the time zone is decided from, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from portal.settings.hits import Hit


class Case(StrEnum):
    """What must be looked at before a booking is carried over."""

    GAP = "gap"  # its time does not exist on that day: it begins with the first that does
    FOLD = "fold"  # its time exists twice on that day: it is the first
    PAST = "past"  # its time is over in the new zone
    BUSY = "busy"  # somebody or something of it is taken then


@dataclass(frozen=True, slots=True)
class Reserved:
    """A reservation: of a treatment (`item_id`) or a block (`block_id`); `moves` with the zone or stays at its instant.

    `way` is True at another venue, where a therapist also needs the time to get there.
    """

    id: int
    resource_id: int
    resource: str
    starts_at: datetime
    ends_at: datetime
    item_id: int | None = None
    block_id: int | None = None
    overbooked: bool = False
    moves: bool = True
    way: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """One treatment with its old and new time; `busy` names who or what is taken then."""

    hit: Hit
    starts_at: datetime
    ends_at: datetime
    cases: frozenset[Case] = frozenset()
    busy: tuple[str, ...] = ()

    @property
    def item_id(self) -> int:
        return self.hit.item_id


@dataclass(frozen=True, slots=True)
class Covered:
    """A block that comes to lie over a booking which stays at its instant, at another venue or because it has begun."""

    resource: str
    starts_at: datetime
    ends_at: datetime
    visit_starts: datetime
    visit_ends: datetime


@dataclass(frozen=True, slots=True)
class Clash:
    """A shift that would lie over another one of the same person: two shifts never overlap, so it is refused."""

    name: str
    day: date
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Plan:
    """All treatments ahead in order of time, and which reservations will be overbooked on purpose.

    `clashes` must be mended before the zone can change.
    """

    zone: str
    carried: tuple[Carried, ...]
    overbooked: frozenset[int] = frozenset()
    covered: tuple[Covered, ...] = ()
    clashes: tuple[Clash, ...] = ()

    @property
    def special(self) -> list[Carried]:
        """Those that must be looked at."""
        return [one for one in self.carried if one.cases]

    @property
    def conflicts(self) -> list[Carried]:
        """Those that need a reason, because they will be overbooked."""
        return [one for one in self.carried if Case.BUSY in one.cases]
