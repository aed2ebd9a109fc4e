"""`flask check`: is this installation fit to serve?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from portal.config import Settings
from portal.database import db
from portal.health import find_problems
from portal.webhooks.delivery import count_parked

ADVICE = {
    "migrations": "The database is not migrated to this version: run flask db upgrade.",
    "guards": "The database lacks the guards against double bookings: run flask db upgrade.",
}
# Fixed in 3.51.3: several connections that write in WAL mode may corrupt the file.
SAFE_SQLITE = (3, 51, 3)


@click.command("check")
@with_appcontext
def check() -> None:
    """Check settings, database, migrations and guards. Ends with 1 when something must be mended."""
    settings: Settings = current_app.config["SETTINGS"]
    problems = list(_problems())
    for warning in [*_warnings(settings), *([] if problems else _undelivered())]:
        click.echo(f"warning: {warning}")
    for problem in problems:
        click.echo(f"problem: {problem}")
    if problems:
        raise click.exceptions.Exit(1)
    click.echo(f"ok: {settings.environment}, {_database()}, migrated and guarded")


def _problems() -> Iterator[str]:
    try:
        with db.engine.connect() as connection:
            yield from (ADVICE[problem] for problem in find_problems(connection))
    except SQLAlchemyError as error:
        first_line = str(getattr(error, "orig", error)).strip().split("\n")[0]
        yield f"The database {_database()} cannot be reached: {first_line}."


def _undelivered() -> Iterator[str]:
    if parked := count_parked():
        yield f"Messages and webhooks given up because nobody took them: {parked}. See the worker's log."


def _warnings(settings: Settings) -> Iterator[str]:
    if db.engine.dialect.name == "sqlite" and sqlite3.sqlite_version_info < SAFE_SQLITE:
        wanted = ".".join(map(str, SAFE_SQLITE))
        yield f"SQLite {sqlite3.sqlite_version} is older than {wanted}: WAL is not used, which makes writing slower."
    if settings.environment == "production" and not settings.https:
        yield "PORTAL_BASE_URL is not an https address: cookies are sent in the clear."
    if settings.environment == "production" and not settings.encryption_keys:
        yield (
            "PORTAL_ENCRYPTION_KEYS is empty: health notes cannot be stored, and managers and admins, who need a "
            "second step, cannot sign in. `flask keys encryption` makes one."
        )
    if settings.environment == "production" and not settings.vapid_private_key:
        yield "PORTAL_VAPID_PRIVATE_KEY is empty: nobody is told by push. `flask keys vapid` makes one."


def _database() -> str:
    return make_url(current_app.config["SQLALCHEMY_DATABASE_URI"]).render_as_string(hide_password=True)
