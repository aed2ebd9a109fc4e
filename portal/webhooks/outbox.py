"""The outbox: what happened is written with the change itself, and leaves after the commit."""

from __future__ import annotations

from typing import Any

from portal.audit import Subject
from portal.database import append
from portal.models.message import OutboxEvent


def publish(type_: str, subject: Subject, **payload: Any) -> None:
    """Note an event such as `booking.created` for delivery; the payload holds identifiers and plain values only."""
    append(OutboxEvent(organisation_id=subject.organisation_id, type=type_, subject=subject.uuid, payload=payload))
