"""Runs the migrations with the application's own engine, and puts the guards back after each upgrade."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from portal import guards
from portal.database import Base, db
from portal.sqlite import foreign_keys_off


def keep(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """The exclusion constraints' indexes belong to the guards, not to the models."""
    return not (kind == "index" and name in guards.INDEXES)


def migrate(connection: Connection) -> None:
    """Upgrade or downgrade in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=keep,
        transactional_ddl=True,
    )
    # A batch rebuild drops the old table: rows that point at it must not be refused or deleted meanwhile.
    with foreign_keys_off(connection), context.begin_transaction():
        context.run_migrations()
        if not current_app.config["SETTINGS"].unsafe_without_guards:
            guards.install(connection)


with db.engine.connect().execution_options(thermes_write=True) as connection:
    migrate(connection)
