"""What the panel of a booking shows beside the booking itself."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import portal.clock as clock
from portal.access import Permission, can
from portal.bookings import cancellation, words
from portal.bookings.asking.board import asking_of
from portal.bookings.cancel_form import cancel_form
from portal.bookings.following import minutes_late, minutes_waiting, not_arrived, steps_of
from portal.bookings.forms import CancelForm
from portal.bookings.payment_form import PaymentForm
from portal.bookings.step_words import not_yet
from portal.bookings.till import Till, till_of
from portal.i18n import clock_time, date_and_time
from portal.messages.log import message_log
from portal.messages.service import guests_of
from portal.models import Booking, StaffMember, Venue


def panel(
    venue: Venue,
    booking: Booking,
    *,
    reader: StaffMember,
    form: CancelForm | None = None,
    payment: PaymentForm | None = None,
) -> dict[str, Any]:
    """The context of `bookings/_panel.html`; the form is there only for whom may cancel a booking that is open."""
    at = clock.now()
    till = till_of(venue, booking, reader=reader, form=payment)
    may_cancel = booking.is_open and can(reader, Permission.BOOKING_CANCEL)
    return {
        "booking": booking,
        "day": clock.local_date(booking.starts_at, venue.timezone),
        "form": (form or cancel_form(booking, formdata=None)) if may_cancel else None,
        "policy": cancellation.terms(booking, at=at, paid_minor=till.received_minor),
        "policy_for_one": cancellation.terms(booking, at=at, paid_minor=_above(till, booking.price_for_one)),
        "may_tell": not booking.test and any(guest.email for guest in guests_of(booking)),
        "steps": steps_of(booking, at=at) if can(reader, Permission.BOOKING_FOLLOW) else [],
        "not_yet": not_yet(booking, at=at, zone=venue.timezone) if can(reader, Permission.BOOKING_FOLLOW) else {},
        "not_arrived": not_arrived(booking),
        "late": minutes_late(booking.status, booking.starts_at, booking.arrived_at, at=at),
        "waiting": minutes_waiting(booking.status, booking.arrived_at, at=at),
        "till": till,
        "reversible": reversible(booking) if can(reader, Permission.CHANGE_UNDO) else {},
        "may_edit": can(reader, Permission.BOOKING_EDIT),
        "asking": asking_of(venue, booking, at=at),
        "message_log": message_log(venue, booking) if can(reader, Permission.CUSTOMER_READ) else [],
        "moment": partial(_moment, zone=venue.timezone),
        "venue": venue,
        "words": words,
    }


def reversible(booking: Booking) -> dict[int, str]:
    """The change before which a line of the history can put the booking back: of each change its last line.

    None for what was only paid: that is voided in the ledger.
    """
    last: dict[str, int] = {}
    for event in booking.events:
        change = event.details.get("change")
        if change and event.verb not in {"requested", "created", "undone", "payment"}:
            last[change] = event.id
    made = {event.details.get("change") for event in booking.events if event.verb in {"requested", "created"}}
    return {event_id: change for change, event_id in last.items() if change not in made}


def _above(till: Till, price_minor: int) -> int:
    """What was paid above the price that a couple's visit has once one of them comes."""
    return max(0, till.received_minor - price_minor)


def _moment(instant: datetime, *, zone: str) -> str:
    """The time alone for today, with its date for any other day."""
    is_today = clock.local_date(instant, zone) == clock.today(zone)
    return clock_time(instant, zone) if is_today else date_and_time(instant, zone)
