"""Tests that write beside a running portal wait for their turn, as the portal does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from portal.database import db


@contextmanager
def patience() -> Iterator[None]:
    """SQLite refuses whoever has read and then writes, at once, when another process writes; here she waits instead.

    Verbs begin as writers by themselves. What a test changes otherwise ends what it has read first.
    """
    watched = (("before_flush", _before_flush), ("do_orm_execute", _before_execute))
    for name, wait in watched:
        event.listen(db.session, name, wait)
    try:
        yield
    finally:
        for name, wait in watched:
            event.remove(db.session, name, wait)


def _before_flush(session: Session, *_: Any) -> None:
    _begin_as_writer(session)


def _before_execute(state: ORMExecuteState) -> None:
    if not state.is_select:
        _begin_as_writer(state.session)


def _begin_as_writer(session: Session) -> None:
    connection = session.connection()
    if connection.dialect.name == "sqlite" and not session.info.get("atomic"):
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
