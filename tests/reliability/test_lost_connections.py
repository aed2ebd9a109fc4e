"""The pool outlives its server: connections that were lost while idle are noticed before a request uses them."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from portal.database import db
from tests.support.databases import Databases, plain
from tests.support.portal_app import make_app

pytestmark = pytest.mark.postgres
IDLE = 3


@pytest.fixture
def postgresql_app(databases: Databases) -> Iterator[Flask]:
    """The portal on a PostgreSQL of its own, with idle connections in its pool."""
    app = make_app(databases.create("postgresql").url)
    with app.app_context():
        opened = [db.engine.connect() for _ in range(IDLE)]
        for connection in opened:
            connection.close()
        yield app
        db.engine.dispose()


def test_requests_go_on_after_the_server_has_ended_every_connection(postgresql_app: Flask) -> None:
    before = _end_all_connections(postgresql_app)

    answers = [postgresql_app.test_client().get("/readyz").status_code for _ in range(IDLE + 1)]

    assert before >= IDLE
    assert answers == [200] * (IDLE + 1)


def test_idle_connections_are_used_again(postgresql_app: Flask) -> None:
    with db.engine.connect() as connection:
        first = connection.scalar(text("SELECT pg_backend_pid()"))
    with db.engine.connect() as connection:
        second = connection.scalar(text("SELECT pg_backend_pid()"))

    assert first == second


def _end_all_connections(app: Flask) -> int:
    """End them the way a shutdown does; how many there were (the test database keeps one of its own)."""
    others = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(plain(app.config["SQLALCHEMY_DATABASE_URI"]), autocommit=True) as admin:
        return len(admin.execute(others, [admin.info.dbname]).fetchall())
