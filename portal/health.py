"""Is the process alive, and is the database there and migrated?"""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

import portal.guards as guards
from portal.config import ROOT
from portal.database import db

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
def readyz() -> tuple[Response, int]:
    """200 when the database answers, is migrated to our revision and has its guards; else 503 with what is missing."""
    try:
        with db.engine.connect() as connection:
            problems = find_problems(connection)
    except SQLAlchemyError:
        problems = ["database"]
    return jsonify(status="unavailable" if problems else "ok", missing=problems), 503 if problems else 200


def find_problems(connection: Connection) -> list[str]:
    """`migrations` and `guards`, as far as they are missing."""
    wanted = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    problems = [] if MigrationContext.configure(connection).get_current_revision() == wanted else ["migrations"]
    guarded = not current_app.config["SETTINGS"].unsafe_without_guards
    if not problems and guarded and guards.missing(connection):
        problems.append("guards")
    return problems
