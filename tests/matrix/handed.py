"""What a request hands to its database. What no statement carries, no database can choke on.

So a bad value is asked about on SQLite, and again on PostgreSQL when that request handed over anything that a usual one
does not: another statement, or another value in it. What is not sure to be usual counts as new.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def handed(engine: Engine) -> Iterator[set[str]]:
    """Collect the statements that are sent to `engine` and the values they carry, until the set is cleared."""
    found: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        found.add(statement)
        found.update(repr(value) for value in _flat(given) if not _is_the_moment(value))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _flat(given: Any) -> Iterator[Any]:
    if isinstance(given, dict):
        yield from _flat(list(given.values()))
    elif isinstance(given, (list, tuple)):
        for one in given:
            yield from _flat(one)
    else:
        yield given


def _is_the_moment(value: Any) -> bool:
    """Reckoned from the clock, and so another each time: none of bad_values.py has a fraction of a second."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return False
    return isinstance(value, datetime) and value.microsecond != 0
