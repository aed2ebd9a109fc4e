"""Reading the visits that an absence hits, always of one venue or of one member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from portal.absences.rehome.facts import Visit
from portal.bookings.slots.assembly import need_of
from portal.database import db
from portal.models import Assignment, Booking, BookingItem, Claim, Room, StaffMember, Treatment, Variant, Venue
from portal.models.booking_states import CONFIRMED, PENDING

_OPEN = (PENDING, CONFIRMED)


def visits_hit(venue: Venue, member: StaffMember, start: datetime, end: datetime, *, at: datetime) -> list[Visit]:
    """What she was to give at the venue in that time, has not begun to give, and is not over; in order of time."""
    items = db.session.scalars(
        _hers(member, start, end)
        .where(BookingItem.venue_id == venue.id, BookingItem.ends_at > at)
        .options(
            joinedload(BookingItem.booking).options(
                joinedload(Booking.customer), selectinload(Booking.items).joinedload(BookingItem.treatment)
            ),
            joinedload(BookingItem.treatment),
            joinedload(BookingItem.variant).joinedload(Variant.treatment).joinedload(Treatment.room_type),
            joinedload(BookingItem.requested),
            selectinload(BookingItem.assignments).joinedload(Assignment.member),
            selectinload(BookingItem.claims).joinedload(Claim.resource),
        )
        .execution_options(populate_existing=True)
    )
    return [_visit(venue, item, member) for item in items]


def venues_hit(member: StaffMember, start: datetime, end: datetime, *, at: datetime) -> list[Venue]:
    """The venues at which she was to give something in that time, by name."""
    wanted = _hers(member, start, end).where(BookingItem.ends_at > at).with_only_columns(BookingItem.venue_id)
    query = select(Venue).where(Venue.organisation_id == member.organisation_id, Venue.id.in_(wanted.order_by(None)))
    return list(db.session.scalars(query.order_by(Venue.name, Venue.id)))


def booking_of_item(venue: Venue, item_id: UUID) -> Booking | None:
    """The booking of a treatment at the venue."""
    query = select(Booking).join(BookingItem, BookingItem.booking_id == Booking.id)
    return db.session.scalar(query.where(BookingItem.venue_id == venue.id, BookingItem.uuid == item_id))


def _hers(member: StaffMember, start: datetime, end: datetime) -> Select[BookingItem]:
    mine = select(Assignment.item_id).where(Assignment.member_id == member.id, Assignment.ended_at.is_(None))
    return (
        select(BookingItem)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(
            Booking.organisation_id == member.organisation_id, Booking.status.in_(_OPEN), BookingItem.id.in_(mine),
            BookingItem.starts_at < end, BookingItem.ends_at > start,
        )
        .order_by(BookingItem.starts_at, BookingItem.id)
    )  # fmt: skip


def _visit(venue: Venue, item: BookingItem, member: StaffMember) -> Visit:
    booking, need = item.booking, need_of(venue, item.variant, guests=item.guest_count, gender=item.gender_preference)
    rooms = [claim.resource for claim in item.claims if claim.active and isinstance(claim.resource, Room)]
    others = _resources([one.member for one in item.current_assignments if one.member_id != member.id])
    alone = len(booking.items) == 1 and booking.guest_count == 1 and not booking.is_session
    return Visit(
        item_id=item.id,
        item=item.uuid,
        booking=booking.uuid,
        version=booking.version,
        number=booking.number,
        venue_id=venue.id,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        name=item.treatment.name,
        name_en=item.treatment.name_en,
        guest=booking.guest_name,
        first_name=(booking.customer.first_name or "") if booking.customer else "",
        guests=item.guest_count,
        status=booking.status,
        need=replace(need, duration=item.duration),
        leaving=next(iter(_resources([member])), 0),
        serving=frozenset(others),
        requested=next(iter(_resources([item.requested] if item.requested else [])), None),
        rooms=frozenset(room.id for room in rooms),
        room_names=tuple((room.name, room.name_en) for room in rooms),
        may_move=alone,
    )


def _resources(members: Sequence[StaffMember]) -> list[int]:
    return [member.resource_id for member in members if member.resource_id is not None]
