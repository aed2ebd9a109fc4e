"""What a booking costs by the menu."""

from __future__ import annotations

from datetime import datetime

from portal.bookings.request import Request
from portal.bookings.slots.calendar import Days
from portal.bookings.slots.intervals import epoch
from portal.bookings.slots.queries import load_calendar
from portal.models import Venue


def menu_price(venue: Venue, wish: Request, *, out_of_hours: bool) -> int | None:
    """The price of all its treatments in minor units, with the surcharge outside the hours; None when on request."""
    prices = [variant.price_minor for variant in (wish.variant, *wish.then)]
    known = [price for price in prices if price is not None]
    if len(known) < len(prices):
        return None
    percent = (venue.out_of_hours_surcharge_percent or 0) if out_of_hours else 0
    return sum(known) + (sum(known) * percent + 50) // 100


def is_out_of_hours(venue: Venue, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the time lies outside the regular opening hours, but within those that carry a surcharge."""
    days = Days(load_calendar(venue))
    start, end = epoch(starts_at), epoch(ends_at)
    hours = days[days.date_of(start)].hours_for(start, end)
    return hours is not None and not hours.regular.contains(start, end)
