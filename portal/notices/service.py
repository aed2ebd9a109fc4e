"""Telling a member of staff something outside the open page: written with the change, sent by the worker."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, delete, select

import portal.audit as audit
from portal.audit import SYSTEM, Actor
from portal.clock import now
from portal.database import atomic, db, insert_into
from portal.errors import NotFound
from portal.models import Delivery, Notice, PushSubscription, StaffMember, Venue
from portal.notices.choices import NOTICES, Choices, choices_of
from portal.notices.kinds import Kind
from portal.notices.queries import find_notice_by_key
from portal.session.queries import lock_member
from portal.webhooks import outbox

__all__ = ["GRACE", "MEMBER_NOTICE", "Kind", "due_at", "tell_member"]

MEMBER_NOTICE = "member.notice"
# As long as the undo bar stands on the screen of whoever has changed something.
GRACE = timedelta(seconds=10)
NOWHERE = "Europe/Paris"
# How long the desk can look back at who was told what.
KEPT, KEPT_BROWSERS = timedelta(days=90), timedelta(days=30)


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

    None when there is nothing to tell: told before, not wanted, the member is gone or has no account yet, or did it
    herself (`by`).
    """
    at = now()
    choices = choices_of(member)
    did_it = by.member is not None and by.member.id == member.id
    if not member.active or not member.has_account or did_it or not choices.wants(Kind(kind)):
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


@atomic
def ask_test(member: StaffMember) -> Notice:
    """Send the member a test by every way there is; asked for again within ten seconds it is the same one."""
    key = f"test:{int(now().timestamp()) // 10}"
    asked = tell_member(member, Kind.TEST, venue=None, subject=None, key=key, urgent=True)
    found = asked or find_notice_by_key(member, key)
    if found is None:
        raise NotFound()
    return found


@atomic
def choose(member: StaffMember, choices: Choices) -> StaffMember:
    """From now on the member is told what she has chosen; what waits is looked at again when its time comes."""
    member = lock_member(member.id) or member
    member.preferences = {**member.preferences, NOTICES: choices.as_json()}
    audit.record(Actor.of_member(member, door="phone"), "member:notices_chosen", member, **choices.as_json())
    return member


@atomic
def forget_notices(*, at: datetime) -> int:
    """Remove what nobody asks for any more, and say how much that was: old notices, browsers that are long gone."""
    old = select(Notice.id).where(Notice.created_at < at - KEPT, Notice.done_at.is_not(None))
    gone = [
        delete(Delivery).where(Delivery.notice_id.in_(old)),
        delete(Notice).where(Notice.id.in_(old)),
        delete(PushSubscription).where(PushSubscription.ended_at < at - KEPT_BROWSERS),
        delete(PushSubscription).where(PushSubscription.session_id.is_(None)),
    ]
    results = [db.session.execute(rows, execution_options={"synchronize_session": False}) for rows in gone]
    return sum(found.rowcount for found in results if isinstance(found, CursorResult))


def due_at(member: StaffMember, venue: Venue | None, at: datetime) -> datetime:
    """The instant `at`, or the end of the member's quiet hours at the venue when it lies within them."""
    quiet = choices_of(member).quiet
    if quiet is None:
        return at
    return quiet.until(at, venue.timezone if venue else zone_of(member)) or at


def zone_of(member: StaffMember) -> str:
    """By which clock she lives where no venue is meant: that of the first one she works at."""
    return next((link.venue.timezone for link in member.venue_links), NOWHERE)


def _write(**values: Any) -> Notice | None:
    """The new row; None when the member has one with this key."""
    query = insert_into(Notice).values(**values).on_conflict_do_nothing(index_elements=["member_id", "key"])
    return db.session.scalars(query.returning(Notice)).one_or_none()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
