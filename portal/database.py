"""How everything is stored: model base, column types, constraint names, and the only code that commits."""

from __future__ import annotations

import contextlib
import functools
import random
import select
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, ParamSpec, TypeVar, cast

import psycopg
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Insert,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    event,
    insert,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, SessionTransaction, mapped_column
from sqlalchemy.pool import Pool
from sqlalchemy.types import TypeDecorator

from portal.sqlite import turn_to_write

P = ParamSpec("P")
R = TypeVar("R")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcInstant(TypeDecorator[datetime]):
    """An instant. Naive datetimes are refused; what comes back is aware and in UTC.

    SQLite has no zones: there it is stored as fixed-width UTC text, so that `<` compares instants.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all models: bigint key inside; `uuid` is the only identifier shown outside."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy's own declaration style)
        datetime: UtcInstant,
        int: BigInteger().with_variant(Integer, "sqlite"),
        uuid.UUID: Uuid(),
    }


Key = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
PublicId = Annotated[uuid.UUID, mapped_column(Uuid(), unique=True, default=uuid.uuid4)]
Name = Annotated[str, mapped_column(String(200))]


class OrganisationOwned:
    """A row of one tenant."""

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)


class VenueOwned(OrganisationOwned):
    """A row of one venue; the organisation is repeated so that every query can be scoped by it."""

    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), index=True)


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


def atomic(verb: Callable[P, R]) -> Callable[P, R]:
    """Run a verb in one transaction: the outermost commits, an inner one joins, an exception rolls back.

    A transaction that the database itself chose to break (deadlock, serialisation, a guest who was merged meanwhile)
    is run again from its start, at most five times; verbs lock and re-read, so running one again is harmless.
    """

    @functools.wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        session = db.session()
        if session.info.get("atomic"):
            return verb(*args, **kwargs)
        for attempt in range(1, 6):
            try:
                return _run_once(session, functools.partial(verb, *args, **kwargs))
            except DBAPIError as broken:
                if attempt == 5 or not _was_broken_by_database(broken):
                    raise
                time.sleep(random.uniform(0.005, 0.02) * attempt)  # noqa: S311  (jitter, not a secret)
        raise AssertionError("unreachable")

    return run


def end_reading(error: BaseException | None = None) -> None:
    """End a transaction that only read by a commit; one that holds anything unwritten, or failed, is left to roll back.

    psycopg forgets its prepared statements at every ROLLBACK, and PostgreSQL would plan all of them anew for the next
    request: that is four fifths of what a page costs it.
    """
    if error is not None or not db.session.registry.has():
        return
    session = db.session()
    if session.in_transaction() and _is_clean(session):
        with contextlib.suppress(DBAPIError):  # the answer is made already: a server lost now harms nobody
            session.commit()


def _is_clean(session: Session) -> bool:
    """Whether nothing waits to be written, and nothing was written that only its verb may commit."""
    has_news = session.new or session.dirty or session.deleted
    return not (has_news or session.info.get("flushed") or session.info.get("atomic"))


@event.listens_for(Session, "after_flush")
def _note_writing(session: Session, _flushing: Any) -> None:
    session.info["flushed"] = True


@event.listens_for(Session, "after_transaction_end")
def _forget_writing(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("flushed", None)


class _TakenBack(Exception):
    """What was only tried is rolled back."""


def rehearse(verb: Callable[[], R]) -> R:
    """What a verb would answer or raise, without doing it: its transaction is rolled back. Not inside another verb."""
    if db.session().info.get("atomic"):
        raise RuntimeError("a rehearsal would roll back the verb around it")
    answers: list[R] = []

    @atomic
    def run() -> None:
        answers.append(verb())
        raise _TakenBack

    try:
        run()
    except _TakenBack:
        return answers[0]
    raise AssertionError("unreachable")


def _run_once(session: Session, verb: Callable[[], R]) -> R:
    bind = session.get_bind()
    is_sqlite = bind.dialect.name == "sqlite"
    if is_sqlite:
        session.commit()  # a read lock that is open keeps every writer waiting, this one too
    with turn_to_write(bind):
        session.info["atomic"] = True
        try:
            if is_sqlite:
                session.connection(execution_options={"thermes_write": True})
            result = verb()
            session.commit()
            return result
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["atomic"] = False


def _was_broken_by_database(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in {"40001", "40P01"} or is_about_nobody(error)


def is_about_nobody(error: BaseException) -> bool:
    """Whether a row was refused because what it points at has gone meanwhile, as a guest who was merged."""
    if not isinstance(error, IntegrityError):
        return False
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return code in {"23503", "SQLITE_CONSTRAINT_FOREIGNKEY"}


def insert_into(model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT with `on_conflict_do_nothing` and `on_conflict_do_update`, which both databases have."""
    if db.session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(model)
    return postgresql.insert(model)


def append(*rows: Base) -> None:
    """Write new rows, of one table, that nobody looks at in this transaction: lines of a trail, messages for later.

    They are sent at once and are no objects of the session, whose bookkeeping costs more than the writing.
    """
    values = [{name: value for name, value in vars(row).items() if name != "_sa_instance_state"} for row in rows]
    if values:
        db.session.connection().execute(_insertion(type(rows[0])), values if len(values) > 1 else values[0])


@functools.cache
def _insertion(model: type[Base]) -> Insert:
    return insert(cast("Table", model.__table__))


def violated_constraint(error: IntegrityError) -> str | None:
    """The name of the constraint that refused a write, the same on both databases where the guards are ours."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name  # type: ignore[no-any-return]  # psycopg's Diagnostic is untyped here
    if getattr(error.orig, "sqlite_errorname", "") in {"SQLITE_CONSTRAINT_TRIGGER", "SQLITE_CONSTRAINT_UNIQUE"}:
        return str(error.orig)
    return None


def is_storable(text: str) -> bool:
    """Whether both databases can hold and look for the text: no NUL, no half of a surrogate pair."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


@event.listens_for(Pool, "checkout")
def _refuse_lost_connection(connection: Any, _record: Any, _proxy: Any) -> None:
    """A server that restarted has closed its end: new connections are made, and nobody waits for a ping."""
    if isinstance(connection, psycopg.Connection) and _has_unasked_words(connection):
        raise InvalidatePoolError()


def _has_unasked_words(connection: psycopg.Connection[Any]) -> bool:
    """Whether there is something to read on an idle connection: its end, or what the server said before."""
    if connection.closed:
        return True
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))
