"""A request that only read ends with a commit, so that PostgreSQL's plans outlive it; whatever was not meant to be
written never is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import event, select, text

import portal.database as database
from portal.database import db, end_reading
from portal.models import Venue
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

ENOUGH = 12  # psycopg prepares a statement at its sixth execution
ON_POSTGRESQL = pytest.mark.parametrize("backend", ["postgresql"], indirect=True, scope="session")


def prepared() -> int:
    """How many SELECTs the connection that was used last has prepared."""
    with db.engine.connect() as connection:
        count = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT login_session.%'")
        return int(connection.scalar(count) or 0)


def read(client: PageClient, house: House) -> None:
    for _ in range(ENOUGH):
        assert client.get(f"/v/lutetia/agenda/{house.day}").status_code == 200


@ON_POSTGRESQL
def test_statements_stay_prepared_from_page_to_page(house: House, client: PageClient) -> None:
    sign_in(client, house.camille)
    db.engine.dispose()
    read(client, house)
    assert prepared() == 1


@ON_POSTGRESQL
def test_without_it_every_page_is_planned_anew(
    house: House, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a ROLLBACK makes psycopg forget."""
    sign_in(client, house.camille)
    db.engine.dispose()
    monkeypatch.setattr(database, "_is_clean", lambda _session: False)
    read(client, house)
    assert prepared() == 0


@pytest.mark.parametrize("flush", [False, True])
def test_what_no_verb_has_written_is_not_kept(house: House, app: Flask, flush: bool) -> None:
    """As when a form has filled an object and was refused."""
    with app.app_context():
        venue = db.session.scalars(select(Venue).where(Venue.slug == "lutetia")).one()
        venue.name = "Nobody’s"
        if flush:
            db.session.flush()
        end_reading()
    assert_unchanged(app)


def test_a_request_that_failed_is_rolled_back(house: House, app: Flask, count_commits: Callable[[], int]) -> None:
    with app.app_context():
        db.session.scalars(select(Venue)).all()
        end_reading(RuntimeError())
        assert count_commits() == 0
        end_reading()
        assert count_commits() == 1


def assert_unchanged(app: Flask) -> None:
    with app.app_context():
        assert db.session.scalars(select(Venue.name).where(Venue.name == "Nobody’s")).all() == []


@pytest.fixture
def count_commits(house: House) -> Iterator[Callable[[], int]]:
    """How often the database was asked to commit from here on."""
    commits: list[object] = []
    note = commits.append
    event.listen(db.engine, "commit", note)
    yield lambda: len(commits)
    event.remove(db.engine, "commit", note)
