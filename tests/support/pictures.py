"""A cast that many tests begin with is built once; afterwards its rows are put back as they were."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from portal.clock import today
from portal.database import Base, db
from tests.support.databases import Database

T = TypeVar("T")
PARIS = "Europe/Paris"
# What was done ten minutes ago can still be undone, and nothing of it has expired.
FRESH_SECONDS = 600


@dataclass(frozen=True)
class _Picture(Generic[T]):
    day: date
    taken_at: float
    rows: Callable[[], None]
    objects: bytes

    @property
    def is_fresh(self) -> bool:
        return self.day == today(PARIS) and time.monotonic() - self.taken_at < FRESH_SECONDS


class Pictures:
    """What was built in one database, by the function that built it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._taken: dict[Callable[[], Any], _Picture[Any]] = {}

    def show(self, make: Callable[[], T]) -> T:
        """What `make()` returns, with its rows in the database, which was empty; its objects belong to `db.session`."""
        picture: _Picture[T] | None = self._taken.get(make)
        if picture is None or not picture.is_fresh:
            picture = self._taken[make] = self._take(make)
        else:
            db.session.commit()
            picture.rows()
        shown: T = pickle.loads(picture.objects)  # noqa: S301  (made here)
        db.session.add_all(_rows_in(shown))
        return shown

    def _take(self, make: Callable[[], T]) -> _Picture[T]:
        day, at, made = today(PARIS), time.monotonic(), make()
        db.session.commit()
        db.session.expunge_all()
        return _Picture(day, at, self._database.keep(), pickle.dumps(made))


def _rows_in(value: Any) -> Iterator[Base]:
    if isinstance(value, Base):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _rows_in(one)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _rows_in(getattr(value, each.name))
