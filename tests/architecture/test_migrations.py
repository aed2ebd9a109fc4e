"""One set of migrations for both databases: up, down, up again; afterwards the schema is what the models say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect

from portal import guards
from portal.database import Base, db
from tests.support.databases import Databases
from tests.support.portal_app import ROOT, make_app

MIGRATIONS = ROOT / "migrations"
SCRIPTS = ScriptDirectory(str(MIGRATIONS))
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]


@pytest.fixture
def bare_app(backend: str, databases: Databases) -> Iterator[Flask]:
    """The portal on a database without a single table."""
    app = make_app(databases.create(backend, migrated=False).url)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_up_down_and_up_again(bare_app: Flask) -> None:
    _upgrade("head")
    first = _schema()
    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="base")
    assert set(_schema()) <= {"alembic_version"}, "downgrade() must undo upgrade() completely."
    _upgrade("head")
    assert _schema() == first, "Going down and up again must lead to the same schema."


def test_each_step_can_be_undone(bare_app: Flask) -> None:
    for revision in REVISIONS:
        _upgrade(revision)
        before = _schema()
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision="-1")
        _upgrade(revision)
        assert _schema() == before, f"{revision}: down and up again must lead to the same schema."


def test_models_and_schema_agree(bare_app: Flask) -> None:
    _upgrade("head")
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_ours})
        differences = compare_metadata(context, Base.metadata)
    assert differences == [], "Write a migration: `.venv/bin/flask db migrate`, then number and name its file."


def test_guards_stand_after_every_step(bare_app: Flask) -> None:
    for revision in REVISIONS:
        _upgrade(revision)
        with db.engine.connect() as connection:
            assert guards.missing(connection) == [], f"After {revision} the database itself must refuse overlaps."


def test_the_history_is_one_line_of_numbered_files() -> None:
    files = sorted(path.name for path in Path(SCRIPTS.versions).glob("*.py"))
    assert len(SCRIPTS.get_heads()) == 1, "Two migrations follow the same one: change the later one's down_revision."
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in files), files
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1)), files


def _upgrade(revision: str) -> None:
    flask_migrate.upgrade(directory=str(MIGRATIONS), revision=revision)


def _schema() -> dict[str, Any]:
    """Tables with their columns, indexes and checks, as the database itself tells them."""
    look = inspect(db.engine)
    return {
        table: (
            sorted((column["name"], str(column["type"]), column["nullable"]) for column in look.get_columns(table)),
            sorted(str(index["name"]) for index in look.get_indexes(table)),
            sorted(str(check["name"]) for check in look.get_check_constraints(table)),
            sorted(str(key["name"]) for key in look.get_foreign_keys(table)),
        )
        for table in look.get_table_names()
    }


def _is_ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    return not (kind == "index" and name in guards.INDEXES) and name != "alembic_version"
