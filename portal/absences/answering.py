"""What a manager does about time off: approve, refuse, call off. Days first, then the request, then decide."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID, uuid4

from flask_babel import gettext as _

import portal.audit as audit
from portal.absences.errors import Answered, TooLate
from portal.absences.queries import blocks_holding, lock_time_off
from portal.absences.service import NOTE_LENGTH, tell
from portal.absences.words import Kind
from portal.access import works_at
from portal.audit import Actor
from portal.blocks.facts import Kind as BlockKind
from portal.blocks.facts import Span, Underneath
from portal.blocks.queries import held_in
from portal.blocks.service import block_time, remove_block
from portal.bookings import claims
from portal.changes.record import recording
from portal.clock import now, start_of_day
from portal.database import atomic
from portal.errors import Invalid, NotAllowed, NotFound
from portal.models import StaffMember, TimeOff, Venue
from portal.models.absence import CANCELLED
from portal.notices.absences import tell_of_answer

# As what the time stands on the agenda.
_BLOCKS = {
    Kind.VACATION: BlockKind.VACATION,
    Kind.TRAINING: BlockKind.TRAINING,
    Kind.SICK: BlockKind.SICK,
    Kind.PERSONAL: BlockKind.OTHER,
    Kind.OTHER: BlockKind.OTHER,
}


@atomic
def approve_time_off(venue: Venue, *, off: TimeOff, over: Collection[UUID] = (), by: Actor) -> TimeOff:
    """She is off: her time is blocked at once, in the same transaction; one undo takes both back. Harmless twice.

    Bookings of hers that stand there stay only if their keys are among `over`: on purpose. Raises BookingsUnderneath,
    Answered, TooLate once its time is over, NotFound for somebody of another venue.
    """
    span = held_span(venue, off)
    claims.lock_spans(venue.organisation_id, span)
    off = _locked(venue, off)
    if off.is_approved:
        return off
    if not off.is_waiting:
        raise Answered()
    with recording(venue, "absence:approved", off, by=by):
        hold(venue, off, span, over=over, by=by, decided_by=_manager(by))
    audit.record(by, "absence:approved", off, kind=off.kind)
    tell_of_answer(venue, off, by=by)
    tell(off.member)
    return off


@atomic
def refuse_time_off(venue: Venue, *, off: TimeOff, reason: str, by: Actor) -> TimeOff:
    """She is not off, and is told why. Harmless twice. Raises Invalid without a reason, Answered, NotFound."""
    off = _locked(venue, off)
    if off.status == "refused":
        return off
    if not off.is_waiting:
        raise Answered()
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Please say why: it is read by whoever asked."), field="reason")
    if len(reason) > NOTE_LENGTH:
        raise Invalid(_("Please use at most %(count)d characters.", count=NOTE_LENGTH), field="reason")
    with recording(venue, "absence:refused", off, by=by):
        off.refuse(reason, at=now(), by=_manager(by))
    audit.record(by, "absence:refused", off)
    tell_of_answer(venue, off, by=by)
    tell(off.member)
    return off


@atomic
def call_off(venue: Venue, *, off: TimeOff, by: Actor) -> TimeOff:
    """She works after all: her time is given back. Harmless twice. Raises Answered for what was never approved."""
    claims.lock_spans(venue.organisation_id, (off.starts_at, off.ends_at))
    off = _locked(venue, off)
    if off.status == CANCELLED:
        return off
    if not off.is_approved or off.batch is None:
        raise Answered()
    blocks = blocks_holding(off.member, off.batch)
    # It is undone where its blocks are: another venue's manager may have approved it.
    with recording(blocks[0].venue if blocks else venue, "absence:called_off", off, by=by):
        for block in blocks:
            remove_block(block.venue, block=block, scope="this", by=by)
        off.cancel(at=now())
    audit.record(by, "absence:called_off", off)
    tell_of_answer(venue, off, by=by)
    tell(off.member)
    return off


def held_span(venue: Venue, off: TimeOff) -> Span:
    """The part of it that can still be held: a block begins today at the earliest. Raises TooLate."""
    if off.ends_at <= now():
        raise TooLate()
    return Span(max(off.starts_at, start_of_day(venue.today(), venue.timezone)), off.ends_at)


def standing_there(venue: Venue, off: TimeOff) -> list[Underneath]:
    """The bookings of hers that would lie under her time off, in order; of other venues only when."""
    try:
        span = held_span(venue, off)
    except TooLate:
        return []
    held = held_in(venue, [off.member.resource_id or 0], span)
    return [one.visit for one in held if one.visit and one.visit.span.overlaps(span)]


def hold(
    venue: Venue, off: TimeOff, span: Span, *, over: Collection[UUID], by: Actor, decided_by: StaffMember | None
) -> None:
    """Block her time, and approve. The caller holds the days and the row. Raises BookingsUnderneath."""
    batch, resource = uuid4(), off.member.resource
    if resource is None:
        raise NotFound()
    block_time(
        venue, resources=[resource], starts_at=span.starts_at, ends_at=span.ends_at, kind=_BLOCKS[Kind(off.kind)],
        over=over, batch=batch, by=by,
    )  # fmt: skip
    off.approve(batch=batch, at=now(), by=decided_by)


def _locked(venue: Venue, off: TimeOff) -> TimeOff:
    if not works_at(off.member, venue.id):
        raise NotFound()
    return lock_time_off(off.member, off)


def _manager(by: Actor) -> StaffMember:
    if by.member is None:
        raise NotAllowed()
    return by.member
