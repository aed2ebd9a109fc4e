"""The world of the matrix and those who knock at it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from portal.database import db
from tests.matrix.people import NewClient, Person, Stage, make_people, make_stage
from tests.matrix.world import World
from tests.support.databases import Database
from tests.support.pictures import Pictures

Scene = tuple[World, dict[str, Person]]


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
