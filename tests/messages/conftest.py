"""A house whose guests have an address, and the mail server that takes what is sent to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit import Actor
from portal.clock import frozen, now
from portal.config import read_settings
from portal.database import db
from portal.models import Customer, GuestMessage
from portal.notices.choices import NOTICES
from portal.notices.kinds import Kind
from portal.webhooks import delivery
from tests.bookings.conftest import book
from tests.factories import House, make_customer
from tests.support.smtpd import MailServer, serve_mail

__all__ = ["book"]


@pytest.fixture(autouse=True)
def guests_only(house: House) -> None:
    """What the team is told is no matter here, see tests/notices/."""
    for member in (house.therese, house.marc):
        member.preferences = {NOTICES: {"off": list(Kind)}}
    db.session.commit()


@pytest.fixture
def mail(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[MailServer]:
    """The server that the portal hands its mail to."""
    with serve_mail() as server:
        settings = app.config["SETTINGS"]
        given = {"mail_url": server.url, "instance_path": str(tmp_path)}
        monkeypatch.setitem(app.config, "SETTINGS", read_settings(**settings.model_dump() | given))
        yield server


@pytest.fixture
def odile(house: House) -> Customer:
    """A guest with an address."""
    return make_customer(
        house.organisation, first_name="Odile", last_name="Caron", email="odile@example.org",
        email_key="odile@example.org",
    )  # fmt: skip


def desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")


def work(at: datetime | None = None, *, after: float = 0) -> None:
    """What a worker does at an instant: by default so many seconds from now."""
    db.session.commit()
    with frozen((at or now()) + timedelta(seconds=after)):
        while delivery.deliver_due():
            pass
    db.session.expire_all()


def messages() -> list[GuestMessage]:
    return list(db.session.scalars(select(GuestMessage).order_by(GuestMessage.id)))


def states() -> list[tuple[str, str]]:
    """Kind and status of each message, in order."""
    return [(message.kind, message.status) for message in messages()]
