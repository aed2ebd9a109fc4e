"""What decides about a shift, as plain values read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from portal.blocks.facts import Label, Span


class Wish(NamedTuple):
    """A shift that somebody would like, in the venue's wall time; `template_id` is the pattern that it comes from."""

    member_id: int
    day: date
    start: time
    end: time
    template_id: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A shift that stands, at whatever venue of the organisation."""

    id: int
    uuid: UUID
    member_id: int
    venue_id: int
    venue: Label
    zone: str
    day: date
    start: time
    end: time
    starts_at: datetime
    ends_at: datetime
    counts: bool
    version: int
    template_id: int | None = None

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)

    @property
    def length(self) -> timedelta:
        """In real hours, whatever the clock does meanwhile."""
        return self.ends_at - self.starts_at


@dataclass(frozen=True, slots=True)
class Away:
    """Time off, asked for or approved (`counts`)."""

    uuid: UUID
    member_id: int
    kind: str
    span: Span
    counts: bool


@dataclass(frozen=True, slots=True)
class Blocked:
    """Time that the desk has blocked, at the venue with this id; what holds time off is not among it."""

    uuid: UUID
    member_id: int
    venue_id: int
    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class Visit:
    """A treatment at the venue that a member is to give."""

    item: UUID
    booking: UUID
    number: int
    member_id: int
    span: Span
    guest: str
    treatment: Label


class About(StrEnum):
    """What is to be known before a shift is saved."""

    ELSEWHERE = "elsewhere"  # no time to come from, or go to, another venue
    OFF = "off"  # approved time off
    ASKED = "asked"  # time off that waits for an answer
    BLOCKED = "blocked"  # on leave, sick, at a training
    ALONE = "alone"  # a visit is left without its therapist


@dataclass(frozen=True, slots=True)
class Concern:
    """One of these things; `subject` is the other shift, the absence, the block or the visit's treatment."""

    about: About
    subject: UUID
    span: Span
    work: Work | None = None
    visit: Visit | None = None
    kind: str = ""

    @property
    def key(self) -> str:
        """How whoever has seen it names it."""
        return f"{self.about}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Facts:
    """All that decides about the shifts of some people in some time; `between` is the way to another venue."""

    venue_id: int
    zone: str
    between: timedelta
    shifts: list[Work] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    def shifts_of(self, member_id: int, *, without: int | None = None) -> Iterator[Work]:
        return (one for one in self.shifts if one.member_id == member_id and one.id != without)

    def worked_by(self, member_id: int, *, without: int | None = None) -> list[Span]:
        """When she works at the venue by the published rota: shifts that touch are one."""
        mine = self.shifts_of(member_id, without=without)
        return joined(one.span for one in mine if one.counts and one.venue_id == self.venue_id)

    def alone(self) -> list[Visit]:
        """The visits whose therapist does not work then by the published rota."""
        worked = {who: self.worked_by(who) for who in {one.member_id for one in self.visits}}
        return [one for one in self.visits if not covers(worked[one.member_id], one.span)]


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few pieces as possible, in order."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1].ends_at:
            found[-1] = Span(found[-1].starts_at, max(found[-1].ends_at, end))
        else:
            found.append(Span(start, end))
    return found


def covers(pieces: Iterable[Span], span: Span) -> bool:
    """Whether one of the pieces holds the whole of the span."""
    return any(one.starts_at <= span.starts_at and span.ends_at <= one.ends_at for one in pieces)


def by_day(shifts: Iterable[Work]) -> Mapping[tuple[int, date], list[Work]]:
    """Shifts by whose they are and the local date on which they begin."""
    found: dict[tuple[int, date], list[Work]] = defaultdict(list)
    for one in shifts:
        found[one.member_id, one.day].append(one)
    return found
