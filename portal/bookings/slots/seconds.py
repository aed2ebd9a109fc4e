"""Instants as whole numbers, straight from the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class seconds(GenericFunction[int]):  # noqa: N801  (a SQL function's name)
    """Whole epoch seconds of an instant, computed by the database: much cheaper to read than datetimes."""

    type = Integer()
    inherit_cache = True


@compiles(seconds, "postgresql")
def _seconds_postgresql(element: seconds, compiler: Any, **kw: Any) -> str:
    return f"EXTRACT(EPOCH FROM {compiler.process(element.clauses, **kw)})::bigint"


@compiles(seconds, "sqlite")
def _seconds_sqlite(element: seconds, compiler: Any, **kw: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **kw)}) AS INTEGER)"
