"""What a member does about her own time: ask for time off, take it back. Lock, re-read, decide, write."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4, uuid5

from flask_babel import gettext as _

import portal.audit as audit
from portal.absences.errors import AlreadyOff, Answered
from portal.absences.queries import find_time_off, home_of, lock_member, lock_time_off, time_off_of, venues_of
from portal.absences.spans import check
from portal.absences.words import Kind
from portal.audit import Actor
from portal.blocks.facts import Span
from portal.clock import now
from portal.database import atomic, db
from portal.errors import Invalid
from portal.live.service import ABSENCES, announce
from portal.models import StaffMember, TimeOff
from portal.models.absence import APPROVED, CANCELLED, REQUESTED
from portal.notices.absences import tell_of_request

NOTE_LENGTH = 300


@atomic
def request_time_off(
    member: StaffMember,
    *,
    starts_at: datetime,
    ends_at: datetime,
    kind: str,
    note: str | None = None,
    request_id: UUID | None = None,
    by: Actor,
) -> TimeOff:
    """Ask to be off from start to end; a manager answers. With the same `request_id` it is the same request.

    Raises Invalid (nowhere employed, past, end before start, unknown kind, too long a note), AlreadyOff.
    """
    # Hers alone, whatever a form may say.
    name = uuid5(member.uuid, str(request_id)) if request_id else uuid4()
    if twin := find_time_off(member, name):
        return twin
    home = home_of(member)
    if home is None:
        raise Invalid(_("You do not work at any venue yet."), field="day")
    check_words(kind, note)
    check(home, Span(starts_at, ends_at))
    lock_member(member)
    if twin := find_time_off(member, name):
        return twin
    if time_off_of(member, starts_at, ends_at, statuses=(REQUESTED, APPROVED)):
        raise AlreadyOff(field="day")
    off = TimeOff(
        uuid=name, organisation_id=member.organisation_id, member=member, kind=kind, note=note or None,
        starts_at=starts_at, ends_at=ends_at, status=REQUESTED, asked_at=now(),
    )  # fmt: skip
    db.session.add(off)
    db.session.flush()
    audit.record(by, "absence:requested", off, kind=kind)
    tell_of_request(venues_of(member), off, by=by)
    tell(member)
    return off


@atomic
def take_back(off: TimeOff, *, by: Actor) -> TimeOff:
    """She no longer wants it, and nobody has answered yet; harmless when it was taken back. Raises Answered."""
    off = lock_time_off(off.member, off)
    if off.status == CANCELLED:
        return off
    if not off.is_waiting:
        raise Answered()
    off.cancel(at=now())
    audit.record(by, "absence:taken_back", off)
    tell(off.member)
    return off


def check_words(kind: str, note: str | None) -> None:
    """Raises Invalid for a kind that is none, and for a note that is too long."""
    if kind not in {*Kind}:
        raise Invalid(_("Please choose what kind of time off it is."), field="kind")
    if note and len(note) > NOTE_LENGTH:
        raise Invalid(_("Please use at most %(count)d characters.", count=NOTE_LENGTH), field="note")


def tell(member: StaffMember) -> None:
    """Open pages at all venues of the member show who is away."""
    for venue in venues_of(member):
        announce(venue, ABSENCES)
