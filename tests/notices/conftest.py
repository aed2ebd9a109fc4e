"""The desk changes something, and Thérèse is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit import Actor
from portal.database import db
from portal.models import LoginSession, Notice, PushSubscription, StaffMember
from portal.notices.browsers import keep_browser
from portal.notices.choices import NOTICES
from portal.notices.push import Target
from portal.vapid import new_private_key, public_key_of
from tests.bookings.conftest import Book, accept, book, offer_to
from tests.factories import House
from tests.messages.conftest import mail, work
from tests.notices.push_service import Browser, PushService, serve_push
from tests.support.sign_in import open_session

__all__ = ["Book", "accept", "book", "choose", "desk", "mail", "notices", "offer_to", "said", "states", "work"]


@pytest.fixture
def push(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    """The push service of all browsers, for which the portal has a key."""
    key = new_private_key()
    monkeypatch.setitem(app.config, "VAPID_PRIVATE_KEY", key)
    monkeypatch.setitem(app.config, "VAPID_PUBLIC_KEY", public_key_of(key))
    with serve_push() as service:
        yield service


def subscribe(push: PushService, member: StaffMember, name: str = "a") -> Browser:
    """A browser in which the member is signed in and wants to be told."""
    browser = Browser(f"{push.url}/{name}")
    _token, login = open_session(member)
    keep(browser, login)
    return browser


def keep(browser: Browser, login: LoginSession) -> PushSubscription:
    return keep_browser(login, Target(**browser.form), user_agent="Mozilla/5.0 (Linux; Android 15) Chrome/142 Mobile")


def desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")


def notices(member: StaffMember) -> list[Notice]:
    """What the member was to be told, in order."""
    db.session.rollback()
    query = select(Notice).where(Notice.member_id == member.id).order_by(Notice.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def states(member: StaffMember) -> list[tuple[str, str]]:
    """Kind of each notice to the member, and what became of it: waiting, voided, or the channels with their status."""
    return [(notice.kind, _state(notice)) for notice in notices(member)]


def choose(member: StaffMember, **choices: Any) -> None:
    """What she wants to be told, as it is kept."""
    member.preferences = {**member.preferences, NOTICES: choices}
    db.session.commit()


def said(letter: EmailMessage, form: str = "plain") -> str:
    """The text of an e-mail."""
    part = letter.get_body((form,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def _state(notice: Notice) -> str:
    if notice.voided_at:
        return "voided"
    return " ".join(f"{one.channel}:{one.status}" for one in notice.deliveries) or "waiting"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
