"""What is wrong with a shift, and what should be known before it is saved: pure questions to what was read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from portal.absences.swaps.queries import WITHIN_A_SHIFT
from portal.blocks.facts import Span
from portal.shifts.facts import About, Concern, Facts, Visit, Work, covers, joined

NO_TIME = timedelta()


def overlapping(facts: Facts, member_id: int, span: Span, *, without: int | None = None) -> Work | None:
    """A shift of hers at that time, at whatever venue, draft or not."""
    return next((one for one in facts.shifts_of(member_id, without=without) if one.span.overlaps(span)), None)


def concerns(
    facts: Facts, *, member_id: int | None, span: Span | None, before: Work | None = None, counts: bool = False
) -> list[Concern]:
    """What speaks against the shift of this member at this time, which replaces `before`.

    Without `span` nothing replaces it. Whether it `counts` says whether visits can lie in it.
    """
    found: list[Concern] = []
    if member_id is not None and span is not None:
        found += _travel(facts, member_id, span, before)
        found += _absences(facts, member_id, span)
    if before is not None and before.counts:
        follows = span if counts and member_id == before.member_id else None
        found += _left_alone(facts, before, follows)
    return found


def _travel(facts: Facts, member_id: int, span: Span, before: Work | None) -> Iterator[Concern]:
    wide = Span(span.starts_at - facts.between, span.ends_at + facts.between)
    for one in facts.shifts_of(member_id, without=before.id if before else None):
        if facts.between > NO_TIME and one.venue_id != facts.venue_id and one.span.overlaps(wide):
            yield Concern(About.ELSEWHERE, one.uuid, one.span, work=one)


def _absences(facts: Facts, member_id: int, span: Span) -> Iterator[Concern]:
    for off in facts.away:
        if off.member_id == member_id and off.span.overlaps(span):
            yield Concern(About.OFF if off.counts else About.ASKED, off.uuid, off.span, kind=off.kind)
    for block in facts.blocked:
        is_long = block.kind not in WITHIN_A_SHIFT
        if block.member_id == member_id and is_long and block.span.overlaps(span):
            yield Concern(About.BLOCKED, block.uuid, block.span, kind=block.kind)


def _left_alone(facts: Facts, before: Work, follows: Span | None) -> Iterator[Concern]:
    """Visits that the published rota covered and no longer does."""
    covered = facts.worked_by(before.member_id)
    rest = facts.worked_by(before.member_id, without=before.id)
    left = joined([*rest, follows]) if follows else rest
    for visit in _visits(facts, before.member_id):
        if covers(covered, visit.span) and not covers(left, visit.span):
            yield Concern(About.ALONE, visit.item, visit.span, visit=visit)


def _visits(facts: Facts, member_id: int) -> list[Visit]:
    return [one for one in facts.visits if one.member_id == member_id]
