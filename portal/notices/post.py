"""A notice by e-mail: the way for whoever has no other, and the second one when the first does not arrive."""

from __future__ import annotations

import portal.messages.mail as mail
from portal.clock import now
from portal.database import atomic
from portal.messages.mail import Envelope, Undeliverable
from portal.models import Notice, OutboxEvent
from portal.models.notice import EMAIL, Delivery
from portal.notices.letters import write_letter
from portal.notices.present import find_notice, language_of, words_for
from portal.webhooks.delivery import MOST_ATTEMPTS


def carry_email(event: OutboxEvent) -> None:
    """Send the e-mail that a row of the outbox asks for, unless it is no longer true.

    Raises OSError or SMTPException when the server cannot be reached or wants it later: the row is tried again.
    """
    envelope = _hand_over(event)
    if envelope is None:
        return
    try:
        mail.deliver(envelope)
    except Undeliverable as never:
        _give_up(event, str(never))
    except Exception as error:
        if event.attempts >= MOST_ATTEMPTS:
            _give_up(event, str(error) or repr(error))
        raise
    else:
        _note_sent(event)


@atomic
def _hand_over(event: OutboxEvent) -> Envelope | None:
    """The letter; None when there is nothing to send."""
    notice, at = find_notice(event), now()
    delivery = _waiting(notice)
    if notice is None or delivery is None:
        return None
    words = words_for(notice, at=at)
    if words is None or not notice.member.active:
        delivery.skip()
        notice.finish(at)
        return None
    return write_letter(notice, words, language=language_of(notice), at=at)


@atomic
def _note_sent(event: OutboxEvent) -> None:
    notice, at = find_notice(event), now()
    if notice and (delivery := notice.by(EMAIL)):
        delivery.sent(at)
        notice.finish(at)


@atomic
def _give_up(event: OutboxEvent, error: str) -> None:
    notice = find_notice(event)
    if notice and (delivery := notice.by(EMAIL)):
        delivery.fail(error)
        notice.finish(now())


def _waiting(notice: Notice | None) -> Delivery | None:
    delivery = notice.by(EMAIL) if notice else None
    return delivery if delivery and delivery.is_waiting else None
