"""Reading the tray, always of one member at one venue."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import known
from portal.models import Assignment, Booking, BookingItem, Claim, Parked, StaffMember, Venue
from portal.models.booking_states import CONFIRMED, ONGOING, PENDING

MOVABLE = (PENDING, CONFIRMED, ONGOING)


def tray_of(venue: Venue, member: StaffMember) -> list[Parked]:
    """What the member has picked up and not put down yet, oldest first; what is cancelled or over is left out."""
    query = (
        select(Parked)
        .join(Parked.booking)
        .where(Parked.venue_id == venue.id, Parked.member_id == member.id, Booking.status.in_(MOVABLE))
        .options(
            joinedload(Parked.booking).options(
                joinedload(Booking.customer),
                selectinload(Booking.items).options(
                    joinedload(BookingItem.treatment),
                    selectinload(BookingItem.assignments).joinedload(Assignment.member),
                    selectinload(BookingItem.claims).joinedload(Claim.resource),
                ),
            )
        )
        .order_by(Parked.at, Parked.id)
    )
    return list(db.session.scalars(query))


def find_booking(venue: Venue, booking_id: UUID) -> Booking:
    """The booking alone. Raises NotFound."""
    return known(
        db.session.scalar(
            select(Booking).where(
                Booking.organisation_id == venue.organisation_id,
                Booking.venue_id == venue.id,
                Booking.uuid == booking_id,
            )
        )
    )


def parked_by(venue: Venue, member: StaffMember, booking: Booking) -> Select[Parked]:
    """The row of one booking on the member's tray."""
    return select(Parked).where(
        Parked.venue_id == venue.id, Parked.member_id == member.id, Parked.booking_id == booking.id
    )
