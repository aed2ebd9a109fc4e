"""The portal as tests make it: testing settings, a given database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask

from portal import create_app
from portal.config import read_settings
from portal.database import db
from tests.support.client import PageClient
from tests.support.compiled import compile_once

ROOT = Path(__file__).resolve().parents[2]

# Every setting that a real start needs, as words for the environment of a process.
SETTINGS: dict[str, str] = {
    "environment": "testing",
    "secret_key": "a-secret-only-for-the-tests-of-thermes",
}


def make_app(url: str, **settings: Any) -> Flask:
    """A portal on the database at `url`; further settings by their names in portal/config.py."""
    compile_once()
    app = create_app(read_settings(**{**SETTINGS, **settings, "database_url": url}))
    app.test_client_class = PageClient
    return app


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest schema, the way `flask db upgrade` does."""
    app = make_app(url)
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        db.engine.dispose()


def as_environment(url: str, **settings: Any) -> dict[str, str]:
    """The same settings as variables for a process of its own."""
    values = {**SETTINGS, **settings, "database_url": url}
    return {f"PORTAL_{name.upper()}": str(value) for name, value in values.items()}
