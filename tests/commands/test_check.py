"""`flask check`: what must be mended, in sentences."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from flask import Flask

from portal import guards
from portal.database import db
from tests.commands.conftest import Command
from tests.support.databases import Databases
from tests.support.portal_app import make_app


def check(portal: Flask) -> tuple[int, str]:
    """Exit code and output with these settings."""
    with portal.app_context():
        result = portal.test_cli_runner().invoke(args=["check"])
        db.engine.dispose()
    return result.exit_code, result.stdout


def test_a_fit_installation_is_told_so(flask: Command) -> None:
    result = flask("check")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1].startswith("ok: testing, ")
    assert "migrated and guarded" in result.stdout


def test_missing_migrations_are_a_problem(databases: Databases, backend: str) -> None:
    code, told = check(make_app(databases.create(backend, migrated=False).url))
    assert code == 1
    assert "problem: The database is not migrated to this version: run flask db upgrade." in told


def test_missing_guards_are_a_problem(databases: Databases, backend: str) -> None:
    portal = make_app(databases.create(backend).url)
    with portal.app_context(), db.engine.begin() as connection:
        guards.remove(connection)
    code, told = check(portal)
    assert code == 1
    assert "problem: The database lacks the guards against double bookings: run flask db upgrade." in told


def test_an_unreachable_database_is_a_problem_without_its_password(tmp_path: Path) -> None:
    code, told = check(make_app("postgresql://someone:pass-word@127.0.0.1:9/nothing"))
    assert code == 1
    address = "postgresql+psycopg://someone:***@127.0.0.1:9/nothing"
    assert told.startswith(f"problem: The database {address} cannot be reached")
    assert "pass-word" not in told
    code, told = check(make_app(f"sqlite:///{tmp_path}/no/such/folder/x.sqlite3"))
    assert code == 1
    assert "unable to open database file" in told


@pytest.mark.parametrize(("version", "warned"), [((3, 40, 1), True), ((3, 51, 3), False)])
def test_an_old_sqlite_is_a_warning(
    databases: Databases, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], warned: bool
) -> None:
    portal = make_app(databases.create("sqlite").url)
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    monkeypatch.setattr(sqlite3, "sqlite_version", ".".join(map(str, version)))
    code, told = check(portal)
    assert code == 0
    assert told.count(f"warning: SQLite {sqlite3.sqlite_version} is older than 3.51.3") == warned


def test_plain_http_in_production_is_a_warning(databases: Databases) -> None:
    settings = {"environment": "production", "secret_key": "0123456789abcdef-long-enough"}
    url = databases.create("sqlite").url
    code, told = check(make_app(url, **settings))
    assert code == 0
    assert "warning: PORTAL_BASE_URL is not an https address" in told
    code, told = check(make_app(url, **settings, base_url="https://spa.example", encryption_keys=["A" * 43]))
    assert "PORTAL_BASE_URL" not in told
