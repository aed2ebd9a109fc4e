"""Telling a member of staff something outside the open page: written with the change, sent by the worker."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from portal.audit import SYSTEM, Actor
from portal.clock import now
from portal.database import atomic, db, insert_into
from portal.models import Notice, StaffMember, Venue
from portal.notices.choices import choices_of
from portal.notices.kinds import Kind
from portal.webhooks import outbox

__all__ = ["GRACE", "MEMBER_NOTICE", "Kind", "due_at", "tell_member"]

MEMBER_NOTICE = "member.notice"
# As long as the undo bar stands on the screen of whoever has changed something.
GRACE = timedelta(seconds=10)
NOWHERE = "Europe/Paris"


@atomic
def tell_member(
    member: StaffMember,
    kind: str,
    *,
    venue: Venue | None,
    subject: UUID | None,
    key: str,
    by: Actor = SYSTEM,
    urgent: bool = False,
    after: timedelta = timedelta(0),
    **details: Any,
) -> Notice | None:
    """Queue a notice for one member; it leaves after the commit, unless it is no longer true by then.

    `kind` names the words, `subject` is what they speak of (see Kind). `key`, at most 120 characters, says what makes
    it the same notice: a second one with this key is not written. `after` holds it back, such as for GRACE. During
    her quiet hours it waits for their end, unless it is `urgent`. `details` are plain values.

    None when there is nothing to tell: told before, not wanted, the member is gone, or did it herself (`by`).
    """
    at = now()
    choices = choices_of(member)
    did_it = by.member is not None and by.member.id == member.id
    if not member.active or did_it or not choices.wants(Kind(kind)):
        return None
    notice_due = at + after if urgent else due_at(member, venue, at + after)
    notice = _write(
        uuid=uuid4(), organisation_id=member.organisation_id, member_id=member.id, venue_id=venue.id if venue else None,
        key=key, kind=str(kind), subject=subject, created_at=at, due_at=notice_due,
        details={name: _plain(value) for name, value in details.items()} | ({"urgent": True} if urgent else {}),
    )  # fmt: skip
    if notice is not None:
        outbox.publish(MEMBER_NOTICE, notice, run_at=notice.due_at)
    return notice


def due_at(member: StaffMember, venue: Venue | None, at: datetime) -> datetime:
    """The instant `at`, or the end of the member's quiet hours at the venue when it lies within them."""
    quiet = choices_of(member).quiet
    if quiet is None:
        return at
    place = venue or next((link.venue for link in member.venue_links), None)
    return quiet.until(at, place.timezone if place else NOWHERE) or at


def _write(**values: Any) -> Notice | None:
    """The new row; None when the member has one with this key."""
    query = insert_into(Notice).values(**values).on_conflict_do_nothing(index_elements=["member_id", "key"])
    return db.session.scalars(query.returning(Notice)).one_or_none()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
