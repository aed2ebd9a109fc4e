"""What the night does with the bookings of the days before."""

from __future__ import annotations

import portal.audit as audit
from portal.audit import Actor
from portal.bookings.news import tell_booking
from portal.bookings.queries import find_settled_before, lock_booking
from portal.clock import now, start_of_day
from portal.database import atomic
from portal.models import Booking, Venue
from portal.webhooks import outbox


def complete_past_bookings(venue: Venue, *, by: Actor) -> int:
    """Complete the staffed bookings that ended before the venue's today and are settled; returns how many.

    Unsettled ones stay for the desk, as do those that nobody accepted.
    """
    found = find_settled_before(venue, start_of_day(venue.today(), venue.timezone))
    for booking in found:
        _complete(venue, booking, by=by)
    return len(found)


@atomic
def _complete(venue: Venue, booking: Booking, *, by: Actor) -> None:
    booking = lock_booking(venue, booking)
    if not (booking.is_underway and booking.is_settled):  # the desk was faster
        return
    booking.complete(by=by, at=now())
    audit.record(by, "booking:completed", booking)
    outbox.publish("booking.completed", booking)
    tell_booking(venue, booking)
