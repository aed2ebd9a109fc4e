"""Reading rooms and their types, archived ones too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import known
from portal.models import Block, BookingItem, Claim, Resource, Room, RoomType, Treatment, Venue
from portal.settings.hits import Hit
from portal.settings.queries import hits_ahead


def all_rooms(venue: Venue) -> list[Room]:
    """Every room of the venue with its type: those in use in their order, then the archived ones."""
    query = select(Room).where(Room.venue_id == venue.id).options(joinedload(Room.room_type))
    return list(db.session.scalars(query.order_by(Room.active.desc(), Room.sort_order, Room.name, Room.id)))


def get_any_room(venue: Venue, room_id: UUID) -> Room:
    """A room of the venue, archived or not. Raises NotFound."""
    query = select(Room).where(Room.venue_id == venue.id, Room.uuid == room_id).options(joinedload(Room.room_type))
    return known(db.session.scalar(query.execution_options(populate_existing=True)))


def lock_room(venue: Venue, room: Room) -> Room:
    """The room as it is now, held until the transaction ends: nobody can claim it meanwhile."""
    query = select(Room).where(Room.venue_id == venue.id, Room.id == room.id)
    return db.session.scalars(query.with_for_update(of=Resource).execution_options(populate_existing=True)).one()


def lock_rooms(venue: Venue) -> list[Room]:
    """The rooms in use in their order, held until the transaction ends."""
    query = select(Room).where(Room.venue_id == venue.id, Room.active).order_by(Room.sort_order, Room.name, Room.id)
    return list(db.session.scalars(query.with_for_update(of=Resource).execution_options(populate_existing=True)))


def types_of(venue: Venue) -> Sequence[RoomType]:
    """The organisation's types of rooms, by name."""
    query = select(RoomType).where(RoomType.organisation_id == venue.organisation_id)
    return db.session.scalars(query.order_by(RoomType.name, RoomType.id)).all()


def get_type(venue: Venue, type_id: UUID) -> RoomType:
    """A type of the venue's organisation. Raises NotFound."""
    query = select(RoomType).where(RoomType.organisation_id == venue.organisation_id, RoomType.uuid == type_id)
    return known(db.session.scalar(query.execution_options(populate_existing=True)))


def lock_type(venue: Venue, kind: RoomType) -> RoomType:
    """The type as it is now, held until the transaction ends."""
    query = select(RoomType).where(RoomType.organisation_id == venue.organisation_id, RoomType.id == kind.id)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def uses_of(venue: Venue, kind: RoomType) -> int:
    """How many rooms and treatments of the organisation are of this type or need it."""
    rooms = select(func.count()).where(
        Resource.organisation_id == venue.organisation_id, Resource.room_type_id == kind.id
    )
    menu = select(func.count()).where(
        Treatment.organisation_id == venue.organisation_id, Treatment.room_type_id == kind.id
    )
    return (db.session.scalar(rooms) or 0) + (db.session.scalar(menu) or 0)


def bookings_in(venue: Venue, room: Room, *, at: datetime) -> list[Hit]:
    """The treatments ahead that have the room."""
    return hits_ahead(venue, BookingItem.id.in_(_items_in(room)), at=at)


def bookings_not_fitting(
    venue: Venue, room: Room, *, capacity: int, room_type_id: int | None, at: datetime
) -> list[Hit]:
    """Those of them that would not get the room any more, were it of this type and for so many."""
    too_many = BookingItem.guest_count > capacity
    other_type = Treatment.room_type_id.is_not(None) & (Treatment.room_type_id != (room_type_id or 0))
    wrong = or_(too_many, other_type)
    return hits_ahead(venue, BookingItem.id.in_(_items_in(room)), wrong, at=at)


def closures_of(venue: Venue, room: Room, *, at: datetime) -> list[Block]:
    """The blocks of the room that are not over, in order of time."""
    query = select(Block).where(
        Block.venue_id == venue.id, Block.resource_id == room.id, Block.removed_at.is_(None), Block.ends_at > at
    )
    return list(db.session.scalars(query.order_by(Block.starts_at, Block.id).limit(50)))


def _items_in(room: Room) -> Select[int | None]:
    return select(Claim.item_id).where(Claim.resource_id == room.id, Claim.active, Claim.item_id.is_not(None))
