"""The ways in which a notice goes: by push to the browsers that can be woken; else, and when none of them says within
a minute that it has shown it, by text message where that is possible, or by e-mail. A test goes by all of them.

Each way has rows of its own in the outbox, so that what was taken is not sent again when something else fails.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app

from portal.clock import now
from portal.models import Notice, PushSubscription, StaffMember
from portal.models.notice import EMAIL, PUSH, SMS
from portal.notices.choices import choices_of
from portal.notices.kinds import Kind
from portal.notices.queries import open_subscriptions
from portal.notices.sms import can_deliver
from portal.webhooks import outbox

BY_PUSH, BY_EMAIL, BY_SMS, SILENT = "notice.push", "notice.email", "notice.sms", "notice.silent"
_ROWS = {EMAIL: BY_EMAIL, SMS: BY_SMS}
# So long a browser has to say that it has shown a push.
PATIENCE = timedelta(seconds=60)


def set_out(notice: Notice, *, at: datetime) -> None:
    """Send a notice on its way. The caller holds it."""
    browsers = browsers_of(notice, at=at)
    if browsers and notice.send(PUSH):
        for browser in browsers:
            outbox.publish(BY_PUSH, notice, subscription=str(browser.uuid))
        outbox.publish(SILENT, notice, run_at=at + PATIENCE)
    if notice.kind == Kind.TEST:
        for way in _others(notice):
            _take(notice, way)
    elif not browsers:
        fall_back(notice)


def fall_back(notice: Notice) -> None:
    """Send it the next way that it has not gone; when there is none it is done with. The caller holds it."""
    if not any(_take(notice, way) for way in _others(notice)):
        notice.finish(now())


def browsers_of(notice: Notice, *, at: datetime) -> list[PushSubscription]:
    """The browsers of the notice's member that can be woken; none where push is not set up."""
    if not current_app.config["VAPID_PRIVATE_KEY"]:
        return []
    return [one for one in open_subscriptions(notice.organisation_id, notice.member_id) if one.is_open(at)]


def can_be_texted(member: StaffMember) -> bool:
    """Whether a text message would reach her."""
    return can_deliver() and bool(member.phone)


def _take(notice: Notice, way: str) -> bool:
    """Send it this way, unless it has gone it before."""
    if not notice.send(way):
        return False
    outbox.publish(_ROWS[way], notice)
    return True


def _others(notice: Notice) -> tuple[str, ...]:
    """What there is besides push, the quicker one first."""
    texted = can_be_texted(notice.member) and choices_of(notice.member).sms
    return (SMS, EMAIL) if texted else (EMAIL,)
