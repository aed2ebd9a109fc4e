"""Carries outbox rows to whoever listens: at least once, by any number of workers, each row leased to one at a time."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, func, or_, select

from portal.clock import now
from portal.database import atomic, db
from portal.models import OutboxEvent

# Who listens to which event type. A type that nobody listens to is delivered as soon as it is seen.
Subscriber = Callable[[OutboxEvent], None]
SUBSCRIBERS: dict[str, list[Subscriber]] = {}

LEASE = timedelta(seconds=60)
# Between one attempt and the next, each give or take JITTER, so that what failed together does not come back together.
PAUSES = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
JITTER = 0.1
MOST_ATTEMPTS = len(PAUSES) + 1
# What has failed is tried that often; what ends its worker each time is stopped earlier.
MOST_DEATHS = 5
# So many of those that nobody listens to are ticked off together.
BATCH = 100
_log = structlog.get_logger(__name__)


class TryLater(Exception):
    """Whoever is told wants it later: not before `retry_after`, when that is said."""

    def __init__(self, text: str, retry_after: timedelta | None = None) -> None:
        self.retry_after = retry_after or timedelta(0)
        super().__init__(text)


def deliver_due() -> int:
    """Deliver the row that has been due for longest; returns how many were dealt with, 0 when there is nothing to do.

    One row is leased at a time: a worker that is killed leaves the one behind that it had in hand, which is carried
    again when its lease has run out, and nothing else waits. Rows to which nobody listens are ticked off on the way.

    A row that fails is tried again after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h, each give or take a tenth: 10
    attempts over 75 h 35 min. Then it is parked, which is logged as an error and told by `flask check`; so is, after 5
    attempts, a row that none of its workers survived.
    """
    at = now()
    if db.session.scalar(_due(at).with_only_columns(OutboxEvent.id).limit(1)) is None:
        return 0
    dealt_with, leased = _take(at)
    if leased is not None:
        _carry(leased)
    return dealt_with


def pause_after(attempts: int) -> timedelta:
    """How long a row waits that has failed so many times."""
    return PAUSES[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  (jitter, not a secret)


def count_parked() -> int:
    """How many rows were given up: they wait for a person."""
    parked = select(func.count()).select_from(OutboxEvent).where(OutboxEvent.failed_at.is_not(None))
    return db.session.scalar(parked) or 0


@atomic
def _take(at: datetime) -> tuple[int, OutboxEvent | None]:
    """How many rows were dealt with or taken, and the one that is ours to carry until its lease ends."""
    heard = OutboxEvent.type.in_(SUBSCRIBERS)
    unheard = db.session.scalars(_due(at).where(~heard).limit(BATCH).with_for_update(skip_locked=True)).all()
    for event in unheard:
        event.deliver(at)
    found = db.session.scalar(_due(at).where(heard).limit(1).with_for_update(skip_locked=True))
    if found is None:
        return len(unheard), None
    if found.attempts >= (MOST_ATTEMPTS if found.error else MOST_DEATHS):
        _park(found, at, found.error or "no worker survived it")
        return len(unheard) + 1, None
    found.lease(at + LEASE)
    return len(unheard) + 1, found


def _carry(event: OutboxEvent) -> None:
    lease = event.lease_until
    try:
        for tell in SUBSCRIBERS[event.type]:
            tell(event)
    except Exception as error:  # noqa: BLE001  (one subscriber's fault must not stop the other rows)
        db.session.rollback()
        _log.warning("delivery failed", outbox=str(event.uuid), type=event.type, error=repr(error))
        patience = error.retry_after if isinstance(error, TryLater) else timedelta(0)
        _settle(event, lease, error=repr(error)[:1000], patience=patience)
    else:
        _settle(event, lease, error=None)


@atomic
def _settle(
    event: OutboxEvent, lease: datetime | None, *, error: str | None, patience: timedelta = timedelta(0)
) -> None:
    """Write down how it went, unless the lease ran out meanwhile and the row is another worker's by now."""
    at = now()
    ours = select(OutboxEvent).where(OutboxEvent.id == event.id, OutboxEvent.lease_until == lease)
    current = db.session.scalar(ours.with_for_update().execution_options(populate_existing=True))
    if current is None:
        return
    if error is None:
        current.deliver(at)
    elif current.attempts >= MOST_ATTEMPTS:
        _park(current, at, error)
    else:
        current.postpone(at + max(patience, pause_after(current.attempts)), error)


def _park(event: OutboxEvent, at: datetime, error: str) -> None:
    event.park(at, error)
    _log.error("delivery given up", outbox=str(event.uuid), type=event.type, error=error)


def _due(at: datetime) -> Select[OutboxEvent]:
    return (
        select(OutboxEvent)
        .where(
            OutboxEvent.done_at.is_(None),
            OutboxEvent.failed_at.is_(None),
            OutboxEvent.run_at <= at,
            or_(OutboxEvent.lease_until.is_(None), OutboxEvent.lease_until <= at),
        )
        .order_by(OutboxEvent.run_at, OutboxEvent.id)
        .execution_options(populate_existing=True)
    )
