"""Reading for a move: the booking that is taken, and where it may be put. Always of one venue."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import NotFound
from portal.models import Assignment, Booking, BookingItem, Resource, Room, StaffMember, Venue, VenueMember


@dataclass(frozen=True, slots=True)
class Column:
    """A therapist or a room of the venue: `uuid` is the member's or the room's."""

    resource_id: int
    uuid: UUID
    name: str
    name_en: str | None = None
    capacity: int = 1
    room_type_id: int | None = None


def get_taken(venue: Venue, booking_id: UUID) -> Booking:
    """The booking with its treatments and who serves them, and no more. Raises NotFound."""
    found = db.session.scalar(
        select(Booking)
        .where(
            Booking.organisation_id == venue.organisation_id, Booking.venue_id == venue.id, Booking.uuid == booking_id
        )
        .options(
            selectinload(Booking.items).options(
                joinedload(BookingItem.treatment),
                joinedload(BookingItem.variant),
                selectinload(BookingItem.assignments).joinedload(Assignment.member),
            )
        )
    )
    if found is None:
        raise NotFound()
    return found


def therapists_of(venue: Venue) -> list[Column]:
    """The active therapists of the venue, by name."""
    rows = db.session.execute(
        _therapists(venue)
        .with_only_columns(StaffMember.resource_id, StaffMember.uuid, StaffMember.first_name, StaffMember.last_name)
        .order_by(StaffMember.first_name, StaffMember.id)
    )
    return [Column(key, uuid, f"{first} {last}".strip()) for key, uuid, first, last in rows if key is not None]


def rooms_of(venue: Venue) -> list[Column]:
    """The active rooms of the venue, in its own order."""
    query = select(Room.id, Room.uuid, Room.name, Room.name_en, Room.capacity, Room.room_type_id).where(
        Room.venue_id == venue.id, Room.active
    )
    rows = db.session.execute(query.order_by(Room.sort_order, Room.name, Room.id))
    return [Column(key, uuid, name, english, capacity, kind) for key, uuid, name, english, capacity, kind in rows]


def get_therapist(venue: Venue, member_id: UUID) -> StaffMember:
    """An active therapist of the venue. Raises NotFound."""
    found = db.session.scalar(_therapists(venue).where(StaffMember.uuid == member_id))
    if found is None:
        raise NotFound()
    return found


def get_room(venue: Venue, room_id: UUID) -> Room:
    """An active room of the venue. Raises NotFound."""
    found = db.session.scalar(select(Room).where(Room.venue_id == venue.id, Room.uuid == room_id, Resource.active))
    if found is None:
        raise NotFound()
    return found


def _therapists(venue: Venue) -> Select[StaffMember]:
    linked = select(VenueMember.member_id).where(VenueMember.venue_id == venue.id)
    return select(StaffMember).where(
        StaffMember.organisation_id == venue.organisation_id, StaffMember.id.in_(linked), StaffMember.active,
        StaffMember.role == "therapist", StaffMember.resource_id.is_not(None),
    )  # fmt: skip
