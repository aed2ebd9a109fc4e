"""Running commands inside the test's process, and the demo loaded once per database."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from portal.clock import frozen
from portal.database import db
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


@dataclass(frozen=True)
class Loaded:
    """A portal with the demo in it: what `flask demo load --json` printed, and its seconds of the processor."""

    app: Flask
    told: dict[str, Any]
    seconds: float


@pytest.fixture(scope="session")
def loaded(databases: Databases, backend: str) -> Iterator[Loaded]:
    """The demo as it looks at MOMENT, loaded once into a database that had no tables. Tests leave it as it is."""
    app = make_app(databases.create(backend, migrated=False).url)
    begun = time.process_time()
    with frozen(MOMENT):
        result = load_with(app)
    assert result.exit_code == 0, result.output
    yield Loaded(app, json.loads(result.stdout), time.process_time() - begun)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def demo(loaded: Loaded) -> Iterator[Loaded]:
    """The loaded demo with its context pushed and the clock standing at MOMENT."""
    with loaded.app.app_context(), frozen(MOMENT):
        yield loaded
        db.session.rollback()
        db.session.remove()


def load_with(portal: Flask) -> Result:
    """`flask demo load --json` with this portal's settings."""
    with portal.app_context():
        result = portal.test_cli_runner().invoke(args=["demo", "load", "--json"])
        db.session.remove()
    return result
