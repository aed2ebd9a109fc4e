"""Rivals who do something at the same instant, and a portal in which nobody waits for anybody: the control."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState

from portal.database import db
from portal.errors import PortalError

DONE = "done"
_PATIENCE = 30
_MOMENT = 0.03


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
    """No row is locked and no writer waits in line; whoever would have locked looks, and then thinks for a moment."""
    db.session.commit()
    bind = db.engine
    event.listen(db.session, "do_orm_execute", _only_look)
    bind.update_execution_options(thermes_unguarded=True)
    try:
        yield
    finally:
        bind.update_execution_options(thermes_unguarded=False)
        event.remove(db.session, "do_orm_execute", _only_look)
        db.session.rollback()


def both_had_it(told: Sequence[str]) -> bool:
    """Whether everybody was told that it is done: what must never be, and is without the locks."""
    return set(told) == {DONE}


def _only_look(state: ORMExecuteState) -> object:
    statement = state.statement
    if getattr(statement, "_for_update_arg", None) is None:
        return None
    found = state.invoke_statement(statement=_without_lock(statement)).freeze()
    time.sleep(_MOMENT)
    return found()


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
