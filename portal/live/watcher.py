"""The one thread of a process that watches the database for all its open pages."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Protocol

import structlog
from sqlalchemy import Connection, Engine, PoolProxiedConnection
from sqlalchemy.exc import SQLAlchemyError

from portal.live import queries
from portal.live.changes import Change, Ledger

RECOVERY_SECONDS = 1.0
_log = structlog.get_logger()


class Source(Protocol):
    """How changes are found on one kind of database."""

    pause: float

    def read(self, ledger: Ledger) -> list[Change]: ...

    def close(self) -> None: ...


class SqliteSource:
    """Asks SQLite's own change counter, which costs microseconds, and reads only when it has moved."""

    pause = 0.1

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._counter: PoolProxiedConnection | None = None
        self._version: int | None = None

    def read(self, ledger: Ledger) -> list[Change]:
        version = self._read_version()
        if version == self._version:
            return []
        # No transaction stays open between two looks: it would hide the changes and hold up whoever writes.
        with self._engine.connect() as connection:
            found = queries.find_new(connection, newest=ledger.newest, gaps=())
        self._version = version
        return found

    def close(self) -> None:
        if self._counter is not None:
            self._counter.close()
            self._counter = None

    def _read_version(self) -> int:
        if self._counter is None:
            self._counter = self._engine.raw_connection()
            self._version = None
        cursor = self._counter.cursor()
        cursor.execute("PRAGMA data_version")
        (version,) = cursor.fetchone() or (None,)
        cursor.close()
        return int(version or 0)


class PostgresqlSource:
    """One statement on a connection of its own, outside any transaction."""

    pause = 0.2

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None

    def read(self, ledger: Ledger) -> list[Change]:
        if self._connection is None:
            self._connection = self._engine.connect()
        return queries.find_new(self._connection, newest=ledger.newest, gaps=ledger.gaps)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Watcher(threading.Thread):
    """Hands what changed to `deliver`, until `stop`. A database that is away for a while is waited for."""

    def __init__(self, engine: Engine, *, deliver: Callable[[list[Change], int], bool]) -> None:
        super().__init__(name="live-watcher", daemon=True)
        self._source: Source = SqliteSource(engine) if engine.dialect.name == "sqlite" else PostgresqlSource(engine)
        self._deliver = deliver
        self._stopped = threading.Event()
        with engine.connect() as connection:
            self._ledger = Ledger(queries.find_recent_ids(connection), at=time.monotonic())

    @property
    def horizon(self) -> int:
        """Whatever lies at or below this id was delivered or was there before; see Ledger."""
        return self._ledger.horizon

    def stop(self) -> None:
        """End soon; does not wait."""
        self._stopped.set()

    def run(self) -> None:
        """Look, hand on, pause; `deliver` answers whether anybody is still there."""
        try:
            while not self._stopped.is_set() and self._deliver(self._look(), self.horizon):
                self._stopped.wait(self._source.pause)
        finally:
            self._source.close()

    def _look(self) -> list[Change]:
        try:
            found = self._source.read(self._ledger)
        except (SQLAlchemyError, sqlite3.Error) as broken:
            _log.warning("live updates wait for the database", error=type(broken).__name__)
            self._source.close()
            self._stopped.wait(RECOVERY_SECONDS)
            return []
        self._ledger.note((change.id for change in found), at=time.monotonic())
        return found
