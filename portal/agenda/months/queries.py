"""Reads the months of one venue for the agenda: how full their days are."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.agenda.month import Month, MonthRows
from portal.bookings.slots.calendar import Days
from portal.bookings.slots.queries import load_calendar
from portal.bookings.slots.seconds import seconds
from portal.clock import day_bounds
from portal.database import db
from portal.models import Booking, BookingItem, Shift, Venue
from portal.models.booking_states import CANCELLED


def load_month(venue: Venue, first: date, last: date) -> Month:
    """How full each local date is, from the first to the last: three statements."""
    (since, _), (_, until) = day_bounds(first, venue.timezone), day_bounds(last, venue.timezone)
    items = (
        select(
            BookingItem.booking_id, seconds(BookingItem.starts_at).label("start"),
            seconds(BookingItem.ends_at).label("end"), BookingItem.guest_count, BookingItem.therapists_assigned,
            Booking.status,
        )
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(
            Booking.organisation_id == venue.organisation_id, BookingItem.venue_id == venue.id,
            BookingItem.starts_at >= since, BookingItem.starts_at < until, Booking.status != CANCELLED,
        )
    )  # fmt: skip
    shifts = select(seconds(Shift.starts_at).label("start"), seconds(Shift.ends_at).label("end")).where(
        Shift.venue_id == venue.id, Shift.counts(), Shift.starts_at >= since, Shift.starts_at < until,
        Shift.member.has(role="therapist"),
    )  # fmt: skip
    rows = MonthRows(Days(load_calendar(venue)), db.session.execute(items).all(), db.session.execute(shifts).all())
    return Month.of(first, last, rows)
