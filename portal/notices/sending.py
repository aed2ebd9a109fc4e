"""Deciding about a notice when its time has come: is it still true, wanted, and may she be disturbed?"""

from __future__ import annotations

from datetime import datetime

from portal.clock import now
from portal.database import atomic
from portal.models import Notice, OutboxEvent
from portal.notices.choices import choices_of
from portal.notices.kinds import Kind
from portal.notices.present import find_notice, words_for
from portal.notices.queries import find_offer
from portal.notices.service import MEMBER_NOTICE, due_at
from portal.notices.ways import fall_back, set_out
from portal.webhooks import outbox


@atomic
def dispatch(event: OutboxEvent) -> None:
    """Send a notice on its way unless it is void by now, or for later; harmless when it is on its way."""
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
    set_out(notice, at=at)


@atomic
def follow_up(event: OutboxEvent) -> None:
    """A minute after the push: without a receipt, and while it is still true, she is told another way."""
    notice, at = find_notice(event), now()
    if notice is None or notice.done_at or notice.delivered_at:
        return
    if _has_looked(notice) or words_for(notice, at=at) is None:
        notice.finish(at)
    else:
        fall_back(notice)


def _may_know(notice: Notice) -> bool:
    return notice.member.active and choices_of(notice.member).wants(notice.kind)


def _has_looked(notice: Notice) -> bool:
    """Whether she has the thing itself before her eyes on the page."""
    offer = find_offer(notice.organisation_id, notice.subject) if notice.kind == Kind.OFFER else None
    seen: datetime | None = offer.seen_at if offer else None
    return seen is not None and seen >= notice.created_at
