"""Changing the details of a booking: what it costs, what is noted, where the guest stays."""

from __future__ import annotations

from typing import TypedDict, Unpack

import portal.audit as audit
from portal.audit import Actor
from portal.bookings.errors import Stale
from portal.bookings.news import tell_booking
from portal.bookings.queries import lock_booking
from portal.changes.record import recording
from portal.clock import now
from portal.database import atomic
from portal.models import Booking, Venue
from portal.payments.service import follow_ledger


class Details(TypedDict, total=False):
    """What can be changed by hand. Money in minor units."""

    price_minor: int
    notes: str | None
    room_number: str | None
    client_type: str
    guest_language: str


@atomic
def edit_booking(
    venue: Venue, *, booking: Booking, by: Actor, version: int | None = None, **details: Unpack[Details]
) -> Booking:
    """Take over new details; the history keeps what they were. Harmless when nothing is new. Raises Stale."""
    booking = lock_booking(venue, booking)
    if version is not None and booking.version != version:
        raise Stale()
    if all(getattr(booking, name) == value for name, value in details.items()):
        return booking
    with recording(venue, "booking:edited", booking, by=by):
        booking.edit(by=by, at=now(), **details)
        follow_ledger(venue, booking)
    audit.record(by, "booking:edited", booking, fields=sorted(details))
    tell_booking(venue, booking)
    return booking
