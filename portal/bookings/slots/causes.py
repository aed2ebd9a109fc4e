"""Why a particular therapist or room cannot have a piece of work: what the desk is told, beyond the reason's code."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from portal.bookings.slots.facts import Busy, Therapist, Work
from portal.bookings.slots.intervals import Span
from portal.bookings.slots.snapshot import Snapshot


class Kind(StrEnum):
    """What is in the way."""

    NOT_HERE = "not_here"
    NOT_QUALIFIED = "not_qualified"
    OFF_SHIFT = "off_shift"
    BLOCKED = "blocked"
    ELSEWHERE = "elsewhere"
    BUSY = "busy"
    PROMISED = "promised"


class Cause(NamedTuple):
    """What is in the way of a resource, when, and the booking item that it is."""

    kind: Kind
    span: Span
    resource_id: int | None = None
    item_id: int | None = None


def person_cause(snapshot: Snapshot, person: int, work: Work) -> Cause | None:
    """What keeps a therapist from the work, None when she is on shift and free.

    Of a promise to bookings that wait nothing is known here: see `Staffing`.
    """
    span = Span(work.start, work.end)
    therapist = snapshot.team.get(person)
    if therapist is None or work.venue_id not in therapist.venue_ids:
        return Cause(Kind.NOT_HERE, span, person)
    if not therapist.can_do(work.treatment_id):
        return Cause(Kind.NOT_QUALIFIED, span, person)
    conflict = snapshot.roster.conflict(person, work)
    if conflict is None:
        return None
    claim = _claim_in_the_way(snapshot, person, work)
    if claim is None:
        return Cause(Kind.OFF_SHIFT, _nearest_shift(therapist, work), person)
    kind = Kind.BLOCKED if claim.venue_id is None else Kind.BUSY if claim.venue_id == work.venue_id else Kind.ELSEWHERE
    return Cause(kind, Span(claim.start, claim.end), person, claim.item_id)


def _claim_in_the_way(snapshot: Snapshot, person: int, work: Work) -> Busy | None:
    if not snapshot.roster.is_on_shift(person, work):
        return None
    found = [claim for claim in snapshot.roster.claims(person) if _collide(claim, work, snapshot)]
    return max(found, key=lambda claim: claim.end, default=None)


def _collide(claim: Busy, work: Work, snapshot: Snapshot) -> bool:
    apart = 0 if claim.venue_id in {None, work.venue_id} else snapshot.roster.between_venues
    return claim.start - apart < work.end and work.start < claim.end + apart


def _nearest_shift(therapist: Therapist, work: Work) -> Span:
    """Her shift here that is nearest in time, the work itself when she has none."""
    here = [Span(shift.start, shift.end) for shift in therapist.shifts if shift.venue_id == work.venue_id]
    return min(here, key=lambda span: abs(span.start - work.start), default=Span(work.start, work.end))
