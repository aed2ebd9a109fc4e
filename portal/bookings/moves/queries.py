"""Reading for a move: the booking that is taken, and where it may be put. Always of one venue."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import known
from portal.models import Assignment, Booking, BookingItem, Room, StaffMember, Venue
from portal.team.queries import in_use_at, treating_at


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
    return known(
        db.session.scalar(
            select(Booking)
            .where(
                Booking.organisation_id == venue.organisation_id,
                Booking.venue_id == venue.id,
                Booking.uuid == booking_id,
            )
            .options(
                selectinload(Booking.items).options(
                    joinedload(BookingItem.treatment),
                    joinedload(BookingItem.variant),
                    selectinload(BookingItem.assignments).joinedload(Assignment.member),
                )
            )
        )
    )


def therapist_columns(venue: Venue) -> list[Column]:
    """The active therapists of the venue, by name."""
    rows = db.session.execute(
        treating_at(venue).with_only_columns(
            StaffMember.resource_id, StaffMember.uuid, StaffMember.first_name, StaffMember.last_name
        )
    )
    return [Column(key, uuid, f"{first} {last}".strip()) for key, uuid, first, last in rows if key is not None]


def room_columns(venue: Venue) -> list[Column]:
    """The active rooms of the venue, in its own order."""
    rows = db.session.execute(
        in_use_at(venue).with_only_columns(
            Room.id, Room.uuid, Room.name, Room.name_en, Room.capacity, Room.room_type_id
        )
    )
    return [Column(key, uuid, name, english, capacity, kind) for key, uuid, name, english, capacity, kind in rows]
