"""A guest who is booked twice at one time: the desk is told while it types and afterwards, and goes on if it likes."""

from __future__ import annotations

from typing import Any

import pytest

from portal.bookings.creation import request_booking
from portal.bookings.elsewhere import Elsewhere, also_booked
from portal.bookings.request import Request
from portal.bookings.service import cancel_booking
from portal.models import Booking, Customer
from tests.bookings.conftest import Book, accept, partner
from tests.bookings.visits import camille as desk
from tests.factories import House, make_customer, save
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

BEGINS = "This guest is already booked then:"


@pytest.fixture
def guest(house: House) -> Customer:
    return make_customer(house.organisation)


@pytest.fixture
def booking(house: House, book: Book, guest: Customer) -> Booking:
    """The guest's confirmed hour with Thérèse at ten."""
    made = book("10:00", customer=guest)
    accept(house, made, house.therese)
    return made


@pytest.fixture
def camille(client: PageClient, house: House) -> PageClient:
    sign_in(client, house.camille)
    return client


@pytest.mark.parametrize(
    ("start", "end", "is_told"),
    [("10:30", "11:30", True), ("09:00", "10:05", True), ("11:00", "12:00", False), ("09:00", "10:00", False)],
)
def test_what_overlaps_is_told(
    house: House, booking: Booking, guest: Customer, *, start: str, end: str, is_told: bool
) -> None:
    found = also_booked(house.lutetia, guest, house.at(start), house.at(end))
    assert found == ([Elsewhere("10:00–11:00", "Thérèse")] if is_told else [])
    assert also_booked(house.lutetia, guest, house.at(start), house.at(end), but=booking) == []


def test_who_is_not_there_is_not_told(house: House, booking: Booking, guest: Customer) -> None:
    other = make_customer(house.organisation, first_name="Paul")
    assert also_booked(house.lutetia, other, *_hour(house)) == []
    cancel_booking(house.lutetia, booking=booking, reason="", cancelled_by="staff", by=desk(house))
    assert also_booked(house.lutetia, guest, *_hour(house)) == []


def test_one_of_several_counts_as_well(house: House, book: Book, guest: Customer) -> None:
    both = book("10:00", variant=house.duo, guest_count=2, price_minor=18000)
    both.participants[1].customer = guest
    save(both)
    assert also_booked(house.lutetia, guest, *_hour(house)) == [Elsewhere("10:00–11:00", "")]
    both.participants[1].status = "left"
    save(both)
    assert also_booked(house.lutetia, guest, *_hour(house)) == []


def test_at_another_venue_its_name_is_told(house: House, booking: Booking, guest: Customer) -> None:
    assert also_booked(house.marais, guest, *_hour(house)) == [Elsewhere("10:00–11:00", house.lutetia.name)]


def test_the_popover_tells_it_beside_the_time(
    camille: PageClient, house: House, booking: Booking, guest: Customer, statements: Any
) -> None:
    asked = {"date": house.day, "time": "10:30", "variant": house.single.uuid, "therapist": house.marc.uuid}
    with statements() as without:
        camille.hx("/v/lutetia/bookings/check", query_string=asked)
    assert BEGINS not in camille.page.text
    asked["customer"] = guest.uuid
    with statements() as sent:
        camille.hx("/v/lutetia/bookings/check", query_string=asked)
    assert f"{BEGINS} 10:00–11:00 (Thérèse). You can book all the same." in camille.page.text
    assert [camille.page.text_of(name) for name in camille.page.all(".//span[@translate='no']")] == ["Thérèse"]
    assert "Free" in camille.page.text
    sent.at_most(len(without) + 2)  # the guest, and what she has


def test_it_is_booked_all_the_same_and_told_again(
    camille: PageClient, house: House, booking: Booking, guest: Customer
) -> None:
    camille.get(f"/v/lutetia/bookings/new?at={house.day}T10:30&column={house.marc.uuid}")
    answer = camille.submit(".//form[@id='compose-form']", {"customer": str(guest.uuid)})
    assert answer.status_code == 303
    camille.get(answer.location)
    assert f"{BEGINS} 10:00–11:00 (Thérèse)." in camille.page.text


def test_a_move_and_a_new_length_tell_it(camille: PageClient, house: House, booking: Booking, guest: Customer) -> None:
    wish = Request(
        variant=house.single, starts_at=house.at("14:00"), customer=guest, therapists=(house.marc,),
        price_minor=9500, channel="desk",
    )  # fmt: skip
    second = request_booking(house.lutetia, wish, by=partner(house))
    url = f"/v/lutetia/bookings/{second.uuid}"
    camille.get(f"{url}/move")
    for clock, length, is_told in (
        ("10:30", 60, True),
        ("11:00", 60, False),
        ("09:00", 60, False),
        ("09:00", 90, True),
    ):
        sent = {"at": house.at(clock).isoformat()} if length == 60 else {"minutes": length}
        told = camille.hx(f"{url}/{'move' if length == 60 else 'resize'}", method="POST", data=sent)
        assert told.status_code == 200
        assert (BEGINS in told.headers["HX-Trigger"]) is is_told


def _hour(house: House) -> tuple[Any, Any]:
    return house.at("10:00"), house.at("11:00")
