"""The outbox: what happened is written with the change itself, and leaves after the commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.audit import Subject
from portal.clock import now
from portal.database import append
from portal.models.message import OutboxEvent


def publish(type_: str, subject: Subject, *, run_at: datetime | None = None, **payload: Any) -> None:
    """Note an event such as `booking.created` for delivery, now or at `run_at`.

    The payload holds identifiers and plain values only.
    """
    append(
        OutboxEvent(
            organisation_id=subject.organisation_id,
            type=type_,
            subject=subject.uuid,
            payload=payload,
            run_at=run_at or now(),
        )
    )
