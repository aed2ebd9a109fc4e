"""A guest who is booked at that time already: told, never refused, for couples share a phone number."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from portal.bookings.queries import find_items_of_guest
from portal.i18n import clock_time, name_of
from portal.models import Booking, BookingItem, Customer, Venue


def also_booked(
    venue: Venue, guest: Customer, starts_at: datetime, ends_at: datetime, *, but: Booking | None = None
) -> str | None:
    """`This guest is already booked then: 10:00–11:00 with Thérèse.`, None for who is not; `but` is not counted."""
    found = find_items_of_guest(venue, guest, starts_at, ends_at, but=but)
    if not found:
        return None
    return _("This guest is already booked then: %(times)s.", times=", ".join(_told(venue, item) for item in found))


def moved_onto(venue: Venue, booking: Booking) -> str | None:
    """The same of a booking that stands there now."""
    if booking.customer is None or booking.is_session:
        return None
    return also_booked(venue, booking.customer, booking.starts_at, booking.ends_at, but=booking)


def _told(venue: Venue, item: BookingItem) -> str:
    times = "–".join(clock_time(moment, venue.timezone) for moment in (item.starts_at, item.ends_at))
    if item.venue_id != venue.id:
        return _("%(times)s at %(venue)s", times=times, venue=name_of(item.booking.venue))
    names = " & ".join(one.member.first_name for one in item.current_assignments)
    return _("%(times)s with %(names)s", times=times, names=names) if names else times
