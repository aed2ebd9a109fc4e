"""What the panel of a booking shows beside the booking itself."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import portal.clock as clock
from portal.access import Permission, can
from portal.bookings import cancellation, words
from portal.bookings.forms import CancelForm
from portal.i18n import clock_time, date_and_time
from portal.models import Booking, StaffMember, Venue


def panel(venue: Venue, booking: Booking, *, reader: StaffMember, form: CancelForm | None = None) -> dict[str, Any]:
    """The context of `bookings/_panel.html`; the form is there only for whom may cancel a booking that is open."""
    may_cancel = booking.is_open and can(reader, Permission.BOOKING_CANCEL)
    return {
        "booking": booking,
        "day": booking.starts_at.astimezone(ZoneInfo(venue.timezone)).date(),
        "form": (form or CancelForm(version=booking.version)) if may_cancel else None,
        "policy": cancellation.terms(booking, at=clock.now()),
        "moment": partial(_moment, zone=venue.timezone),
        "venue": venue,
        "words": words,
    }


def _moment(instant: datetime, *, zone: str) -> str:
    """The time alone for today, with its date for any other day."""
    is_today = instant.astimezone(ZoneInfo(zone)).date() == clock.today(zone)
    return clock_time(instant, zone) if is_today else date_and_time(instant, zone)
