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
BATCH = 100
# What is begun within a lease is to end within it: the rest of a batch is left to whoever looks next.
LONGEST_CARRY = timedelta(seconds=25)
_log = structlog.get_logger(__name__)


class TryLater(Exception):
    """Whoever is told wants it later: not before `retry_after`, when that is said."""

    def __init__(self, text: str, retry_after: timedelta | None = None) -> None:
        self.retry_after = retry_after or timedelta(0)
        super().__init__(text)


def deliver_due() -> int:
    """Deliver one batch of what is due; returns how many rows were dealt with, 0 when there is nothing to do.

    A row that fails is tried again after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h, each give or take a tenth: 10
    attempts over 75 h 35 min. Then it is parked, which is logged as an error and told by `flask check`; so is, after 5
    attempts, a row that none of its workers survived.
    """
    at = now()
    if db.session.scalar(_due(at).with_only_columns(OutboxEvent.id).limit(1)) is None:
        return 0
    dealt_with, leased = _take(at)
    for number, event in enumerate(leased):
        if now() > (event.lease_until or at) - LONGEST_CARRY:
            _hand_back(leased[number:])
            break
        _carry(event)
    return dealt_with


def pause_after(attempts: int) -> timedelta:
    """How long a row waits that has failed so many times."""
    return PAUSES[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  (jitter, not a secret)


def count_parked() -> int:
    """How many rows were given up: they wait for a person."""
    parked = select(func.count()).select_from(OutboxEvent).where(OutboxEvent.failed_at.is_not(None))
    return db.session.scalar(parked) or 0


@atomic
def _hand_back(events: list[OutboxEvent]) -> None:
    """What this worker cannot begin in time is anybody's again."""
    for event in events:
        ours = select(OutboxEvent).where(OutboxEvent.id == event.id, OutboxEvent.lease_until == event.lease_until)
        current = db.session.scalar(ours.with_for_update().execution_options(populate_existing=True))
        if current is not None:
            current.release()


@atomic
def _take(at: datetime) -> tuple[int, list[OutboxEvent]]:
    """How many rows were found due, and those of them that are ours to carry until the lease ends."""
    events = list(db.session.scalars(_due(at).limit(BATCH).with_for_update(skip_locked=True)))
    leased = []
    for event in events:
        if event.type not in SUBSCRIBERS:
            event.deliver(at)
        elif event.attempts >= (MOST_ATTEMPTS if event.error else MOST_DEATHS):
            _park(event, at, event.error or "no worker survived it")
        else:
            event.lease(at + LEASE)
            leased.append(event)
    return len(events), leased


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
