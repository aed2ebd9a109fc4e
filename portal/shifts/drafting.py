"""Many shifts at once, from a copy or from patterns: what would be made, what is left out and why. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from portal.blocks.facts import Label, Span
from portal.errors import Invalid
from portal.shifts.facts import About, Facts, Wish, Work, covers, joined
from portal.shifts.judging import concerns, overlapping

SpanOf = Callable[[Wish], Span]


class Why(StrEnum):
    """Why a shift is not made, or made with a remark."""

    THERE = "there"  # it stands already
    OVERLAP = "overlap"
    ELSEWHERE = "elsewhere"
    OFF = "off"  # approved time off covers it
    BLOCKED = "blocked"
    PART_OFF = "part_off"  # made: some of it is off
    ASKED = "asked"  # made: time off was asked for
    GONE = "gone"  # no longer of the venue's team
    PAST = "past"
    GAP = "gap"  # the clock leaves that time out, or the shift is longer than a day that night
    FAR = "far"  # further away than the rota goes
    EXCEPTION = "exception"  # the pattern says: not on that date
    PUBLISHED = "published"  # what is published is not touched by a pattern


REMARKS = frozenset({Why.PART_OFF, Why.ASKED})


@dataclass(frozen=True, slots=True)
class Line:
    """One shift of the plan; `why` is empty where nothing is to be said. `other` is what stands in the way."""

    wish: Wish
    span: Span | None
    why: Why | None = None
    other: Work | None = None

    @property
    def is_made(self) -> bool:
        return self.why is None or self.why in REMARKS


@dataclass(frozen=True, slots=True)
class Draft:
    """The plan: its lines in order, and drafts that make way because their pattern has changed."""

    lines: list[Line]
    dropped: list[Work]

    @property
    def made(self) -> list[Line]:
        return [line for line in self.lines if line.is_made]

    @property
    def skipped(self) -> list[Line]:
        return [line for line in self.lines if not line.is_made]


def draft(
    facts: Facts,
    wishes: Iterable[Wish],
    *,
    team: frozenset[int],
    today: date,
    span_of: SpanOf,
    dropped: Iterable[Work] = (),
) -> Draft:
    """What becomes of each wish, one after the other: what is made stands in the way of what follows."""
    gone = list(dropped)
    names = {one.id for one in gone}
    planned = Facts(
        facts.venue_id, facts.zone, facts.between, [one for one in facts.shifts if one.id not in names], facts.away,
        facts.blocked,
    )  # fmt: skip
    lines = []
    for wish in sorted(wishes, key=lambda one: (one.day, one.start)):
        line = _line(planned, wish, team=team, today=today, span_of=span_of)
        lines.append(line)
        if line.is_made and line.span is not None:
            planned.shifts.append(_as_work(planned, wish, line.span))
    return Draft(lines, gone)


def _line(facts: Facts, wish: Wish, *, team: frozenset[int], today: date, span_of: SpanOf) -> Line:
    if wish.member_id not in team:
        return Line(wish, None, Why.GONE)
    if wish.day < today:
        return Line(wish, None, Why.PAST)
    try:
        span = span_of(wish)
    except Invalid as wrong:
        return Line(wish, None, Why.FAR if wrong.field == "day" else Why.GAP)
    if other := overlapping(facts, wish.member_id, span):
        same = other.span == span and other.venue_id == facts.venue_id
        return Line(wish, span, Why.THERE if same else Why.OVERLAP, other)
    return _judged(facts, wish, span)


def _judged(facts: Facts, wish: Wish, span: Span) -> Line:
    found = concerns(facts, member_id=wish.member_id, span=span)
    by_kind = {about: [one for one in found if one.about is about] for about in About}
    if elsewhere := by_kind[About.ELSEWHERE]:
        return Line(wish, span, Why.ELSEWHERE, elsewhere[0].work)
    for about, why in ((About.OFF, Why.OFF), (About.BLOCKED, Why.BLOCKED)):
        if covers(joined(one.span for one in by_kind[about]), span):
            return Line(wish, span, why)
    if by_kind[About.OFF] or by_kind[About.BLOCKED]:
        return Line(wish, span, Why.PART_OFF)
    return Line(wish, span, Why.ASKED if by_kind[About.ASKED] else None)


def _as_work(facts: Facts, wish: Wish, span: Span) -> Work:
    """A shift that would be made, among those that stand."""
    none = -len(facts.shifts) - 1
    return Work(
        id=none, uuid=UUID(int=0), member_id=wish.member_id, venue_id=facts.venue_id, venue=Label(), zone=facts.zone,
        day=wish.day, start=wish.start, end=wish.end, starts_at=span.starts_at, ends_at=span.ends_at, counts=False,
        version=0, template_id=wish.template_id,
    )  # fmt: skip
