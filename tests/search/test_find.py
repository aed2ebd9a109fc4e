"""The search: everything at hand from one box, today first, this venue only."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from portal.clock import frozen
from portal.database import db
from portal.models import Booking, BookingItem, Customer, Participant
from portal.search.queries import find_bookings
from portal.search.results import results
from tests.bookings.conftest import Book, accept
from tests.factories import House, at, make_customer, make_treatment
from tests.matrix.bad_values import BAD
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import Statements

SEARCH = "/v/lutetia/search"


@pytest.fixture
def odile(house: House) -> Customer:
    return make_customer(
        house.organisation, first_name="Odile", last_name="Caron", name_key="odile caron", phone="+33612345678",
        email="odile@example.org", email_key="odile@example.org",
    )  # fmt: skip


@pytest.fixture
def camille(client: PageClient, house: House) -> PageClient:
    sign_in(client, house.camille)
    return client


def shift(booking: Booking, by: timedelta) -> None:
    """As if it had been booked for another time."""
    rows: tuple[Booking | BookingItem, ...] = (booking, *booking.items)
    for row in rows:
        row.starts_at, row.ends_at = row.starts_at + by, row.ends_at + by


def found(house: House, text: str) -> list[Booking]:
    return find_bookings(house.lutetia, text, limit=20)


@pytest.mark.parametrize(
    "text",
    ["odile", "CARON Odile", "caron", "06.12.34", "+33 6 12", "5678", "odile@exa", "staycation.abc123", "ABC123",
     "staycation-1", "212", "room 212", "chambre 212", "Ch. 212"],
)  # fmt: skip
def test_by_all_that_one_knows_of_it(house: House, book: Book, odile: Customer, text: str) -> None:
    booking = book(
        "10:00", customer=odile, external_reference="staycation.ABC123", external_id="STAYCATION-1", room_number="212"
    )
    book("12:00", customer=make_customer(house.organisation, name_key="marie martin", phone="+447700900000"))
    assert found(house, text) == [booking]


def test_by_its_number(house: House, book: Book, odile: Customer) -> None:
    first, second = book("10:00", customer=odile), book("12:00", customer=odile)
    assert found(house, str(second.number))[0] == second
    assert found(house, f"#{first.number}") == found(house, f"no. {first.number}") == [first]


def test_the_second_of_a_couple_and_the_members_of_a_class(house: House, book: Book, odile: Customer) -> None:
    booking = book("10:00")
    owner = {"organisation_id": booking.organisation_id, "venue_id": booking.venue_id, "booking_id": booking.id}
    db.session.add(Participant(**owner, customer_id=odile.id, position=4))
    db.session.add(Participant(**owner, name="Ruby Clarke", position=5))
    db.session.commit()
    assert found(house, "caron") == found(house, "ruby") == [booking]


def test_today_comes_before_what_is_to_come_before_what_is_past(house: House, book: Book, odile: Customer) -> None:
    def booked(days: int, clock: str) -> Booking:
        return book(clock, customer=odile, starts_at=house.at(clock, days=days))

    late, soon, tomorrow, next_day, past, long_past = (
        booked(2, "16:00"), booked(2, "10:00"), booked(3, "10:00"), booked(4, "09:00"), booked(1, "12:00"),
        booked(0, "12:00"),
    )  # fmt: skip
    with frozen(house.at("12:00", days=2)):
        assert found(house, "caron") == [soon, late, tomorrow, next_day, past, long_past]
        shown = results(house.lutetia, "caron", present=False)
    assert [(when, len(some)) for when, some in shown["bookings"]] == [("today", 2), ("upcoming", 2), ("past", 2)]


def test_cancelled_bookings_are_found_too(house: House, book: Book, odile: Customer) -> None:
    booking = book("10:00", customer=odile)
    booking.status, booking.cancelled_at = "cancelled", booking.created_at
    assert found(house, "odile") == [booking]


def test_of_this_venue_only(house: House, book: Book, odile: Customer) -> None:
    elsewhere = make_treatment(house.marais, name="Ailleurs").variants[0]
    spot = at(house.marais, house.day, "10:00")
    try:
        book("10:00", customer=odile, venue=house.marais, variant=elsewhere, starts_at=spot, room_number="212")
    except Exception:  # noqa: BLE001  (nobody works there; what matters is that lutetia never shows it)
        db.session.rollback()
    assert found(house, "odile") == found(house, "212") == []
    assert [guest.name for guest in results(house.lutetia, "odile", present=False)["guests"]] == ["Odile Caron"]
    assert results(house.chamonix, "odile", present=False)["guests"] == []


def test_guests_without_a_booking_here_come_last(house: House, book: Book, odile: Customer) -> None:
    other = make_customer(house.organisation, first_name="Odile", last_name="Martin", name_key="odile martin")
    booking = book("10:00", customer=odile)
    shown = results(house.lutetia, "odile", present=False)
    assert [one for _when, some in shown["bookings"] for one in some] == [booking]
    assert shown["guests"] == [other]


def test_who_is_in_the_spa_now(house: House, book: Book, odile: Customer) -> None:
    with frozen(house.at("11:00")) as _moment:
        arrived, running, gone = (book(f"{hour}:00", starts_at=house.at(f"{hour}:00")) for hour in (12, 14, 16))
        arrived.arrived_at = house.at("10:50")
        running.status, running.arrived_at = "ongoing", house.at("10:00")
        gone.status, gone.arrived_at = "completed", house.at("09:00")
        yesterday = book("09:00", customer=odile, starts_at=house.at("18:00"))
        shift(yesterday, timedelta(days=-1))
        yesterday.arrived_at = yesterday.starts_at
        db.session.flush()
        shown = results(house.lutetia, "", present=True)
    assert [one for _when, some in shown["bookings"] for one in some] == [arrived, running]
    assert shown["present_count"] == 2


def test_six_statements(
    house: House, book: Book, odile: Customer, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    for clock in ("10:00", "12:00"):
        accept(house, book(clock, customer=odile), house.therese)
    db.session.expunge_all()
    venue = db.session.merge(house.lutetia)
    assert venue.timezone
    with statements() as sent:
        shown = results(venue, "odile caron", present=False)
        for _when, some in shown["bookings"]:
            for booking in some:
                assert (booking.guest_name, shown["therapists_of"](booking)) == ("Odile Caron", "Thérèse")
                assert booking.item.treatment.name
    sent.at_most(6)


def test_bad_values_find_nothing(house: House, book: Book, odile: Customer) -> None:
    book("10:00", customer=odile)
    for name, text in BAD.items():
        assert found(house, text) == [], name
        assert results(house.lutetia, text, present=False)["guests"] == [], name


def test_the_page(camille: PageClient, house: House, book: Book, odile: Customer) -> None:
    booking = book("10:00", customer=odile, room_number="212", external_reference="staycation.ABC123")
    accept(house, booking, house.therese)
    camille.get(SEARCH, query_string={"q": "odile"})
    row = camille.page.one(".//a[@data-booking]")
    assert row.get("href") == f"/v/lutetia/agenda/{house.day}?booking={booking.uuid}"
    text = camille.page.text_of(row)
    for word in ("10:00", "Odile Caron", "Relaxing massage", "Thérèse", "Confirmed", "room 212", "staycation.ABC123"):
        assert word in text, word
    field = camille.page.one(".//input[@name='q']")
    assert (field.get("value"), field.get("data-search")) == ("odile", "")


def test_the_fragment_is_the_results_alone(camille: PageClient, book: Book, odile: Customer) -> None:
    book("10:00", customer=odile)
    camille.hx(SEARCH, query_string={"q": "odile"})
    assert camille.page.is_fragment
    assert camille.page.one(".//div[@id='results']") is not None
    assert camille.page.all(".//input") == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, "Guests, phone numbers, booking numbers, partner references and hotel rooms, on all dates."),
        ({"q": "nemo"}, "Nothing found"),
        ({"present": "1"}, "Nobody is in the spa now"),
    ],
)
def test_what_it_says_when_there_is_nothing(camille: PageClient, query: dict[str, Any], sentence: str) -> None:
    camille.get(SEARCH, query_string=query)
    assert sentence in camille.page.text


def test_more_than_fits_is_said(camille: PageClient, house: House, book: Book, odile: Customer) -> None:
    for number in range(21):
        booking = book("10:00", customer=odile)
        shift(booking, timedelta(days=-number - 2))
        for claim in booking.item.claims:
            claim.active = False
        db.session.commit()
    camille.get(SEARCH, query_string={"q": "odile"})
    assert len(camille.page.all(".//a[@data-booking]")) == 20
    assert "There are more" in camille.page.text
