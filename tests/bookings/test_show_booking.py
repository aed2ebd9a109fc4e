"""The booking's panel: everything the desk is asked about, and nothing for whom it does not concern."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from portal.audit import Actor
from portal.bookings.service import cancel_booking
from portal.database import db
from portal.models import Booking
from tests.bookings.conftest import Book, accept
from tests.factories import House, make_customer
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


def test_it_tells_who_when_what_where_and_how_it_is_paid(client: PageClient, house: House, book: Book) -> None:
    guest = make_customer(
        house.organisation, first_name="Zoë", last_name="d'Arc", phone="+33612345678", email="z@example.org"
    )
    booking = book(
        "10:00", customer=guest, notes="Allergie : amande", external_reference="STAY-7", room_number="412",
        client_type="hotel", payment_method="room", payment_status="pending_room_charge",
    )  # fmt: skip
    accept(house, booking, house.therese)
    sign_in(client, house.camille)

    client.get(_url(booking, lang="en"))
    facts = {client.page.text_of(row[0]): client.page.text_of(row[1]) for row in client.page.all(".//dl/div")}
    assert client.page.text_of(client.page.one(".//h2")) == "Zoë d'Arc"
    assert facts["When"].endswith("10:00–11:00")
    assert facts["Treatment"] == "Relaxing massage 60 min"
    assert facts["Room"] == "Cabine 1"
    assert facts["Therapist"] == "Thérèse Test"
    assert facts["Phone"] == "+33 6 12 34 56 78"
    assert (facts["Guest"], facts["Kind of guest"]) == ("Zoë d'Arc", "Hotel guest, hotel room 412")
    assert facts["Price"] == "€95.00 To charge to the room · Hotel room bill"
    assert facts["Partner"] == "Staycation"
    assert facts["Reference"] == "STAY-7"
    assert facts["Note"] == "Allergie : amande"
    assert client.page.one(".//a[@href='tel:+33612345678']") is not None
    assert f"Booking no. {booking.number}" in client.page.text


def test_it_tells_who_was_asked_and_what_happened(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    cancel_booking(
        house.lutetia, booking=booking, reason="Grippe", cancelled_by="staff",
        by=Actor.of_member(house.maud, door="agenda"),
    )  # fmt: skip
    sign_in(client, house.camille)

    client.get(_url(booking, lang="en"))
    history = [client.page.text_of(line) for line in client.page.all(".//ol[@class='timeline']/li")]
    assert len(history) == 3
    for line, words in zip(history, (
        "Booking cancelled Confirmed → Cancelled Maud Test, at the desk Put back as it was before",
        "Thérèse Test accepted the booking Pending → Confirmed Thérèse Test, from a phone",
        "Booking received Staycation, through the partner API",
    ), strict=True):  # fmt: skip
        assert re.fullmatch(rf"\d\d:\d\d {re.escape(words)}", line)
    asked = client.page.text_of(client.page.one(".//ul[@class='asked']"))
    assert "Marc Test A colleague was faster" in asked
    assert "Thérèse Test" in asked
    assert client.page.all(".//form[@class='form']") == []


def test_what_people_wrote_is_shown_as_they_wrote_it(client: PageClient, house: House, book: Book) -> None:
    nasty = '<script>alert(1)</script> & "quotes"'
    guest = make_customer(house.organisation, first_name="<b>Bo", last_name="& Co")
    booking = book("10:00", customer=guest, notes=nasty)
    sign_in(client, house.camille)
    for url in (_url(booking), f"/v/lutetia/agenda/{house.day}?booking={booking.uuid}"):
        client.get(url)
        assert nasty in client.page.text
        assert "<b>Bo & Co" in client.page.text


def test_htmx_gets_the_panel_alone(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    client.hx(_url(booking, by="room"))
    assert client.page.is_fragment
    close = client.page.one(".//a[@data-panel-close]")
    assert close.get("href") == f"/v/lutetia/agenda/{house.day}?by=room"


@pytest.mark.parametrize(("who", "status"), [
    ("camille", 200), ("maud", 200), ("ada", 200), ("therese", 403), ("eve", 404),
])  # fmt: skip
def test_who_may_see_it(client: PageClient, house: House, book: Book, who: str, status: int) -> None:
    booking = book("10:00")
    sign_in(client, getattr(house, who))
    assert client.get(_url(booking)).status_code == status


def test_it_is_found_at_its_own_venue_only(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.ada)
    assert client.get(f"/v/marais/bookings/{booking.uuid}").status_code == 404
    assert client.get(f"/v/marais/agenda/{house.day}?booking={booking.uuid}").status_code == 404
    assert client.get(f"/v/lutetia/bookings/{uuid4()}").status_code == 404
    sign_in(client, house.eve)
    client.get(f"/v/chamonix/bookings/{booking.uuid}")
    assert "Hélène" not in client.page.html


def test_a_guest_without_name_or_phone_can_be_shown(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    assert booking.customer is not None
    booking.customer.first_name = booking.customer.last_name = booking.customer.phone = None
    db.session.commit()
    sign_in(client, house.camille)
    client.get(_url(booking, lang="en"))
    assert client.page.text_of(client.page.one(".//h2")) == "Guest without a name"


def _url(booking: Booking, **query: str) -> str:
    given = "&".join(f"{key}={value}" for key, value in query.items())
    return f"/v/lutetia/bookings/{booking.uuid}" + (f"?{given}" if given else "")
