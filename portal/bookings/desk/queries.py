"""What the desk books from: the menu; and what was sent or typed before."""

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
    SoftHold,
    StaffMember,
    Treatment,
    Variant,
    Venue,
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
