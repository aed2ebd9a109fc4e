"""What a manager does with rooms and their types. Lock, re-read, decide, write."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypedDict
from uuid import UUID

from flask_babel import gettext as _

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims
from portal.clock import now
from portal.database import atomic, db
from portal.errors import Invalid
from portal.live.service import VENUE, announce
from portal.models import Room, RoomType, Venue
from portal.settings.changing import check_version, take_over
from portal.settings.errors import BookingsHit, InUse
from portal.settings.queries import HORIZON
from portal.settings.rooms.queries import (
    bookings_in,
    bookings_not_fitting,
    lock_room,
    lock_rooms,
    lock_type,
    uses_of,
)


class RoomValues(TypedDict):
    """What is known of a room; `capacity` is how many guests one booking may bring into it."""

    name: str
    name_en: str | None
    room_type: RoomType | None
    capacity: int


@atomic
def create_room(venue: Venue, *, values: RoomValues, by: Actor) -> Room:
    """A new room, last in the order."""
    last = max((room.sort_order for room in lock_rooms(venue)), default=0)
    room = Room(organisation_id=venue.organisation_id, venue_id=venue.id, sort_order=last + 1, **values)
    db.session.add(room)
    db.session.flush()
    audit.record(by, "room:created", room, name=room.name)
    announce(venue, VENUE)
    return room


@atomic
def change_room(
    venue: Venue, *, room: Room, values: RoomValues, version: int | None, over: Collection[UUID] = (), by: Actor
) -> Room:
    """Take over new values; harmless when nothing is new.

    Bookings ahead that would not get the room any more keep it, once their keys are among `over`. Raises Stale,
    BookingsHit.
    """
    claims.lock_days(venue.organisation_id, now(), now() + HORIZON)
    room = lock_room(venue, room)
    check_version(room, version)
    kind = values["room_type"]
    shrinks = values["capacity"] < room.capacity or (kind.id if kind else None) != room.room_type_id
    if shrinks:
        hits = bookings_not_fitting(
            venue, room, capacity=values["capacity"], room_type_id=kind.id if kind else None, at=now()
        )
        left = [hit for hit in hits if hit.booking not in set(over)]
        if left:
            raise BookingsHit(left)
    columns: dict[str, Any] = {**values, "room_type_id": kind.id if kind else None}
    del columns["room_type"]
    take_over(venue, room, columns, verb="room:changed", by=by)
    return room


@atomic
def archive_room(venue: Venue, *, room: Room, by: Actor) -> Room:
    """It is used no more; its past stays. Harmless twice. Raises InUse while bookings ahead have it."""
    claims.lock_days(venue.organisation_id, now(), now() + HORIZON)
    room = lock_room(venue, room)
    if hits := bookings_in(venue, room, at=now()):
        raise InUse(hits)
    take_over(venue, room, {"active": False}, verb="room:archived", by=by)
    return room


@atomic
def restore_room(venue: Venue, *, room: Room, by: Actor) -> Room:
    """It is in use again, last in the order. Harmless twice."""
    last = max((one.sort_order for one in lock_rooms(venue)), default=0)
    room = lock_room(venue, room)
    if not room.active:
        take_over(venue, room, {"active": True, "sort_order": last + 1}, verb="room:restored", by=by)
    return room


@atomic
def shift_room(venue: Venue, *, room: Room, up: bool, by: Actor) -> Room:
    """One place up or down in the order; harmless at its end, and for an archived room."""
    rooms = lock_rooms(venue)
    here = next((place for place, one in enumerate(rooms) if one.id == room.id), None)
    there = None if here is None else here + (-1 if up else 1)
    if here is None or there is None or not 0 <= there < len(rooms):
        return room
    rooms[here], rooms[there] = rooms[there], rooms[here]
    for place, one in enumerate(rooms, start=1):
        one.sort_order = place
    audit.record(by, "room:ordered", room, changes={"order": [here + 1, there + 1]})
    announce(venue, VENUE)
    return room


@atomic
def create_type(venue: Venue, *, name: str, name_en: str | None, by: Actor) -> RoomType:
    """A new type of room, for all venues of the organisation."""
    kind = RoomType(organisation_id=venue.organisation_id, name=name, name_en=name_en)
    db.session.add(kind)
    db.session.flush()
    audit.record(by, "room_type:created", kind, name=name)
    return kind


@atomic
def rename_type(
    venue: Venue, *, kind: RoomType, name: str, name_en: str | None, version: int | None, by: Actor
) -> RoomType:
    """Other names; harmless when nothing is new. Raises Stale."""
    kind = lock_type(venue, kind)
    check_version(kind, version)
    take_over(venue, kind, {"name": name, "name_en": name_en}, verb="room_type:changed", by=by)
    return kind


@atomic
def remove_type(venue: Venue, *, kind: RoomType, by: Actor) -> None:
    """It is gone. Raises Invalid while a room is of it or a treatment needs it, at any venue."""
    kind = lock_type(venue, kind)
    if uses_of(venue, kind):
        raise Invalid(_("Rooms or treatments still have this type."))
    audit.record(by, "room_type:removed", kind, name=kind.name)
    db.session.delete(kind)
