"""Reads one day of one venue for the Today board: seven statements, however full the day is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from portal.bookings.queries import a_member_owes
from portal.clock import day_bounds
from portal.database import db
from portal.models import Assignment, Booking, BookingItem, Claim, Participant, Payment, Venue, VisitLook
from portal.models.booking_states import CANCELLED, COMPLETED, CONFIRMED, ONGOING, REFUNDED, SETTLED
from portal.payments.queries import lines_of_many
from portal.visits.queries import told_of

# Older ones come up as these are settled.
MOST_OVERDUE = 60


class Found(NamedTuple):
    """The bookings of a day and the unsettled ones of the days before, with the lines of their ledgers, and which
    therapists had not seen a late change."""

    bookings: list[Booking]
    lines: Mapping[int, list[Payment]]
    looks: list[VisitLook]


def load_board(venue: Venue, day: date) -> Found:
    """Who comes to the venue on a local date, in order of time.

    Today's board also has the visits of the days before that are not settled, at most MOST_OVERDUE, the oldest.
    """
    start, end = day_bounds(day, venue.timezone)
    of_the_day = _ids(venue).where(Booking.starts_at < end, Booking.ends_at > start, Booking.status != CANCELLED)
    overdue = (
        _ids(venue)
        .where(
            Booking.ends_at <= start,
            Booking.status.in_((CONFIRMED, ONGOING, COMPLETED)),
            or_(
                and_(Booking.price_minor > 0, Booking.payment_status.not_in((*SETTLED, REFUNDED))),
                and_(Booking.price_minor == 0, a_member_owes(venue)),
            ),
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(MOST_OVERDUE)
    )
    wanted = [Booking.id.in_(of_the_day)] + ([Booking.id.in_(overdue)] if day == venue.today() else [])
    bookings = list(
        db.session.scalars(
            select(Booking).where(or_(*wanted)).order_by(Booking.starts_at, Booking.id).options(*_details())
        )
    )
    items = [item.id for booking in bookings for item in booking.items]
    return Found(bookings, lines_of_many(venue, [booking.id for booking in bookings]), told_of(venue, items))


def _ids(venue: Venue) -> Select[int]:
    mine = Booking.organisation_id == venue.organisation_id, Booking.venue_id == venue.id
    return select(Booking.id).where(*mine)


def _details() -> tuple[_AbstractLoad, ...]:
    return (
        joinedload(Booking.customer),
        selectinload(Booking.participants).joinedload(Participant.customer),
        selectinload(Booking.items).options(
            joinedload(BookingItem.treatment),
            selectinload(BookingItem.assignments).joinedload(Assignment.member),
            selectinload(BookingItem.claims).joinedload(Claim.resource),
        ),
    )
