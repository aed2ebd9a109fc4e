"""The fixtures every test may ask for. Tests that ask for `app`, directly or not, run on both databases."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask

from portal.database import db
from tests.factories import House, make_house
from tests.support.client import PageClient
from tests.support.databases import BACKENDS, Database, Databases, tear_down
from tests.support.patience import patience
from tests.support.pictures import Pictures
from tests.support.portal_app import make_app, migrate
from tests.support.server import LiveServer, serve
from tests.support.statements import Statements, counted

HOME = pytest.StashKey[Path]()
KEPT_SETTINGS = ("PORTAL_TEST_DATABASE_URL", "PORTAL_CHROMIUM")


def pytest_configure(config: pytest.Config) -> None:
    """One folder for all workers of this run; the settings of the person who runs it do not reach the tests."""
    for name in [name for name in os.environ if name.startswith("PORTAL_") and name not in KEPT_SETTINGS]:
        del os.environ[name]
    given = getattr(config, "workerinput", {}).get("home")
    home = Path(given or tempfile.mkdtemp(prefix="thermes-tests-"))
    home.chmod(0o755)  # PostgreSQL may have to run as another user
    config.stash[HOME] = home


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the folder is."""
    node.workerinput["home"] = str(node.config.stash[HOME])


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last one out turns off the light: workers have ended before the process that started them."""
    if not hasattr(config, "workerinput") and HOME in config.stash:
        tear_down(config.stash[HOME])


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failed test with a live server shows what the server wrote."""
    report = cast("pytest.TestReport", (yield))
    server = getattr(item, "funcargs", {}).get("live_server")
    if report.failed and isinstance(server, LiveServer):
        report.sections.append(("Log of the live server", server.logs()[-20_000:]))
    return report  # type: ignore[return-value]  # a hook wrapper hands on what it was given


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config) -> Iterator[Databases]:
    """Makes further databases: `databases.create("postgresql")`."""
    worker = getattr(pytestconfig, "workerinput", {}).get("workerid", "main")
    made = Databases(pytestconfig.stash[HOME], worker, migrate)
    yield made
    made.close()


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql`."""
    return str(request.param)


@pytest.fixture(scope="session")
def database(backend: str, databases: Databases) -> Database:
    """This worker's migrated database; emptied after each test that uses `app`."""
    return databases.create(backend)


@pytest.fixture(scope="session")
def portal(database: Database) -> Iterator[Flask]:
    """The portal on that database, built once; ask for `app` instead, which cleans up."""
    made = make_app(database.url)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def pictures(database: Database) -> Pictures:
    """Puts back what was built in that database before: `pictures.show(make_house)`."""
    return Pictures(database)


@pytest.fixture
def app(portal: Flask, database: Database) -> Iterator[Flask]:
    """The portal with its context pushed, so that `db.session` works; afterwards the database is empty again."""
    with portal.app_context():
        yield portal
        db.session.rollback()
        db.session.remove()
    database.empty()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser without JavaScript in which nobody is signed in; every page that it gets is inspected."""
    return cast("PageClient", app.test_client())


@pytest.fixture
def house(app: Flask, pictures: Pictures) -> House:
    """The cast: Maison Lutèce with its people, and Eve's organisation next door."""
    return pictures.show(make_house)


@pytest.fixture
def new_client(app: Flask) -> Callable[[], PageClient]:
    """Another browser: `camille, eve = new_client(), new_client()`."""
    return lambda: cast("PageClient", app.test_client())


@pytest.fixture
def statements(app: Flask) -> Callable[[], AbstractContextManager[Statements]]:
    """`with statements() as sent: …; sent.at_most(4)`."""
    return lambda: counted(db.engine)


@pytest.fixture
def live_server(app: Flask, database: Database, tmp_path: Path) -> Iterator[LiveServer]:
    """The portal under gunicorn on the same database as `app`, with a worker for what is due."""
    db.session.commit()
    with serve(database.url, tmp_path, jobs=True) as server, patience():
        yield server
