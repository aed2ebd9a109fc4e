"""What a manager does with one shift: plan, change, remove. Days first, then rows, then decide, then write."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, time
from uuid import UUID, uuid4, uuid5

import portal.audit as audit
from portal.absences.swaps.queries import find_open_swap
from portal.audit import Actor
from portal.blocks.facts import Span
from portal.bookings import claims, news
from portal.bookings.claims import TimeTaken
from portal.bookings.unable.service import stop_asking
from portal.changes.record import Recording, recording
from portal.clock import now
from portal.database import atomic, db
from portal.live.service import ABSENCES, announce
from portal.models import Shift, StaffMember, Venue
from portal.models.shift import DRAFT, PUBLISHED, REMOVED
from portal.shifts import words
from portal.shifts.errors import NotWithoutAsking, ShiftGone, ShiftOverlaps, Stale
from portal.shifts.facts import Concern, Facts, Work
from portal.shifts.judging import concerns, overlapping
from portal.shifts.queries import find_made, load_facts, lock_shifts
from portal.shifts.telling import SIX_DAYS, known_of, monday_of, tell_changed, week_of
from portal.shifts.times import check_past, span_of


@atomic
def plan_shift(
    venue: Venue,
    *,
    member: StaffMember,
    day: date,
    start: time,
    end: time,
    publish: bool = False,
    reason: str | None = None,
    over: Collection[str] = (),
    request_id: UUID | None = None,
    by: Actor,
) -> Shift:
    """A new shift in the venue's wall time: a draft, or worked from now on. The same `request_id` makes one shift.

    `over` are the keys of the concerns that were seen. A past day needs a reason. Raises Invalid, ShiftOverlaps,
    NotWithoutAsking.
    """
    reason = check_past(venue, reason, day)
    span = span_of(venue, day, start, end)
    claims.lock_spans(venue.organisation_id, span)
    name = uuid5(member.uuid, str(request_id)) if request_id else uuid4()
    if twin := find_made(venue, name):
        return twin
    facts = load_facts(venue, [member.id], *span)
    _check(facts, member.id, span, over=over, counts=publish)
    shift = Shift.planned(venue, member, day=day, start=start, end=end, status=PUBLISHED if publish else DRAFT)
    shift.uuid = name
    knew = known_of(venue, [member.id], week_of(shift))
    with recording(venue, "shift:planned", by=by) as change:
        db.session.add(shift)
        _write()
        change.created(shift)
    audit.record(by, "shift:planned", shift, **_told(shift, reason))
    news.tell_shifts(venue, news.Worked.of(shift))
    if publish:
        tell_changed(venue, [member], week_of(shift), knew, by=by)
    return shift


@atomic
def change_shift(
    venue: Venue,
    *,
    shift: Shift,
    member: StaffMember,
    day: date,
    start: time,
    end: time,
    version: int | None = None,
    reason: str | None = None,
    over: Collection[str] = (),
    by: Actor,
) -> Shift:
    """Another time, or another person. What is published stays so: it holds at once, and whoever works it is told.

    An exchange for which the shift is up ends. Visits that are left without their therapist stay with her. Raises
    Invalid, Stale, ShiftGone, ShiftOverlaps, NotWithoutAsking.
    """
    span, before = span_of(venue, day, start, end), Span(shift.starts_at, shift.ends_at)
    claims.lock_spans(venue.organisation_id, span, before)
    shift = _locked(venue, shift, version)
    if (shift.member_id, shift.day, shift.start_time, shift.end_time) == (member.id, day, start, end):
        return shift
    reason = check_past(venue, reason, day, shift.day)
    people = [shift.member, member]
    facts = load_facts(venue, {one.id for one in people}, min(span[0], before[0]), max(span[1], before[1]))
    work = next(one for one in facts.shifts if one.id == shift.id)
    _check(facts, member.id, span, before=work, over=over, counts=shift.is_published)
    stood, (first, last) = news.Worked.of(shift), week_of(shift)
    days = min(first, monday_of(day)), max(last, monday_of(day) + SIX_DAYS)
    knew = known_of(venue, {one.id for one in people}, days)
    with recording(venue, "shift:changed", shift, by=by) as change:
        end_exchange(venue, shift, change)
        was = _told(shift, None)
        shift.place(venue, day, start, end)
        shift.hand_to(member)
        _write()
    _stop_asking(venue, people, by=by)
    audit.record(by, "shift:changed", shift, was=was, **_told(shift, reason))
    news.tell_shifts(venue, stood, news.Worked.of(shift))
    if shift.is_published:
        tell_changed(venue, people, days, knew, by=by)
    return shift


@atomic
def remove_shift(
    venue: Venue,
    *,
    shift: Shift,
    version: int | None = None,
    reason: str | None = None,
    over: Collection[str] = (),
    by: Actor,
) -> Shift:
    """Nobody works it any more; harmless when it was removed. Visits in it stay with whoever gives them.

    Raises Invalid, Stale, NotWithoutAsking with the visits.
    """
    span = Span(shift.starts_at, shift.ends_at)
    claims.lock_spans(venue.organisation_id, span)
    [shift] = lock_shifts(venue, [shift.id])
    if shift.status == REMOVED:
        return shift
    _check_version(shift, version)
    reason = check_past(venue, reason, shift.day)
    facts = load_facts(venue, [shift.member_id], *span)
    work = next(one for one in facts.shifts if one.id == shift.id)
    _ask(concerns(facts, member_id=None, span=None, before=work), over)
    stood, knew = news.Worked.of(shift), known_of(venue, [shift.member_id], week_of(shift))
    was_published = shift.is_published
    with recording(venue, "shift:removed", shift, by=by) as change:
        end_exchange(venue, shift, change)
        shift.remove()
    _stop_asking(venue, [shift.member], by=by)
    audit.record(by, "shift:removed", shift, **_told(shift, reason))
    news.tell_shifts(venue, stood)
    if was_published:
        tell_changed(venue, [shift.member], week_of(shift), knew, by=by)
    return shift


def end_exchange(venue: Venue, shift: Shift, change: Recording) -> None:
    """What was asked about the shift is no longer what it was; the undo of the change puts it back."""
    swap = find_open_swap(venue, shift)
    if swap is not None:
        change.watch(swap)
        swap.cancel(at=now())
        announce(venue, ABSENCES)


def _check(
    facts: Facts, member_id: int, span: Span, *, before: Work | None = None, over: Collection[str], counts: bool
) -> None:
    if other := overlapping(facts, member_id, span, without=before.id if before else None):
        raise ShiftOverlaps(words.overlap_sentence(facts, other))
    _ask(concerns(facts, member_id=member_id, span=span, before=before, counts=counts), over)


def _ask(found: Iterable[Concern], over: Collection[str]) -> None:
    listed = list(found)
    if any(one.key not in over for one in listed):
        raise NotWithoutAsking(listed)


def _locked(venue: Venue, shift: Shift, version: int | None) -> Shift:
    [found] = lock_shifts(venue, [shift.id])
    if found.status == REMOVED:
        raise ShiftGone()
    _check_version(found, version)
    return found


def _check_version(shift: Shift, version: int | None) -> None:
    if version is not None and shift.version != version:
        raise Stale()


def _stop_asking(venue: Venue, people: Iterable[StaffMember], *, by: Actor) -> None:
    treating = [one.resource_id for one in people if one.resource_id is not None]
    stop_asking(venue.organisation_id, treating, at=now(), by=by)


def _write() -> None:
    try:
        claims.write()
    except TimeTaken:
        raise ShiftOverlaps() from None


def _told(shift: Shift, reason: str | None) -> dict[str, str]:
    """How the trail names a shift."""
    hours = f"{shift.start_time:%H:%M}–{shift.end_time:%H:%M}"
    found = {"member": str(shift.member.uuid), "day": str(shift.day), "hours": hours, "status": shift.status}
    return found | ({"reason": reason} if reason else {})
