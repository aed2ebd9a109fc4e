"""Longer and shorter: what follows is pushed along, what stands in the way is named."""

from __future__ import annotations

import pytest

from portal.bookings.errors import BadTime, SlotUnavailable
from portal.bookings.moving import resize_booking
from portal.bookings.refusals import sentence
from tests.bookings.conftest import Book, accept
from tests.bookings.test_move_booking import chain, desk, held, utc
from tests.factories import House
from tests.support.language import in_english


def test_it_grows_and_shrinks_with_its_room_and_its_therapist(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    for minutes, end in ((75, "11:15"), (45, "10:45")):
        resize_booking(house.lutetia, booking=booking, minutes=minutes, by=desk(house))
        assert booking.ends_at == house.at(end)
        assert {(start, until) for _, start, until in held(booking)} == {(utc(house, "10:00"), utc(house, end))}
    assert (booking.status, booking.price_minor) == ("confirmed", 9500)


def test_what_follows_in_the_visit_is_pushed(house: House) -> None:
    booking = chain(house)
    resize_booking(house.lutetia, booking=booking, item=booking.items[0], minutes=75, by=desk(house))
    assert [(item.starts_at, item.ends_at) for item in booking.items] == [
        (house.at("10:00"), house.at("11:15")),
        (house.at("11:15"), house.at("11:45")),
    ]
    assert booking.ends_at == house.at("11:45")


def test_the_next_guest_stands_in_the_way(house: House, book: Book) -> None:
    booking, after = book("10:00"), book("11:00")
    accept(house, booking, house.therese)
    accept(house, after, house.therese)
    with pytest.raises(SlotUnavailable) as refused:
        resize_booking(house.lutetia, booking=booking, minutes=75, by=desk(house))
    assert (
        in_english(lambda: sentence(house.lutetia, refused.value))
        == "Thérèse Test is with another guest from 11:00 to 12:00."
    )


@pytest.mark.parametrize("minutes", [0, -15, 3, 62, 725, 10**9])
def test_lengths_that_cannot_be(house: House, book: Book, minutes: int) -> None:
    booking = book("10:00")
    with pytest.raises(BadTime):
        resize_booking(house.lutetia, booking=booking, minutes=minutes, by=desk(house))
