"""What the pages of rooms show."""

from __future__ import annotations

from typing import Any

from portal.clock import now
from portal.models import Room, RoomType, Venue
from portal.settings.page import around
from portal.settings.rooms.forms import RoomForm, TypeForm, room_values
from portal.settings.rooms.queries import all_rooms, closures_of, get_any_room, get_type, types_of


def listing(venue: Venue) -> dict[str, Any]:
    """The context of `settings/rooms/index.html`."""
    rooms = all_rooms(venue)
    return around(venue) | {
        "venue": venue,
        "rooms": [room for room in rooms if room.active],
        "archived": [room for room in rooms if not room.active],
        "types": types_of(venue),
    }


def beside(venue: Venue, room: Room) -> dict[str, Any]:
    """What stands beside the form of a room."""
    return {"room": room, "closures": closures_of(venue, room, at=now())}


def room_form(venue: Venue, room: Room) -> RoomForm:
    """The form as the room stands now."""
    found = get_any_room(venue, room.uuid)
    return RoomForm.of(found.version, room_values(found), types=types_of(venue))


def type_form(venue: Venue, kind: RoomType) -> TypeForm:
    """The form as the type stands now."""
    found = get_type(venue, kind.uuid)
    return TypeForm.of(found.version, {"name": found.name, "name_en": found.name_en})
