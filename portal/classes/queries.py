"""What a session can be opened with, always of one venue."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import NotFound
from portal.models import Booking, Customer, Participant, Room, StaffMember, Treatment, Variant, Venue, VenueMember

_KINDS = ("class", "event")


def class_variants(venue: Venue) -> list[Variant]:
    """What is on the menu for groups, with its treatment."""
    query = (
        select(Variant)
        .join(Treatment)
        .where(Treatment.venue_id == venue.id, Treatment.kind.in_(_KINDS), Treatment.active, Variant.active)
        .options(joinedload(Variant.treatment))
        .order_by(Treatment.sort_order, Treatment.name, Variant.duration)
    )
    return list(db.session.scalars(query))


def therapists_of(venue: Venue) -> list[StaffMember]:
    """Who can lead a class there, by name."""
    query = select(StaffMember).join(VenueMember).where(VenueMember.venue_id == venue.id, StaffMember.active)
    query = query.where(StaffMember.role == "therapist", StaffMember.resource_id.is_not(None))
    return list(db.session.scalars(query.order_by(StaffMember.first_name, StaffMember.id)))


def rooms_of(venue: Venue) -> list[Room]:
    """The rooms in use, in their order."""
    query = select(Room).where(Room.venue_id == venue.id, Room.active).order_by(Room.sort_order, Room.id)
    return list(db.session.scalars(query))


def find_customer(venue: Venue, customer_id: UUID) -> Customer | None:
    """A guest of the venue's organisation."""
    query = select(Customer).where(Customer.organisation_id == venue.organisation_id, Customer.uuid == customer_id)
    return db.session.scalar(query)


def get_participant(venue: Venue, booking: Booking, participant_id: UUID) -> Participant:
    """One guest of the booking. Raises NotFound."""
    query = select(Participant).where(
        Participant.venue_id == venue.id, Participant.booking_id == booking.id, Participant.uuid == participant_id
    )
    found = db.session.scalar(query.options(joinedload(Participant.customer)))
    if found is None:
        raise NotFound()
    return found
