"""The local calendar day of an instant, worked out by the database: what guests are listed by."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, event, literal
from sqlalchemy.engine import Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class local_day_of(GenericFunction[date]):  # noqa: N801  (a SQL function's name)
    """`local_day_of(zone, instant)`."""

    type = Date()
    inherit_cache = True


def local_day(instant: ColumnElement[datetime], timezone: str) -> ColumnElement[date]:
    """The date that the calendar shows in an IANA zone at that instant."""
    return local_day_of(literal(timezone), instant)


@compiles(local_day_of, "postgresql")
def _local_day_postgresql(element: local_day_of, compiler: Any, **kw: Any) -> str:
    return f"CAST(timezone({compiler.process(element.clauses, **kw)}) AS date)"


@event.listens_for(Engine, "connect")
def _teach_sqlite(connection: Any, _record: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("local_day_of", 2, _local_day_sqlite, deterministic=True)


def _local_day_sqlite(timezone: str, stored: str | None) -> str | None:
    if stored is None:
        return None
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).astimezone(ZoneInfo(timezone)).date().isoformat()
