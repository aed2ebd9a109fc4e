"""Give back, through the phone's door: asked twice, then open to the others and never to her again."""

from __future__ import annotations

from portal.models import Booking
from tests.bookings.conftest import Book, accept, asked
from tests.factories import House
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import sign_in


def test_it_takes_a_second_tap_to_give_back(house: House, book: Book, therese: PageClient) -> None:
    accept(house, book("15:00"), house.therese)

    therese.get("/my/day")

    assert therese.page.all(".//details[@open]") == []
    for form in therese.page.all(".//form[@hx-target='#day']"):
        assert any(parent.tag == "details" for parent in therese.page.ancestors(form))


def test_without_javascript(house: House, book: Book, therese: PageClient) -> None:
    booking = book("15:00")
    accept(house, booking, house.therese)
    therese.get("/my/day")
    form = therese.page.all(f".//form[@action='{_path(booking)}']")[0]

    answer = therese.send(form)
    assert (answer.status_code, answer.location) == (303, "/my/day")
    therese.get("/my/day")

    assert booking.status == "pending"
    assert asked(booking) == {"Thérèse": "withdrawn", "Marc": "open"}
    assert "Given back. Your colleagues are asked now." in Page.text_of(therese.page.one(".//*[@id='toasts']"))


def test_htmx_gets_the_fresh_day_and_a_repeat_is_harmless(house: House, book: Book, therese: PageClient) -> None:
    booking = book("15:00")
    accept(house, booking, house.therese)
    therese.get("/my/day")
    token = {"X-CSRFToken": therese.page.csrf_token}

    for _ in range(2):
        answer = therese.hx(_path(booking), method="POST", headers=token)
        assert answer.status_code == 200
        assert therese.page.one("./div").get("id") == "day"
        assert "now-card" not in therese.page.html
    assert booking.status == "pending"
    assert [line.verb for line in booking.events].count("withdrawn") == 1


def test_what_is_not_hers_is_refused(house: House, book: Book, therese: PageClient) -> None:
    booking = book("15:00")
    accept(house, booking, house.marc)
    therese.get("/my/day")

    answer = therese.hx(_path(booking), method="POST")

    assert answer.status_code == 409
    assert booking.therapist is house.marc


def test_what_she_was_never_asked_about_is_not_there(house: House, book: Book, therese: PageClient) -> None:
    booking = book("15:00", gender_preference="male")
    accept(house, booking, house.marc)
    therese.get("/my/day")

    assert therese.hx(_path(booking), method="POST").status_code == 404
    assert therese.hx(_path(booking, "marais"), method="POST").status_code == 404
    assert booking.status == "confirmed"


def test_the_desk_cannot_give_back_for_her(house: House, book: Book, client: PageClient) -> None:
    booking = book("15:00")
    accept(house, booking, house.therese)
    sign_in(client, house.therese)
    client.get("/my/day")
    token = {"X-CSRFToken": client.page.csrf_token}
    for member, status in ((house.camille, 403), (house.maud, 403), (house.ada, 403), (house.eve, 404)):
        sign_in(client, member)
        assert client.hx(_path(booking), method="POST", headers=token).status_code == status
    assert booking.status == "confirmed"


def _path(booking: Booking, venue: str = "lutetia") -> str:
    return f"/v/{venue}/bookings/{booking.uuid}/withdraw"
