"""Rivals who do something at the same instant, and a portal in which nobody waits for anybody: the control."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from portal.database import db
from portal.errors import PortalError

DONE = "done"
_PATIENCE = 30
_MOMENT = 0.3


def at_once(app: Flask, *works: Callable[[], object]) -> list[str]:
    """What becomes of each, begun at the same moment in threads of their own: done, or the name of what was raised."""
    db.session.commit()
    told, barrier = ["nothing"] * len(works), threading.Barrier(len(works))

    def play(number: int) -> None:
        with app.app_context():
            barrier.wait(timeout=_PATIENCE)
            told[number] = _outcome(works[number])
            db.session.remove()

    threads = [threading.Thread(target=play, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=_PATIENCE)
    db.session.expire_all()
    return told


@contextmanager
def nobody_waits() -> Iterator[None]:
    """No row is locked and no writer waits in line; whoever would have locked looks.

    Before it writes anything each of two rivals waits a moment until the other wants to write too: both have then
    looked, whatever the machine does beside.
    """
    db.session.commit()
    bind, meeting = db.engine, threading.Barrier(2)

    def before_statement(state: ORMExecuteState) -> object:
        if not state.is_select:
            _meet(meeting)
        return _only_look(state)

    def before_flush(session: Session, _context: object, _rows: object) -> None:
        if session.new or session.dirty or session.deleted:
            _meet(meeting)

    event.listen(db.session, "do_orm_execute", before_statement)
    event.listen(db.session, "before_flush", before_flush)
    bind.update_execution_options(thermes_unguarded=True)
    try:
        yield
    finally:
        bind.update_execution_options(thermes_unguarded=False)
        event.remove(db.session, "do_orm_execute", before_statement)
        event.remove(db.session, "before_flush", before_flush)
        db.session.rollback()


def both_had_it(told: Sequence[str]) -> bool:
    """Whether everybody was told that it is done: what must never be, and is without the locks."""
    return set(told) == {DONE}


def _only_look(state: ORMExecuteState) -> object:
    statement = state.statement
    if getattr(statement, "_for_update_arg", None) is None:
        return None
    return state.invoke_statement(statement=_without_lock(statement))


def _meet(meeting: threading.Barrier) -> None:
    """Go on together, or alone after a moment: the other may have ended, or been refused."""
    try:
        meeting.wait(_MOMENT)
    except threading.BrokenBarrierError:
        meeting.reset()


def _without_lock(statement: Any) -> Any:
    looking = statement._generate()  # SQLAlchemy has no public way to take a lock back
    looking._for_update_arg = None
    return looking


def _outcome(work: Callable[[], object]) -> str:
    try:
        work()
    except PortalError as refused:
        return refused.code
    except Exception as broken:  # noqa: BLE001  (told to whoever compares)
        return type(broken).__name__
    return DONE
