"""The desk changes something, and Thérèse is told."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select

from portal.audit import Actor
from portal.database import db
from portal.models import Notice, StaffMember
from portal.notices.choices import NOTICES
from tests.bookings.conftest import Book, accept, book, offer_to
from tests.factories import House
from tests.messages.conftest import mail, work

__all__ = ["Book", "accept", "book", "choose", "desk", "mail", "notices", "offer_to", "said", "states", "work"]


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
