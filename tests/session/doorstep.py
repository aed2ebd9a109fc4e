"""At the sign-in page, as a browser stands there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.database import db
from portal.models import AuditEntry
from tests.factories import PASSWORD
from tests.support.client import PageClient

HOME = "203.0.113.5"
ELSEWHERE = "198.51.100.7"
FORM = ".//main//form[@action='/login']"


def knock(
    client: PageClient, email: str, password: str = PASSWORD, *, address: str = HOME, path: str = "/login", **words: Any
) -> TestResponse:
    """Open the page at `path` and send its form."""
    place = {"REMOTE_ADDR": address}
    client.get(path, environ_base=place)
    return client.submit(FORM, {"email": email, "password": password}, environ_base=place, **words)


def audit_lines() -> list[AuditEntry]:
    """The trail, oldest first."""
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
