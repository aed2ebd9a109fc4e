"""Maud at the settings of her venue, and short ways to what they leave behind."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.audit import Actor
from portal.database import db
from portal.models import AuditEntry, LiveEvent
from tests.bookings.conftest import Book, accept, book
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

__all__ = ["Book", "accept", "book"]


@pytest.fixture
def maud(client: PageClient, house: House) -> PageClient:
    """Her browser, signed in."""
    sign_in(client, house.maud)
    return client


def manager(house: House) -> Actor:
    return Actor.of_member(house.maud, door="agenda")


def trail(verb: str) -> list[dict[str, Any]]:
    """What the lines of this verb say has changed, oldest first."""
    lines = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == verb).order_by(AuditEntry.id))
    return [line.details["changes"] for line in lines]


def told() -> set[str]:
    """All topics that open pages were told of."""
    return {topic for event in db.session.scalars(select(LiveEvent)) for topic in event.topics}
