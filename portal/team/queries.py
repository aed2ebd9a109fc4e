"""Who works at a venue, and in which rooms: each question is put together here, once, for every room of the house."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from portal.database import db
from portal.errors import known
from portal.models import Organisation, Resource, Room, StaffMember, Venue, VenueMember


def working_at(venue: Venue) -> Select[StaffMember]:
    """The active members of the venue who have a calendar, by name; for whoever reads some columns or more."""
    here = select(VenueMember.member_id).where(VenueMember.venue_id == venue.id)
    query = select(StaffMember).where(
        StaffMember.organisation_id == venue.organisation_id, StaffMember.id.in_(here), StaffMember.active,
        StaffMember.resource_id.is_not(None),
    )  # fmt: skip
    return query.order_by(StaffMember.first_name, StaffMember.last_name, StaffMember.id)


def treating_at(venue: Venue) -> Select[StaffMember]:
    """The therapists among them."""
    return working_at(venue).where(StaffMember.role == "therapist")


def in_use_at(venue: Venue) -> Select[Room]:
    """The active rooms of the venue, in its own order."""
    query = select(Room).where(Room.venue_id == venue.id, Room.active)
    return query.order_by(Room.sort_order, Room.name, Room.id)


def therapists_of(venue: Venue) -> list[StaffMember]:
    """The active therapists of the venue, by name."""
    return list(db.session.scalars(treating_at(venue)))


def rooms_of(venue: Venue) -> list[Room]:
    """The active rooms of the venue, in its own order."""
    return list(db.session.scalars(in_use_at(venue)))


def get_therapist(venue: Venue, member_id: UUID) -> StaffMember:
    """An active therapist of the venue. Raises NotFound."""
    return known(db.session.scalar(treating_at(venue).where(StaffMember.uuid == member_id)))


def find_room(venue: Venue, room_id: UUID) -> Room | None:
    """An active room of the venue."""
    return db.session.scalar(in_use_at(venue).where(Room.uuid == room_id))


def get_room(venue: Venue, room_id: UUID) -> Room:
    """An active room of the venue. Raises NotFound."""
    return known(find_room(venue, room_id))


def columns_of(venue: Venue, resource_ids: Collection[int]) -> dict[int, UUID]:
    """The columns of the agenda in which these people (by their member's uuid) and rooms (by their own) stand."""
    query = select(Resource.id, Resource.uuid, StaffMember.uuid).outerjoin(
        StaffMember, StaffMember.resource_id == Resource.id
    )
    rows = db.session.execute(
        query.where(Resource.organisation_id == venue.organisation_id, Resource.id.in_(resource_ids))
    )
    return {key: member or room for key, room, member in rows}


def count_therapists(venue: Venue) -> int:
    """How many active therapists work at the venue."""
    return db.session.scalar(treating_at(venue).with_only_columns(func.count()).order_by(None)) or 0


def members_at(venue: Venue) -> list[StaffMember]:
    """Everybody who works at the venue or did, by name, with all their venues: two statements."""
    here = select(VenueMember.member_id).where(VenueMember.venue_id == venue.id)
    return list(db.session.scalars(_members(venue.organisation_id).where(StaffMember.id.in_(here))))


def members_of(organisation: Organisation) -> list[StaffMember]:
    """Everybody who works for the organisation or did, by name, with all their venues: two statements."""
    return list(db.session.scalars(_members(organisation.id)))


def _members(organisation_id: int) -> Select[StaffMember]:
    return (
        select(StaffMember)
        .where(StaffMember.organisation_id == organisation_id)
        .options(selectinload(StaffMember.venue_links).joinedload(VenueMember.venue))
        .order_by(StaffMember.first_name, StaffMember.last_name, StaffMember.id)
    )
