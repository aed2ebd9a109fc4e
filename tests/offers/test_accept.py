"""Accept, through the phone's door: with and without JavaScript, too late, twice, and by the wrong people."""

from __future__ import annotations

import pytest

from portal.audit import Actor
from portal.blocks.service import block_time
from portal.bookings.service import cancel_booking
from portal.bookings.visit import start
from portal.clock import frozen
from tests.bookings.conftest import Book, accept, offer_to, partner
from tests.factories import House
from tests.offers.conftest import path
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import sign_in


def test_without_javascript_she_reads_that_it_is_hers(house: House, book: Book, therese: PageClient) -> None:
    booking = book("15:00")
    offer = offer_to(booking, house.therese)
    therese.get("/my/day")

    answer = therese.submit(f".//form[@action='{path(offer, 'accept')}']")
    assert (answer.status_code, answer.location) == (303, "/my/day")
    therese.get("/my/day")

    assert booking.status == "confirmed"
    assert "It's yours. Tomorrow 15:00, Cabine 1." in Page.text_of(therese.page.one(".//*[@id='toasts']"))


def test_the_answer_stays_in_the_cards_place(house: House, book: Book, therese: PageClient) -> None:
    offer = offer_to(book("15:00"), house.therese)
    therese.get("/my/day")

    answer = therese.hx(path(offer, "accept"), method="POST")

    card = therese.page.one("./article")
    assert answer.status_code == 200
    assert card.get("data-offer") == str(offer.uuid)
    assert card.get("id") == f"offer-{offer.uuid}"
    assert "It's yours. Tomorrow 15:00, Cabine 1." in Page.text_of(card)
    assert therese.page.all(".//button") == []
    assert "changed:offers" in answer.headers["HX-Trigger"]


def test_a_second_tap_says_the_same(house: House, book: Book, therese: PageClient) -> None:
    booking = book("15:00")
    offer = offer_to(booking, house.therese)
    therese.get("/my/day")
    token = {"X-CSRFToken": therese.page.csrf_token}
    first = therese.hx(path(offer, "accept"), method="POST", headers=token)
    lines = len(booking.events)

    second = therese.hx(path(offer, "accept"), method="POST", headers=token)

    assert second.status_code == 200
    assert second.data == first.data
    assert len(booking.events) == lines


def test_the_late_one_reads_a_kind_sentence_in_place(house: House, book: Book, marc: PageClient) -> None:
    booking = book("15:00")
    marc.get("/my/day")
    accept(house, booking, house.therese)

    answer = marc.hx(path(offer_to(booking, house.marc), "accept"), method="POST")

    assert answer.status_code == 409
    assert "Just taken by a colleague. Nothing to do." in marc.page.text
    assert "Just taken by a colleague. Nothing to do." in answer.headers["HX-Trigger"]
    assert marc.page.one("./article").get("data-offer")
    assert [Page.text_of(button) for button in marc.page.all(".//button")] == ["Tell me first next time"]
    assert booking.therapist is house.therese


def test_the_late_one_without_javascript_reads_it_too(house: House, book: Book, marc: PageClient) -> None:
    booking = book("15:00")
    marc.get("/my/day")
    form = marc.page.one(f".//form[@action='{path(offer_to(booking, house.marc), 'accept')}']")
    accept(house, booking, house.therese)

    answer = marc.send(form)
    assert (answer.status_code, answer.location) == (303, "/my/day")
    marc.get("/my/day")

    assert "Just taken by a colleague." in Page.text_of(marc.page.one(".//*[@id='toasts']"))


def test_one_of_two_therapists_is_told_that_another_is_needed(house: House, book: Book, therese: PageClient) -> None:
    offer = offer_to(book("15:00", variant=house.duo, guest_count=2), house.therese)
    therese.get("/my/day")

    therese.hx(path(offer, "accept"), method="POST")

    assert "It's yours. Tomorrow 15:00, Cabine duo. One more therapist is needed." in therese.page.text


def test_her_own_appointment_is_named(house: House, book: Book, therese: PageClient) -> None:
    first, second = book("15:00"), book("15:30")
    therese.get("/my/day")
    accept(house, first, house.therese)

    answer = therese.hx(path(offer_to(second, house.therese), "accept"), method="POST")

    assert answer.status_code == 409
    assert "You already have Hélène 15:00–16:00." in therese.page.text


def test_her_own_appointment_is_named_with_its_cleaning(house: House, book: Book, therese: PageClient) -> None:
    house.therese.locale = "fr"
    house.lutetia.room_turnover_buffer_minutes = 15
    first, second = book("15:00"), book("15:30")
    therese.get("/my/day")
    accept(house, first, house.therese)

    therese.hx(path(offer_to(second, house.therese), "accept"), method="POST")

    assert "Vous avez déjà Hélène 15:00 – 16:00 (16:15 avec le nettoyage)." in therese.page.text.replace("\u00a0", " ")


def test_a_break_in_the_way_is_told_by_its_time(house: House, book: Book, therese: PageClient) -> None:
    booking = book("15:00")
    therese.get("/my/day")
    resource = house.therese.resource
    assert resource is not None
    block_time(
        house.lutetia, resources=[resource], starts_at=house.at("15:30"), ends_at=house.at("16:30"), kind="break",
        by=Actor.of_member(house.maud, door="agenda"),
    )  # fmt: skip

    therese.hx(path(offer_to(booking, house.therese), "accept"), method="POST")

    assert "You are not free at that time (15:30–16:30)." in therese.page.text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "The spa cancelled this offer."), ("fr", "Le spa a annulé cette proposition.")],
)
def test_a_cancelled_one_says_so(house: House, book: Book, therese: PageClient, language: str, sentence: str) -> None:
    house.therese.locale = language
    booking = book("15:00")
    therese.get("/my/day")
    cancel_booking(house.lutetia, booking=booking, reason="r", cancelled_by="partner", by=partner(house))

    answer = therese.hx(path(offer_to(booking, house.therese), "accept"), method="POST")

    assert answer.status_code == 409
    assert sentence in therese.page.text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Too late for this one (closed 15:00)."), ("fr", "Trop tard pour celle-ci (close à 15:00).")],
)
def test_a_late_one_says_when_it_closed(
    house: House, book: Book, therese: PageClient, language: str, sentence: str
) -> None:
    house.therese.locale = language
    booking = book("15:00")
    with frozen(house.at("15:00")):
        sign_in(therese, house.therese)
        therese.get("/my/day")
        answer = therese.hx(path(offer_to(booking, house.therese), "accept"), method="POST")

    assert answer.status_code == 409
    assert sentence in therese.page.text.replace("\u00a0", " ")


def test_a_retry_after_the_treatment_began_still_says_that_it_is_hers(
    house: House, book: Book, therese: PageClient
) -> None:
    booking = book("15:00")
    accept(house, booking, house.therese)
    with frozen(house.at("15:01")):
        sign_in(therese, house.therese)
        start(house.lutetia, booking=booking, by=Actor.of_member(house.camille, door="agenda"))
        therese.get("/my/day")
        answer = therese.hx(path(offer_to(booking, house.therese), "accept"), method="POST")

    assert answer.status_code == 200
    assert "It's yours." in therese.page.text


def test_a_colleagues_offer_is_not_there(house: House, book: Book, therese: PageClient) -> None:
    booking = book("15:00")
    therese.get("/my/day")

    answer = therese.hx(path(offer_to(booking, house.marc), "accept"), method="POST")

    assert answer.status_code == 404
    assert booking.status == "pending"


def test_the_desk_cannot_answer_for_her(house: House, book: Book, client: PageClient) -> None:
    offer = offer_to(book("15:00"), house.therese)
    sign_in(client, house.therese)
    client.get("/my/day")
    token = {"X-CSRFToken": client.page.csrf_token}

    for member in (house.camille, house.maud, house.ada):
        sign_in(client, member)
        assert client.hx(path(offer, "accept"), method="POST", headers=token).status_code == 403
    assert offer.status == "open"


def test_another_venue_and_another_house_find_nothing(house: House, book: Book, client: PageClient) -> None:
    offer = offer_to(book("15:00"), house.therese)
    sign_in(client, house.therese)
    client.get("/my/day")
    token = {"X-CSRFToken": client.page.csrf_token}

    for venue in ("marais", "chamonix", "nowhere"):
        assert client.hx(path(offer, "accept", venue), method="POST", headers=token).status_code == 404
    sign_in(client, house.eve)
    assert client.hx(path(offer, "accept"), method="POST", headers=token).status_code == 404
    assert offer.status == "open"
