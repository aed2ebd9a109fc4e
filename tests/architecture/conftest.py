"""Most architecture tests look at the portal without asking a database anything."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.portal_app import make_app


@pytest.fixture(scope="session")
def portal() -> Flask:
    """The portal, for its routes and templates only: its database does not exist."""
    return make_app("sqlite:////there/is/no/database")
