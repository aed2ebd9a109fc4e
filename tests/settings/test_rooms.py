"""Rooms: made, changed, ordered, archived and used again; what bookings ahead forbid; types shared by all venues."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.clock import frozen
from portal.database import db
from portal.errors import Invalid
from portal.models import Room, RoomType
from portal.settings.errors import BookingsHit, InUse, Stale
from portal.settings.rooms.queries import types_of
from portal.settings.rooms.service import (
    RoomValues,
    archive_room,
    change_room,
    create_room,
    remove_type,
    rename_type,
    restore_room,
    shift_room,
)
from portal.team.queries import rooms_of
from tests.factories import House
from tests.settings.conftest import Book, accept, manager, trail
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

PAGE = "/v/lutetia/settings/rooms/"


def values(house: House, **given: object) -> RoomValues:
    kind = house.rooms[0].room_type
    return {"name": "Cabine Seine", "name_en": None, "room_type": kind, "capacity": 1} | given  # type: ignore[return-value]


def test_a_new_room_is_last_and_can_be_booked(house: House, book: Book) -> None:
    room = create_room(house.lutetia, values=values(house), by=manager(house))
    assert rooms_of(house.lutetia)[-1] is room
    booking = book("10:00", room=room)
    assert {claim.resource_id for claim in booking.item.claims} == {room.id}


def test_changed_with_from_and_to(house: House) -> None:
    room = house.rooms[0]
    change_room(house.lutetia, room=room, values=values(house), version=room.version, by=manager(house))
    assert trail("room:changed") == [{"name": ["Cabine 1", "Cabine Seine"]}]
    with pytest.raises(Stale):
        change_room(house.lutetia, room=room, values=values(house, name="X"), version=1, by=manager(house))


def test_bookings_that_would_not_fit_are_named_first_and_keep_their_room(house: House, book: Book) -> None:
    booking = book("10:00", variant=house.duo, guest_count=2)
    smaller = values(house, name=house.duo_room.name)
    with pytest.raises(BookingsHit) as hit:
        change_room(house.lutetia, room=house.duo_room, values=smaller, version=None, by=manager(house))
    assert [one.booking for one in hit.value.hits] == [booking.uuid]
    # A treatment that asks for a type would not be given in a room without one.
    with pytest.raises(BookingsHit):
        change_room(
            house.lutetia, room=house.duo_room, values=smaller | {"capacity": 2, "room_type": None}, version=None,
            by=manager(house),
        )  # fmt: skip
    change_room(
        house.lutetia, room=house.duo_room, values=smaller, version=None, over=[booking.uuid], by=manager(house)
    )
    db.session.expire_all()
    assert house.duo_room.capacity == 1
    assert house.duo_room.id in {claim.resource_id for claim in booking.item.claims if claim.active}


def test_archived_unless_bookings_ahead_have_it(house: House, book: Book) -> None:
    booking = book("10:00")
    [room_id] = {claim.resource_id for claim in booking.item.claims}
    room = db.session.get_one(Room, room_id)
    with pytest.raises(InUse) as used:
        archive_room(house.lutetia, room=room, by=manager(house))
    assert [hit.number for hit in used.value.hits] == [booking.number]
    with frozen(house.at("12:00")):
        for _twice in range(2):
            archive_room(house.lutetia, room=room, by=manager(house))
    assert room not in rooms_of(house.lutetia)
    assert trail("room:archived") == [{"active": [True, False]}]
    restore_room(house.lutetia, room=room, by=manager(house))
    assert rooms_of(house.lutetia)[-1] is room


def test_the_order(house: House) -> None:
    names = [room.name for room in rooms_of(house.lutetia)]
    shift_room(house.lutetia, room=house.rooms[0], up=False, by=manager(house))
    assert [room.name for room in rooms_of(house.lutetia)] == [names[1], names[0], names[2]]
    shift_room(house.lutetia, room=house.rooms[1], up=True, by=manager(house))  # at its end already
    assert rooms_of(house.lutetia)[0] is house.rooms[1]


def test_a_type_that_is_used_stays(house: House) -> None:
    [kind] = types_of(house.lutetia)
    rename_type(house.lutetia, kind=kind, name="Cabine calme", name_en="Quiet", version=kind.version, by=manager(house))
    with pytest.raises(Invalid):
        remove_type(house.lutetia, kind=kind, by=manager(house))
    spare = RoomType(organisation_id=house.organisation.id, name="Hammam")
    db.session.add(spare)
    db.session.commit()
    remove_type(house.lutetia, kind=spare, by=manager(house))
    assert [one.name for one in types_of(house.lutetia)] == ["Cabine calme"]


def test_the_pages(house: House, maud: PageClient, book: Book) -> None:
    booking = book("10:00", variant=house.duo, guest_count=2)
    accept(house, booking, house.therese)
    maud.get(PAGE)
    maud.get(f"{PAGE}new")
    kind = str(house.rooms[0].room_type.uuid)  # type: ignore[union-attr]
    assert maud.submit(".//main//form", {"name": "", "capacity": "0"}).status_code == 422
    assert maud.submit(".//main//form", {"name": "Cabine Opéra", "capacity": "1", "kind": kind}).status_code == 303
    made = db.session.scalars(select(Room).where(Room.name == "Cabine Opéra")).one()
    assert (made.capacity, made.venue_id, str(made.room_type.uuid)) == (1, house.lutetia.id, kind)  # type: ignore[union-attr]

    room = f"{PAGE}{house.duo_room.uuid}"
    maud.get(room)
    save = f".//form[@action='{room}']"
    assert maud.submit(save, {"capacity": "1"}).status_code == 409
    assert "Hélène Dupont" in maud.page.text
    assert maud.submit(save).status_code == 409  # nothing was confirmed
    form = maud.page.one(save)
    answer = maud.post(room, data=maud.page.values_of(form) | {"confirm": "y"})
    assert answer.status_code == 303
    assert house.duo_room.capacity == 1
    maud.get(room)
    assert maud.submit(f".//form[@action='{room}/archive']").status_code == 422
    assert "Hélène Dupont" in maud.page.text


def test_strangers_rooms(house: House, client: PageClient) -> None:
    sign_in(client, house.eve)
    assert client.get(f"/v/chamonix/settings/rooms/{house.duo_room.uuid}").status_code == 404
    kind = house.rooms[0].room_type
    assert kind is not None
    assert client.get(f"/v/chamonix/settings/rooms/types/{kind.uuid}").status_code == 404
