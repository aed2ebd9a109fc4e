"""Carries outbox rows to whoever listens: at least once, by any number of workers, each row leased to one at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, or_, select

from portal.clock import now
from portal.database import atomic, db
from portal.models import OutboxEvent

# Who listens to which event type. A type that nobody listens to is delivered as soon as it is seen.
Subscriber = Callable[[OutboxEvent], None]
SUBSCRIBERS: dict[str, list[Subscriber]] = {}

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=10)
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

    A failing row is tried again after 10, 20, 40 and 80 seconds; after 5 attempts it is parked, those included that
    killed their worker.
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
        elif event.attempts >= MOST_ATTEMPTS:
            event.park(at, event.error or "no worker survived it")
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
        current.park(at, error)
    else:
        current.postpone(at + max(patience, FIRST_PAUSE * 2 ** (current.attempts - 1)), error)


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
