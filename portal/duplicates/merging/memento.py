"""Rows as plain JSON, so that a merge can be taken back, and rows again."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, DateTime, LargeBinary, Table, Uuid

from portal.database import Base, UtcInstant
from portal.models import Customer, CustomerKey

Row = dict[str, Any]
CUSTOMER: Any = Customer.__table__
# Follow from her row and are made anew.
_DERIVED = {str(CustomerKey.__tablename__)}


def pointers() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column of the schema that points at a guest: what a merge moves needs no list."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if table.name not in _DERIVED and any(key.column.table is CUSTOMER for key in column.foreign_keys):
                yield table, column


def remembered(row: Row) -> Row:
    """A row as JSON holds it."""
    return {name: _plain(value) for name, value in row.items()}


def recalled(table: Table, row: Row) -> Row:
    """A remembered row as its table holds it; columns that came later are left out."""
    return {name: _typed(table.columns[name].type, value) for name, value in row.items() if name in table.columns}


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case bytes():
            return base64.b64encode(value).decode()
    return value


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    match kind:
        case UtcInstant() | DateTime():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
        case Uuid():
            return UUID(value)
        case LargeBinary():
            return base64.b64decode(value)
    return value
