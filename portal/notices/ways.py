"""The ways in which a notice goes: by push to the browsers that can be woken, else by e-mail; a test by all of them.

Each way has rows of its own in the outbox, so that what was taken is not sent again when something else fails.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app

from portal.clock import now
from portal.models import Notice, PushSubscription
from portal.models.notice import EMAIL, PUSH
from portal.notices.kinds import Kind
from portal.notices.queries import open_subscriptions
from portal.webhooks import outbox

BY_PUSH, BY_EMAIL, SILENT = "notice.push", "notice.email", "notice.silent"
# So long a browser has to say that it has shown a push.
PATIENCE = timedelta(seconds=60)


def set_out(notice: Notice, *, at: datetime) -> None:
    """Send a notice on its way. The caller holds it."""
    browsers = browsers_of(notice, at=at)
    if browsers and notice.send(PUSH):
        for browser in browsers:
            outbox.publish(BY_PUSH, notice, subscription=str(browser.uuid))
        outbox.publish(SILENT, notice, run_at=at + PATIENCE)
    if not browsers or notice.kind == Kind.TEST:
        fall_back(notice)


def fall_back(notice: Notice) -> None:
    """Send it the next way that it has not gone; when there is none it is done with. The caller holds it."""
    if notice.send(EMAIL):
        outbox.publish(BY_EMAIL, notice)
    else:
        notice.finish(now())


def browsers_of(notice: Notice, *, at: datetime) -> list[PushSubscription]:
    """The browsers of the notice's member that can be woken; none where push is not set up."""
    if not current_app.config["VAPID_PRIVATE_KEY"]:
        return []
    return [one for one in open_subscriptions(notice.organisation_id, notice.member_id) if one.is_open(at)]
