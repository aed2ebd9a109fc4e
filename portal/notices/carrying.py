"""What e-mails and text messages have in common: looked at again, handed over, noted; else the next way is taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from portal.clock import now
from portal.database import atomic
from portal.messages.mail import Undeliverable
from portal.models import Notice, OutboxEvent
from portal.notices.present import find_notice, words_for
from portal.notices.told import Words
from portal.notices.ways import fall_back
from portal.webhooks.delivery import MOST_ATTEMPTS

T = TypeVar("T")


def carry(
    event: OutboxEvent,
    channel: str,
    write: Callable[[Notice, Words, datetime], T],
    deliver: Callable[[T], str | None],
) -> None:
    """Send a notice by this way, unless it is no longer true.

    What will never be taken goes the next way. Raises what `deliver` raises when it is to be tried again.
    """
    message = _hand_over(event, channel, write)
    if message is None:
        return
    try:
        reference = deliver(message)
    except Undeliverable as never:
        _give_up(event, channel, str(never))
    except Exception as error:
        if event.attempts >= MOST_ATTEMPTS:
            _give_up(event, channel, str(error) or repr(error))
        raise
    else:
        _note_sent(event, channel, reference)


@atomic
def _hand_over(event: OutboxEvent, channel: str, write: Callable[[Notice, Words, datetime], T]) -> T | None:
    """What is to be sent; None when there is nothing to send."""
    notice, at = find_notice(event), now()
    delivery = notice.by(channel) if notice else None
    if notice is None or delivery is None or not delivery.is_waiting:
        return None
    words = words_for(notice, at=at)
    if words is None or not notice.member.active:
        delivery.skip()
        notice.finish(at)
        return None
    return write(notice, words, at)


@atomic
def _note_sent(event: OutboxEvent, channel: str, reference: str | None) -> None:
    notice, at = find_notice(event), now()
    if notice and (delivery := notice.by(channel)):
        delivery.sent(at, reference)
        notice.finish(at)


@atomic
def _give_up(event: OutboxEvent, channel: str, error: str) -> None:
    notice = find_notice(event)
    if notice and (delivery := notice.by(channel)):
        delivery.fail(error)
        fall_back(notice)
