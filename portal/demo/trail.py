"""The audit trail of the demo: every step of a booking has left its line, as it does when people take it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, literal, select

from portal.database import db
from portal.demo.cast import Cast
from portal.models import AuditEntry, Booking, BookingEvent

_COPIED = ("at", "actor_kind", "actor", "actor_name", "door", "details")


def make_trail(cast: Cast, at: datetime) -> None:
    """Save the lines of what was done before the instant `at`; what the loading itself does leaves its own."""
    steps = (
        select(
            Booking.organisation_id, Booking.venue_id, Booking.uuid, literal("booking:") + BookingEvent.verb,
            *[getattr(BookingEvent, name) for name in _COPIED],
        )
        .join(Booking, Booking.id == BookingEvent.booking_id)
        .where(Booking.organisation_id == cast.organisation.id, BookingEvent.at < at)
        .order_by(BookingEvent.at, BookingEvent.id)
    )  # fmt: skip
    into = ["organisation_id", "venue_id", "subject", "verb", *_COPIED]
    db.session.execute(insert(AuditEntry).from_select(into, steps))
