"""The details as a form: what two people typed at once is shown to the second one, and nothing is lost."""

from __future__ import annotations

import pytest

from portal.bookings.editing import edit_booking
from portal.database import db
from tests.bookings.conftest import Book
from tests.bookings.test_move_booking import desk
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

FORM = ".//form[@class='form edit']"


@pytest.fixture
def camille(client: PageClient, house: House) -> PageClient:
    sign_in(client, house.camille)
    return client


def test_the_details_are_saved(camille: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    camille.get(f"/v/lutetia/bookings/{booking.uuid}/edit")
    answer = camille.submit(FORM, {"price": "1 045,50", "notes": "Dos", "room_number": "214", "client_type": "hotel"})
    assert answer.status_code == 303
    assert (booking.price_minor, booking.notes, booking.room_number) == (104550, "Dos", "214")
    assert (booking.client_type, booking.guest_language) == ("hotel", "fr")
    camille.get(answer.location)
    undo = [form for form in camille.page.all(".//form") if (form.get("action") or "").endswith("/undo")]
    assert camille.send(undo[0]).status_code == 303
    assert (booking.price_minor, booking.notes) == (9500, None)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"price": "-5"}, "Please enter an amount"),
        ({"price": "1e99"}, "Please enter an amount"),
        ({"price": "12.345"}, "Please enter an amount"),
        ({"notes": "x" * 10_000}, "at most 500 characters"),
        ({"room_number": "x" * 21}, "at most 20 characters"),
        ({"client_type": "emperor"}, "Please choose one of these."),
        ({"guest_language": "xx"}, "Please choose one of these."),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(
    camille: PageClient, house: House, book: Book, values: dict[str, str], told: str
) -> None:
    booking = book("10:00")
    camille.get(f"/v/lutetia/bookings/{booking.uuid}/edit")
    answer = camille.submit(FORM, {"notes": "Kept", **values})
    assert answer.status_code == 422
    assert told in camille.page.text
    assert ("Kept" in answer.text) is ("notes" not in values)
    assert (booking.price_minor, booking.notes) == (9500, None)


def test_somebody_elses_change_is_shown_and_saving_again_decides(camille: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    camille.get(f"/v/lutetia/bookings/{booking.uuid}/edit")
    edit_booking(house.lutetia, booking=booking, by=desk(house), notes="De Maud", price_minor=8000)

    answer = camille.submit(FORM, {"notes": "De Camille"})
    assert answer.status_code == 409
    assert "De Maud" in camille.page.text
    values = camille.page.values_of(camille.page.one(FORM))
    assert (values["notes"], values["price"]) == ("De Camille", "80.00"), "mine is kept, what I left alone is hers"
    assert booking.notes == "De Maud"

    assert camille.submit(FORM).status_code == 303
    db.session.expire_all()
    assert (booking.notes, booking.price_minor) == ("De Camille", 8000)
