"""What the panel of a booking shows beside the booking itself."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from portal import clock
from portal.access import Permission, can
from portal.bookings import cancellation, words
from portal.bookings.forms import CancelForm
from portal.models import Booking, StaffMember, Venue


def panel(venue: Venue, booking: Booking, *, reader: StaffMember, form: CancelForm | None = None) -> dict[str, Any]:
    """The context of `bookings/_panel.html`; the form is there only for whom may cancel a booking that is open."""
    may_cancel = booking.is_open and can(reader, Permission.BOOKING_CANCEL)
    return {
        "booking": booking,
        "day": booking.starts_at.astimezone(ZoneInfo(venue.timezone)).date(),
        "form": (form or CancelForm(version=booking.version)) if may_cancel else None,
        "policy": cancellation.terms(booking, at=clock.now()),
        "venue": venue,
        "words": words,
    }
