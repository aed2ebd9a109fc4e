"""Sending what is due: looked at again, by the ways she can be reached. At least once, each way on its own row.

One row of the outbox decides about a notice; each way in which it then goes has a row of its own, so that what was
taken is not sent again when something else fails.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale

from portal.clock import now
from portal.database import atomic
from portal.models import Notice, OutboxEvent
from portal.models.notice import EMAIL
from portal.notices.choices import choices_of
from portal.notices.queries import lock_notice
from portal.notices.service import MEMBER_NOTICE, due_at
from portal.notices.told import Words
from portal.notices.words import words_of
from portal.webhooks import outbox

BY_EMAIL = "notice.email"


@atomic
def dispatch(event: OutboxEvent) -> None:
    """Send a notice on its way if it is still true, wanted and not for later; harmless when it is on its way."""
    notice, at = find_notice(event), now()
    if notice is None or notice.done_at or notice.deliveries:
        return
    if not _may_know(notice) or words_for(notice, at=at) is None:
        notice.void(at)
        return
    wait = at if notice.is_urgent else due_at(notice.member, notice.venue, at)
    if wait > at:
        notice.wait(wait)
        outbox.publish(MEMBER_NOTICE, notice, run_at=wait)
        return
    _set_out(notice)


def words_for(notice: Notice, *, at: datetime) -> Words | None:
    """What the notice says, in the language of its member; None when it is no longer true."""
    with force_locale(language_of(notice)):
        return words_of(notice, at=at)


def language_of(notice: Notice) -> str:
    """In which language its member reads."""
    return notice.member.locale or notice.member.organisation.default_language


def find_notice(event: OutboxEvent) -> Notice | None:
    """The notice that a row of the outbox is about, as it is now, held until the transaction ends."""
    return lock_notice(event.organisation_id, event.subject) if event.subject else None


def _may_know(notice: Notice) -> bool:
    return notice.member.active and choices_of(notice.member).wants(notice.kind)


def _set_out(notice: Notice) -> None:
    if notice.send(EMAIL):
        outbox.publish(BY_EMAIL, notice)
