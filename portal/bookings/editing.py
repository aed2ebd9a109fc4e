"""Changing the details of a booking: what it costs, what is noted, where the guest stays."""

from __future__ import annotations

from typing import TypedDict, Unpack

import portal.audit as audit
from portal.audit import Actor
from portal.bookings.errors import Stale
from portal.bookings.news import tell_booking
from portal.bookings.queries import lock_booking
from portal.bookings.waves import ask_for
from portal.changes.record import recording
from portal.clock import now
from portal.database import atomic
from portal.models import Booking, StaffMember, Venue
from portal.payments.service import follow_ledger


class Details(TypedDict, total=False):
    """What can be changed by hand. Money in minor units; `requested` is the therapist whom the guest asks for."""

    price_minor: int
    notes: str | None
    room_number: str | None
    client_type: str
    guest_language: str
    requested: StaffMember | None


@atomic
def edit_booking(
    venue: Venue, *, booking: Booking, by: Actor, version: int | None = None, **details: Unpack[Details]
) -> Booking:
    """Take over new details; the history keeps what they were. Harmless when nothing is new.

    Where a therapist is still looked for, whom the guest asks for is asked at once, beside those who were asked before.
    Raises Stale.
    """
    at = now()
    booking = lock_booking(venue, booking)
    if version is not None and booking.version != version:
        raise Stale()
    requested = details.pop("requested", booking.requested)
    asks_anew = requested != booking.requested
    if not asks_anew and all(getattr(booking, name) == value for name, value in details.items()):
        return booking
    with recording(venue, "booking:edited", booking, by=by):
        booking.edit(by=by, at=at, **details)
        if asks_anew:
            booking.ask_for(requested, by=by, at=at)
            ask_for(venue, booking, at=at)
        follow_ledger(venue, booking)
    audit.record(by, "booking:edited", booking, fields=sorted([*details, *(["requested"] if asks_anew else [])]))
    tell_booking(venue, booking)
    return booking
