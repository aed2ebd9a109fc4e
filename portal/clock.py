"""The only source of time: everything asks here, so that a test can move the clock for the whole house."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today(timezone: str) -> date:
    """The calendar date at this moment in an IANA zone: a venue's today, never the server's."""
    return now().astimezone(ZoneInfo(timezone)).date()


def local_date(instant: datetime, timezone: str) -> date:
    """The calendar date of an instant in an IANA zone."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def day_bounds(day: date, timezone: str) -> tuple[datetime, datetime]:
    """First instant of the local day and first instant of the next one, in UTC (23, 24 or 25 hours apart)."""
    return start_of_day(day, timezone), start_of_day(day + timedelta(days=1), timezone)


def start_of_day(day: date, timezone: str) -> datetime:
    """The first instant that carries this local date; midnight itself may fall into a spring gap."""
    return local_instant(datetime(day.year, day.month, day.day), timezone)


def local_instant(wall: datetime, timezone: str) -> datetime:
    """The UTC instant of a naive local wall time.

    A time that exists twice is the first one; one that does not exist becomes the first instant after the gap.
    """
    zone = ZoneInfo(timezone)
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # fold=0 inside a gap uses the offset before it, fold=1 the offset after it: the gap's edge lies between them.
    after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    low, high = min(instant, after), max(instant, after)
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def exists(wall: datetime, timezone: str) -> bool:
    """Whether a naive local wall time occurs at all in that zone."""
    zone = ZoneInfo(timezone)
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Stop the clock at `instant` (aware) for the current thread: for tests and for `flask worker --at`."""
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
