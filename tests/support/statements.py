"""How many SQL statements something takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

BOOKKEEPING = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Statements(list[str]):
    """The statements sent so far, in order."""

    def at_most(self, limit: int) -> None:
        """Raise AssertionError listing all statements when there are more than `limit`."""
        listed = "\n".join(f"{number}. {' '.join(sql.split())[:300]}" for number, sql in enumerate(self, 1))
        assert len(self) <= limit, f"{len(self)} SQL statements, at most {limit} allowed:\n{listed}"


@contextmanager
def counted(engine: Engine) -> Iterator[Statements]:
    """Collect what is sent to `engine`; transaction control is not counted."""
    statements = Statements()

    def note(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if not sql.lstrip().upper().startswith(BOOKKEEPING):
            statements.append(sql)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
