"""What changed since she last looked, who must confirm it, and when the desk is told."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.bookings.moving import Move, move_booking
from portal.bookings.service import cancel_booking
from portal.clock import frozen, now
from portal.database import db
from portal.models import Booking
from portal.today.board import assemble
from portal.today.queries import load_board
from portal.visits.looks import LINGER, News, news_of
from portal.visits.queries import list_gone, list_named, looks_of
from portal.visits.service import note_gone, note_look, tell_unread
from tests.bookings.conftest import Book, accept, book
from tests.bookings.test_move_booking import desk
from tests.bookings.visits import fresh
from tests.factories import House

__all__ = ["book"]


@pytest.fixture
def hers(house: House, book: Book) -> Booking:
    """Thérèse's guest tomorrow at ten; she took the booking herself."""
    booking = book("10:00")
    accept(house, booking, house.therese)
    return booking


def news(house: House, booking: Booking) -> News | None:
    booking = fresh(booking)
    [item] = list_named(house.therese, [booking.item.uuid]) or [booking.item]
    return news_of(item, looks_of(house.therese, [item.id]).get(item.id), at=now())


def look(house: House, booking: Booking, *, but_close: bool = False) -> int:
    return note_look(house.therese, [booking.item.uuid], but_close=but_close)


def move(house: House, booking: Booking, clock: str, room: int | None = None) -> None:
    chosen = None if room is None else house.rooms[room]
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at(clock), room=chosen), by=desk(house))


def test_what_the_desk_gave_her_is_new_until_she_looks(house: House, book: Book) -> None:
    booking = book("10:00")
    move_booking(house.lutetia, booking=booking, move=Move(therapist=house.therese), by=desk(house))
    assert news(house, booking) == News(is_new=True)
    assert look(house, booking) == 1
    assert look(house, booking) == 0, "a repeat is harmless"
    assert news(house, booking) is None


def test_time_and_room_before_are_told_and_fade_after_a_look(house: House, hers: Booking) -> None:
    look(house, hers)
    before = {claim.resource.name for claim in hers.item.claims if claim.active and claim.resource.kind == "room"}
    other = next(index for index, room in enumerate(house.rooms) if room.name not in before)
    move(house, hers, "14:00", other)
    told = news(house, hers)
    assert told is not None
    assert told.starts_at == house.at("10:00")
    assert {name for name, _ in told.rooms or ()} == before
    look(house, hers)
    assert news(house, hers) == told, "the mark does not vanish under her eyes"
    with frozen(now() + LINGER):
        assert news(house, hers) is None


def test_a_late_change_is_confirmed_by_herself(house: House, hers: Booking) -> None:
    look(house, hers)
    with frozen(house.at("09:10")):
        move(house, hers, "10:05")
        told = news(house, hers)
        assert told is not None
        assert told.asks
        assert look(house, hers, but_close=True) == 0, "that it was on the screen is not enough"
        assert look(house, hers) == 1
        told = news(house, hers)
        assert told is not None
        assert not told.asks


def test_the_desk_is_told_after_five_minutes_and_once(house: House, hers: Booking) -> None:
    look(house, hers)
    with frozen(house.at("09:10")):
        move(house, hers, "10:05")
        assert tell_unread(house.lutetia) == 0
    with frozen(house.at("09:14")):
        assert tell_unread(house.lutetia) == 0
    with frozen(house.at("09:15")):
        assert tell_unread(house.lutetia) == 1
        assert tell_unread(house.lutetia) == 0
        assert fresh(hers).events[-1].verb == "unread"
        assert unread(house) == [house.therese.name]
        look(house, hers)
        assert unread(house) == []


def test_who_has_confirmed_is_not_told_of(house: House, hers: Booking) -> None:
    look(house, hers)
    with frozen(house.at("09:10")):
        move(house, hers, "10:05")
        look(house, hers)
    with frozen(house.at("09:20")):
        assert tell_unread(house.lutetia) == 0
        assert tell_unread(house.marais) == 0


def test_a_second_late_change_is_told_again(house: House, hers: Booking) -> None:
    look(house, hers)
    for clock, start in (("09:10", "10:05"), ("09:20", "10:10")):
        with frozen(house.at(clock)):
            move(house, hers, start)
        with frozen(house.at(clock) + timedelta(minutes=6)):
            assert tell_unread(house.lutetia) == 1
            look(house, hers)


def test_what_is_gone_is_told_until_she_knows(house: House, hers: Booking) -> None:
    look(house, hers)
    assert list_gone(house.therese, start=now()) == []
    cancel_booking(house.lutetia, booking=hers, reason="Malade", cancelled_by="staff", by=desk(house))
    assert [one.item_id for one in list_gone(house.therese, start=now())] == [hers.item.id]
    note_gone(house.therese, uuid4())
    assert len(list_gone(house.therese, start=now())) == 1
    note_gone(house.therese, hers.item.uuid)
    assert list_gone(house.therese, start=now()) == []


def test_a_colleagues_visit_is_not_looked_at(house: House, hers: Booking) -> None:
    assert note_look(house.marc, [hers.item.uuid]) == 0
    assert looks_of(house.marc, [hers.item.id]) == {}


def unread(house: House) -> list[str]:
    db.session.rollback()
    found = load_board(house.lutetia, house.day)
    board = assemble(house.lutetia, house.day, *found, at=now())
    return [name for cards in board.columns.values() for card in cards for name in card.unread_by]
