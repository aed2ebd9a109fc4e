"""The world of the matrix and those who knock at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask

from portal.database import db
from portal.live.hub import hub_of
from tests.live.conftest import empty
from tests.matrix.people import NewClient, Person, Stage, make_people, make_stage
from tests.matrix.world import World
from tests.support.databases import Database, Databases
from tests.support.pictures import Pictures
from tests.support.portal_app import make_app

Scene = tuple[World, dict[str, Person]]
OnPostgresql = Callable[[], AbstractContextManager[tuple[Flask, World]]]


@pytest.fixture
def stage(app: Flask, pictures: Pictures) -> Stage:
    """Three venues, each full of canaries, and everybody's sessions."""
    return pictures.show(make_stage)


@pytest.fixture
def world(stage: Stage) -> World:
    """Three venues, each full of canaries."""
    return stage.world


@pytest.fixture
def people(stage: Stage, new_client: NewClient) -> dict[str, Person]:
    """A browser for every actor of the table."""
    return make_people(stage, new_client)


@pytest.fixture
def anew(app: Flask, database: Database, pictures: Pictures, new_client: NewClient) -> Callable[[], Scene]:
    """The world as it was in the beginning, for after a request that was let in has changed it."""

    def build() -> Scene:
        db.session.rollback()
        db.session.remove()
        database.empty()
        stage = pictures.show(make_stage)
        return stage.world, make_people(stage, new_client)

    return build


@pytest.fixture(scope="session")
def second(databases: Databases) -> Iterator[tuple[Flask, Database, Pictures]]:
    """Another portal, on PostgreSQL, beside that of the test."""
    database = databases.create("postgresql")
    app = make_app(database.url)
    yield app, database, Pictures(database)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def on_postgresql(second: tuple[Flask, Database, Pictures]) -> OnPostgresql:
    """`with on_postgresql() as (app, world): …` for a test that has asked SQLite already."""
    app, database, pictures = second

    @contextmanager
    def enter() -> Iterator[tuple[Flask, World]]:
        with app.app_context():
            try:
                yield app, pictures.show(make_stage).world
            finally:
                db.session.rollback()
                db.session.remove()
                empty(hub_of(app, db.engine))
                database.empty()

    return enter
