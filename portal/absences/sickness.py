"""Being sick: approved at once, whatever stands there, and the desk is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from flask_babel import gettext as _

import portal.audit as audit
from portal.absences.answering import hold
from portal.absences.queries import (
    blocks_holding,
    home_of,
    lock_member,
    next_shift_of,
    shifts_of,
    time_off_of,
    venues_of,
)
from portal.absences.service import tell
from portal.absences.spans import check, days_until
from portal.audit import Actor
from portal.blocks.facts import Span
from portal.blocks.queries import held_in
from portal.blocks.service import change_block
from portal.bookings import claims
from portal.changes.record import recording
from portal.clock import local_date, now
from portal.database import atomic, db
from portal.errors import Invalid
from portal.models import StaffMember, TimeOff, Venue
from portal.models.absence import APPROVED, REQUESTED, SICK
from portal.notices.absences import tell_of_sickness

_DAY, _MOMENT = timedelta(days=1), timedelta(seconds=1)


@atomic
def report_sick(member: StaffMember, *, until: date, by: Actor) -> TimeOff:
    """She is away from this moment to the end of a day, and of the shift that begins on it. Nobody needs to agree.

    Her visits stay with her, marked, until the desk has found others. Who is away sick already is for longer; until an
    earlier day changes nothing. Raises Invalid for a day that is over or more than a year ahead.
    """
    home, at = home_of(member), now()
    if home is None:
        raise Invalid(_("You do not work at any venue yet."), field="until")
    today = local_date(at, home.timezone)
    span = days_until(home, until, shifts_of(member, today - _DAY, until), at=at)
    check(home, span)
    claims.lock_spans(member.organisation_id, span)
    lock_member(member)
    current = sick_now(member, at=at)
    if current is not None:
        _prolong(member, current, span, by=by)
        return current
    return _begin(_venue_of(member, home, span, at), member, span, by=by, at=at)


def sick_now(member: StaffMember, *, at: datetime) -> TimeOff | None:
    """The absence of a member who is away sick at that moment."""
    found = time_off_of(member, at, at + _MOMENT, statuses=(APPROVED,))
    return next((off for off in found if off.is_sick), None)


def _begin(venue: Venue, member: StaffMember, span: Span, *, by: Actor, at: datetime) -> TimeOff:
    off = TimeOff(
        uuid=uuid4(), organisation_id=member.organisation_id, member=member, kind=SICK, status=REQUESTED,
        starts_at=span.starts_at, ends_at=span.ends_at, asked_at=at,
    )  # fmt: skip
    with recording(venue, "absence:sick", by=by) as change:
        db.session.add(off)
        db.session.flush()
        hold(venue, off, span, over=_standing(venue, member, span), by=by, decided_by=None)
        db.session.flush()
        change.created(off)
    audit.record(by, "absence:sick", off)
    tell_of_sickness(venues_of(member), off, by=by)
    tell(member)
    return off


def _prolong(member: StaffMember, off: TimeOff, span: Span, *, by: Actor) -> None:
    blocks = blocks_holding(member, off.batch) if off.batch else []
    if not blocks or span.ends_at <= off.ends_at:
        return
    block = blocks[-1]
    longer = Span(block.starts_at, span.ends_at)
    change_block(
        block.venue, block=block, starts_at=longer.starts_at, ends_at=longer.ends_at, kind=block.kind,
        reason=block.reason, over=_standing(block.venue, member, longer), by=by,
    )  # fmt: skip
    audit.record(by, "absence:prolonged", off)
    tell_of_sickness(venues_of(member), off, by=by)
    tell(member)


def _standing(venue: Venue, member: StaffMember, span: Span) -> set[UUID]:
    """All bookings of hers in that time: they wait under the block for somebody else."""
    held = held_in(venue, [member.resource_id or 0], span)
    return {one.visit.key for one in held if one.visit}


def _venue_of(member: StaffMember, home: Venue, span: Span, at: datetime) -> Venue:
    """Where she would be working now or next: there her block stands."""
    coming = next_shift_of(member, at=at)
    return coming.venue if coming and coming.starts_at < span.ends_at else home
