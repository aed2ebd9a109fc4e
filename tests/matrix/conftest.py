"""The world of the matrix and those who knock at it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from portal.database import db
from tests.matrix.people import NewClient, Person, make_people
from tests.matrix.world import World, make_world
from tests.support.databases import Database
from tests.support.pictures import Pictures

Stage = tuple[World, dict[str, Person]]


@pytest.fixture
def world(app: Flask, pictures: Pictures) -> World:
    """Three venues, each full of canaries."""
    return pictures.show(make_world)


@pytest.fixture
def people(world: World, new_client: NewClient) -> dict[str, Person]:
    """A browser for every actor of the table."""
    return make_people(world, new_client)


@pytest.fixture
def anew(app: Flask, database: Database, pictures: Pictures, new_client: NewClient) -> Callable[[], Stage]:
    """The world as it was in the beginning, for after a request that was let in has changed it."""

    def build() -> Stage:
        db.session.rollback()
        db.session.remove()
        database.empty()
        world = pictures.show(make_world)
        return world, make_people(world, new_client)

    return build
