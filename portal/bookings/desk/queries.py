"""What the desk books from: the menu, the team, the rooms, the guests; and what was sent or typed before."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.clock import now
from portal.database import db
from portal.models import (
    Booking,
    BookingItem,
    Customer,
    Room,
    SoftHold,
    StaffMember,
    Treatment,
    Variant,
    Venue,
    VenueMember,
)
from portal.models.booking_states import CANCELLED

_RECENTLY = timedelta(days=90)


def load_variants(venue: Venue) -> list[Variant]:
    """What can be booked as an appointment, with its treatments, in the order of the menu."""
    query = (
        select(Variant)
        .join(Treatment, Treatment.id == Variant.treatment_id)
        .options(contains_eager(Variant.treatment))
        .where(Treatment.venue_id == venue.id, Treatment.active, Variant.active, Treatment.kind == "appointment")
        .order_by(
            Treatment.sort_order.is_(None), Treatment.sort_order, Treatment.name, Treatment.id,
            Variant.sort_order.is_(None), Variant.sort_order, Variant.guest_count, Variant.duration, Variant.id,
        )
    )  # fmt: skip
    return list(db.session.scalars(query))


def load_team(venue: Venue) -> list[StaffMember]:
    """The active therapists of the venue, by name."""
    linked = select(VenueMember.member_id).where(VenueMember.venue_id == venue.id)
    query = select(StaffMember).where(
        StaffMember.id.in_(linked), StaffMember.active, StaffMember.role == "therapist",
        StaffMember.resource_id.is_not(None),
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(StaffMember.first_name, StaffMember.last_name, StaffMember.id)))


def load_rooms(venue: Venue) -> list[Room]:
    """The rooms in use, in the venue's order."""
    query = select(Room).where(Room.venue_id == venue.id, Room.active)
    return list(db.session.scalars(query.order_by(Room.sort_order, Room.name, Room.id)))


def most_booked(venue: Venue) -> int | None:
    """The key of the variant that was booked most often in the last three months."""
    times = func.count()
    query = (
        select(BookingItem.variant_id)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(
            Booking.organisation_id == venue.organisation_id, BookingItem.venue_id == venue.id,
            BookingItem.starts_at >= now() - _RECENTLY, Booking.status != CANCELLED,
        )
        .group_by(BookingItem.variant_id)
        .order_by(times.desc(), BookingItem.variant_id)
    )  # fmt: skip
    return db.session.scalar(query.limit(1))


def find_customer(venue: Venue, customer_id: UUID) -> Customer | None:
    """A guest of the venue's organisation."""
    query = select(Customer).where(Customer.organisation_id == venue.organisation_id, Customer.uuid == customer_id)
    return db.session.scalar(query)


def find_twin(venue: Venue, booking_id: UUID | None) -> Booking | None:
    """The booking that this very form has made before."""
    query = select(Booking).where(Booking.organisation_id == venue.organisation_id, Booking.venue_id == venue.id)
    return db.session.scalar(query.where(Booking.uuid == booking_id).options(joinedload(Booking.customer)))


def find_hold(venue: Venue, member: StaffMember, *, at: datetime | None = None) -> SoftHold | None:
    """What the member is typing at the venue; with `at`, unless it has expired by then."""
    query = select(SoftHold).where(SoftHold.venue_id == venue.id, SoftHold.member_id == member.id)
    if at is not None:
        query = query.where(SoftHold.expires_at > at)
    return db.session.scalar(query.options(joinedload(SoftHold.resource)))


def lock_hold(venue: Venue, member: StaffMember) -> SoftHold | None:
    """The same as it is now, held until the transaction ends."""
    query = select(SoftHold).where(SoftHold.venue_id == venue.id, SoftHold.member_id == member.id)
    return db.session.scalar(query.with_for_update(of=SoftHold).execution_options(populate_existing=True))


def column_of(venue: Venue, resource_id: int | None) -> UUID | None:
    """The column of the agenda in which a resource of the venue stands."""
    if resource_id is None:
        return None
    member = select(StaffMember.uuid).where(
        StaffMember.organisation_id == venue.organisation_id, StaffMember.resource_id == resource_id
    )
    room = select(Room.uuid).where(Room.venue_id == venue.id, Room.id == resource_id)
    return db.session.scalar(member) or db.session.scalar(room)
