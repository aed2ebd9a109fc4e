"""The notice that a row of the outbox is about, and what it says at this moment."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale

from portal.models import Notice, OutboxEvent
from portal.notices.queries import lock_notice
from portal.notices.told import Words
from portal.notices.words import words_of


def find_notice(event: OutboxEvent) -> Notice | None:
    """The notice as it is now, held until the transaction ends."""
    return lock_notice(event.organisation_id, event.subject) if event.subject else None


def words_for(notice: Notice, *, at: datetime) -> Words | None:
    """What it says, in the language of its member; None when it is no longer true."""
    with force_locale(language_of(notice)):
        return words_of(notice, at=at)


def language_of(notice: Notice) -> str:
    """In which language its member reads."""
    return notice.member.locale or notice.member.organisation.default_language
