"""Running commands inside the test's process, and the demo loaded once per database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from portal.clock import frozen
from portal.database import db
from portal.demo.load import load_demo
from tests.support.databases import Databases
from tests.support.portal_app import make_app

# A Tuesday in Paris, ten past two in the afternoon.
MOMENT = datetime(2026, 11, 24, 13, 10, tzinfo=UTC)

Command = Callable[..., Result]


@pytest.fixture
def flask(app: Flask) -> Command:
    """`flask("keys", "create", …)` on the database of `app`."""
    runner = app.test_cli_runner()

    def run(*words: str, **given: Any) -> Result:
        db.session.rollback()  # what the test has read so far must not stand in the command's way
        return runner.invoke(args=list(words), **given)

    return run


@pytest.fixture(scope="module")
def loaded(databases: Databases, backend: str) -> Iterator[Flask]:
    """A portal of its own with the demo in it, as it looks at MOMENT. Only for tests that read."""
    app = make_app(databases.create(backend).url)
    with app.app_context(), frozen(MOMENT):
        load_demo(MOMENT)
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def demo(loaded: Flask) -> Iterator[Flask]:
    """The loaded demo with its context pushed and the clock standing at MOMENT."""
    with loaded.app_context(), frozen(MOMENT):
        yield loaded
        db.session.rollback()
        db.session.remove()
