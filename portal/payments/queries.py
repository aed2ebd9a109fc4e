"""Reading the ledger, always of one venue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.database import db
from portal.errors import known
from portal.models import Booking, Payment, Venue


def lines_of(venue: Venue, booking: Booking) -> list[Payment]:
    """The lines of a booking, oldest first, voided ones too."""
    return lines_of_many(venue, [booking.id]).get(booking.id, [])


def lines_of_many(venue: Venue, booking_ids: Sequence[int]) -> Mapping[int, list[Payment]]:
    """The lines of several bookings, by booking."""
    found: dict[int, list[Payment]] = defaultdict(list)
    if booking_ids:
        query = select(Payment).where(Payment.venue_id == venue.id, Payment.booking_id.in_(booking_ids))
        # A line that was read before may have been voided since.
        fresh = query.order_by(Payment.id).execution_options(populate_existing=True)
        for line in db.session.scalars(fresh):
            found[line.booking_id].append(line)
    return found


def get_line(venue: Venue, booking: Booking, line_id: UUID) -> Payment:
    """One line of the booking. Raises NotFound."""
    query = select(Payment).where(Payment.venue_id == venue.id, Payment.booking_id == booking.id)
    return known(db.session.scalar(query.where(Payment.uuid == line_id)))
