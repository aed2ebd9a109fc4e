"""Ada at the partners of her organisation, and short ways to what she leaves behind."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.audit import Actor
from portal.database import db
from portal.models import AuditEntry
from tests.api.conftest import partner, wish
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

__all__ = ["partner", "wish"]


@pytest.fixture
def ada(client: PageClient, house: House) -> PageClient:
    """Her browser, signed in."""
    sign_in(client, house.ada)
    return client


def admin(house: House) -> Actor:
    return Actor.of_member(house.ada, door="agenda")


def home(house: House, path: str = "") -> str:
    """The address of the partner who has a key, or of a page below."""
    return f"/o/maison-lutece/partners/{house.key_row.partner.uuid}{path}"


def trail(verb: str) -> list[dict[str, Any]]:
    """What the lines of this verb tell, oldest first."""
    lines = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == verb).order_by(AuditEntry.id))
    return [line.details for line in lines]


def send(client: PageClient, path: str, form: dict[str, Any] | None = None) -> TestResponse:
    """Send a form without htmx, as it is, with the token of a page that was drawn before."""
    client.get("/o/maison-lutece/partners/new")
    return client.post(path, data={"csrf_token": client.page.csrf_token, **(form or {})})
