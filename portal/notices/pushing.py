"""A notice by push: one row of the outbox for each browser, a receipt from it, and another way when none comes."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from portal.clock import now
from portal.database import atomic
from portal.models import Notice, OutboxEvent, PushSubscription
from portal.models.notice import PUSH
from portal.notices import push
from portal.notices.kinds import Kind
from portal.notices.present import find_notice, language_of, words_for
from portal.notices.queries import lock_subscription
from portal.notices.tokens import RECEIPT, token_of
from portal.notices.told import Words
from portal.notices.ways import browsers_of, fall_back
from portal.webhooks.delivery import MOST_ATTEMPTS, TryLater

# How long a browser that is off may be waited for.
LONGEST = timedelta(hours=4)


def carry_push(event: OutboxEvent) -> None:
    """Wake the browser that a row of the outbox names, unless there is nothing true to tell it.

    One that is gone is not woken again. Raises TryLater when its service wants it later or cannot be reached.
    """
    parcel = _pack(event)
    if parcel is None:
        return
    try:
        reference = push.send(parcel)
    except push.Gone as gone:
        _lose(event, str(gone))
    except push.Refused as refused:
        _give_up(event, str(refused))
    except push.Later as later:
        if event.attempts >= MOST_ATTEMPTS:
            _give_up(event, str(later))
        raise TryLater(str(later), later.retry_after) from later
    else:
        _note_sent(event, reference)


@atomic
def _pack(event: OutboxEvent) -> push.Parcel | None:
    """What goes to the browser; None when that or the notice is over."""
    notice, at = find_notice(event), now()
    subscription = _browser(event)
    is_over = notice is None or (notice.done_at is not None and notice.kind != Kind.TEST)
    if notice is None or is_over or subscription is None or not subscription.is_open(at):
        return None
    words = words_for(notice, at=at)
    if words is None:
        if delivery := notice.by(PUSH):
            delivery.skip()
        notice.finish(at)
        return None
    target = push.Target(subscription.endpoint, subscription.p256dh, subscription.auth)
    content = _content(notice, words, is_short=event.attempts > 1)
    lasts = min(LONGEST, words.until - at)
    return push.Parcel(target, content, lasts, urgent=words.offer or notice.is_urgent, topic=_topic(words.tag))


def _content(notice: Notice, words: Words, *, is_short: bool) -> dict[str, str]:
    """What the browser shows. A service that refused it may have found it too long."""
    text = {} if is_short else {"body": "\n".join(words.lines)[:600]}
    return text | {
        "title": words.title[:200], "tag": words.tag, "url": words.path, "lang": language_of(notice),
        "receipt": token_of(notice.uuid, RECEIPT),
    }  # fmt: skip


def _topic(tag: str) -> str:
    """At most 32 characters of base64url (RFC 8030, 5.4)."""
    return hashlib.sha256(tag.encode()).hexdigest()[:32]


@atomic
def _note_sent(event: OutboxEvent, reference: str | None) -> None:
    notice, subscription, at = find_notice(event), _browser(event), now()
    if subscription is not None:
        subscription.used_at = at
    if notice and (delivery := notice.by(PUSH)):
        delivery.sent(at, reference)


@atomic
def _lose(event: OutboxEvent, why: str) -> None:
    subscription = _browser(event)
    if subscription is not None:
        subscription.end(now())
    _no_longer(event, why, at=now())


@atomic
def _give_up(event: OutboxEvent, why: str) -> None:
    _no_longer(event, why, at=now())


def _no_longer(event: OutboxEvent, why: str, *, at: datetime) -> None:
    """This browser has not got it. Was it the only one, another way is taken at once, not after a minute."""
    notice = find_notice(event)
    delivery = notice.by(PUSH) if notice else None
    if notice is None or delivery is None or not delivery.is_waiting:
        return
    if not any(one.uuid != _name(event) for one in browsers_of(notice, at=at)):
        delivery.fail(why)
        fall_back(notice)


def _browser(event: OutboxEvent) -> PushSubscription | None:
    return lock_subscription(event.organisation_id, _name(event))


def _name(event: OutboxEvent) -> UUID:
    return UUID(event.payload["subscription"])
