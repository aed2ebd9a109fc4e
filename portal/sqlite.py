"""What SQLite needs that PostgreSQL does by itself: said transactions, safe settings, a queue for its one writer."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, event

# WAL has a rare corruption race in SQLite before 3.51.3 when several connections write.
_JOURNAL = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "TRUNCATE"
_SETTINGS = (f"journal_mode={_JOURNAL}", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000")


@contextmanager
def turn_to_write(bind: Engine | Connection) -> Iterator[None]:
    """Wait in line for the only write lock of a SQLite database. Nothing on PostgreSQL.

    SQLite itself polls with growing pauses: in a crowd somebody may be unlucky until time runs out. Threads and
    processes of the portal queue at a file beside the database instead, where the system wakes them one by one.
    """
    path = bind.engine.url.database
    if bind.dialect.name != "sqlite" or not path or path == ":memory:" or is_unguarded(bind):
        yield
        return
    line = None
    with suppress(OSError):  # where no file can be made, SQLite's own waiting has to do
        line = open(f"{path}.turn", "ab")  # noqa: SIM115  (closed below, which ends the turn)
        fcntl.flock(line, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if line is not None:
            line.close()


def is_unguarded(bind: Engine | Connection) -> bool:
    """Whether this is the negative control of the race tests, which writes as if nobody else did."""
    return bool(bind.get_execution_options().get("thermes_unguarded"))


@contextmanager
def foreign_keys_off(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild tables that others point at; afterwards every pointer is checked. Nothing on PostgreSQL.

    The pragma is ignored inside a transaction, so it goes to the driver, before SQLAlchemy begins one.
    Raises RuntimeError when a row points nowhere.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        lost = driver.execute("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise RuntimeError(f"rows point nowhere: {lost[:5]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # transactions begin where we say, see _begin
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and not is_unguarded(connection):
        is_write = connection.get_execution_options().get("thermes_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN DEFERRED")
