"""A notice as an e-mail: by venue or house, in the member's language, with the way to the page."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.i18n import name_of
from portal.messages.mail import Envelope
from portal.models import Notice
from portal.notices.tokens import LINK, token_of
from portal.notices.told import Words


def link_of(notice: Notice, words: Words) -> str:
    """Where the message leads: to the page, or for an offer to the one place where it is answered without password."""
    path = f"/offer/{token_of(notice.uuid, LINK)}" if words.offer else words.path
    return str(current_app.config["SETTINGS"].base_url) + path


def write_letter(notice: Notice, words: Words, *, language: str, at: datetime) -> Envelope:
    """The letter with these words, addressed to the notice's member."""
    member = notice.member
    with force_locale(language):
        sender = name_of(notice.venue) if notice.venue else member.organisation.name
        facts = {
            "language": language,
            "sender": sender,
            "first_name": " ".join(member.first_name.split()),
            "words": words,
            "link": link_of(notice, words),
            "to_open": _("See and answer it") if words.offer else _("Open in Thermes"),
        }
        text, html = (
            current_app.jinja_env.get_template(name).render(facts) for name in ("mail/notice.txt", "mail/notice.html")
        )
    return Envelope(
        uuid=notice.uuid, to=member.email, to_name=member.name, sender_name=sender, language=language,
        subject=f"{words.title} – {words.lines[0]}" if words.lines else words.title,
        text=text.strip() + "\n", html=html, written_at=at,
    )  # fmt: skip
