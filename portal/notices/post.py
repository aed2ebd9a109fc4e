"""A notice by e-mail or by text message: for whoever cannot be woken, and when a push does not arrive."""

from __future__ import annotations

from datetime import datetime

import portal.messages.mail as mail
import portal.notices.sms as sms
from portal.messages.mail import Envelope
from portal.models import Notice, OutboxEvent
from portal.models.notice import EMAIL, SMS
from portal.notices.carrying import carry
from portal.notices.letters import link_of, write_letter
from portal.notices.present import language_of
from portal.notices.told import Words


def carry_email(event: OutboxEvent) -> None:
    """Send the e-mail that a row of the outbox asks for; see `carry`."""
    carry(event, EMAIL, _letter, mail.deliver)


def carry_sms(event: OutboxEvent) -> None:
    """Send the text message that a row of the outbox asks for; see `carry`."""
    carry(event, SMS, _text, sms.deliver)


def _letter(notice: Notice, words: Words, at: datetime) -> Envelope:
    return write_letter(notice, words, language=language_of(notice), at=at)


def _text(notice: Notice, words: Words, _at: datetime) -> sms.Sms:
    """Short: what, when, and where to answer."""
    lines = [words.title, *words.lines[:2], link_of(notice, words)]
    return sms.Sms(notice.uuid, notice.member.phone or "", "\n".join(lines))
