"""A guest who is booked at that time already: told, never refused, for couples share a phone number."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _

from portal.bookings.queries import find_items_of_guest
from portal.i18n import clock_time, name_of
from portal.models import Booking, BookingItem, Customer, Venue


class Elsewhere(NamedTuple):
    """What else the guest has: `10:00–11:00`, and who treats or, at another venue, its name; empty for nobody yet."""

    times: str
    whose: str


def also_booked(
    venue: Venue, guest: Customer, starts_at: datetime, ends_at: datetime, *, but: Booking | None = None
) -> list[Elsewhere]:
    """What the guest has at that time, at most three; `but` is not counted."""
    return [_told(venue, item) for item in find_items_of_guest(venue, guest, starts_at, ends_at, but=but)]


def also_sentence(venue: Venue, booking: Booking) -> str:
    """`This guest is already booked then: 10:00–11:00 (Thérèse).` of a booking as it stands now; else empty."""
    if booking.customer is None or booking.is_session or not booking.is_open:
        return ""
    found = also_booked(venue, booking.customer, booking.starts_at, booking.ends_at, but=booking)
    if not found:
        return ""
    told = ", ".join(f"{one.times} ({one.whose})" if one.whose else one.times for one in found)
    return _("This guest is already booked then: %(times)s.", times=told)


def _told(venue: Venue, item: BookingItem) -> Elsewhere:
    times = "–".join(clock_time(moment, venue.timezone) for moment in (item.starts_at, item.ends_at))
    if item.venue_id != venue.id:
        return Elsewhere(times, name_of(item.booking.venue))
    return Elsewhere(times, " & ".join(one.member.first_name for one in item.current_assignments))
