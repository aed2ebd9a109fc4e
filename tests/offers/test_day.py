"""What a therapist sees on her phone, and what she does not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import time, timedelta

from portal.clock import frozen, now
from portal.models import StaffMember, VenueMember
from portal.offers.queries import LINGER
from tests.bookings.conftest import Book, accept
from tests.factories import House, lend, make_customer, make_room, make_shift, make_treatment, save
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import sign_in
from tests.support.statements import Statements


def test_an_offer_can_be_decided_without_opening_it(house: House, book: Book, therese: PageClient) -> None:
    house.rooms[0].name_en = "Room 1"
    book("15:00", gender_preference="female", guest_language="fr")

    therese.get("/my/day")

    card = Page.text_of(therese.page.one(".//article[@data-offer]"))
    for told in ("Tomorrow 15:00", "60 min", "Relaxing massage", "Spa Lutèce EN", "Room 1", "Staycation"):
        assert told in card
    assert "The guest would rather have a woman" in card
    assert "The guest speaks French" in card


def test_names_are_in_the_readers_language(house: House, book: Book, therese: PageClient) -> None:
    house.therese.locale = "fr"
    house.rooms[0].name_en = "Room 1"
    book("15:00")

    therese.get("/my/day")

    card = Page.text_of(therese.page.one(".//article[@data-offer]"))
    assert "Massage relaxant" in card
    assert "Cabine 1" in card


def test_nothing_of_the_guest_is_told_before_she_accepts(house: House, book: Book, therese: PageClient) -> None:
    guest = make_customer(house.organisation, first_name="Aurélie", last_name="Canari", phone="+33698765432")
    booking = book("15:00", customer=guest, notes="Enceinte de cinq mois")

    therese.get("/my/day")
    for secret in ("Canari", "98765432", "98 76 54 32", "Enceinte"):
        assert secret not in therese.page.html

    accept(house, booking, house.therese)
    therese.get("/my/day")
    assert "Aurélie" in therese.page.html
    assert "Enceinte de cinq mois" in therese.page.html
    assert "Canari" not in therese.page.html


def test_soonest_first_over_all_her_venues(house: House, book: Book, therese: PageClient) -> None:
    _works_also(house, house.therese)
    there = make_treatment(house.marais, name_en="Hammam")
    with frozen(now()):
        book("16:00")
        book("12:00", venue=house.marais, variant=there.variants[0])
        book("10:00")

    therese.get("/my/day")

    texts = [Page.text_of(card) for card in therese.page.all(".//article[@data-offer]")]
    assert [next(time for time in ("10:00", "12:00", "16:00") if time in text) for text in texts] == [
        "10:00", "12:00", "16:00",
    ]  # fmt: skip
    assert "Spa du Marais" in texts[1]


def test_a_colleagues_offer_is_not_shown(house: House, book: Book, therese: PageClient) -> None:
    house.therese.active = True
    book("10:00")
    asked_alone = book("11:00", gender_preference="male")
    assert [offer.member.first_name for offer in asked_alone.item.offers] == ["Marc"]

    therese.get("/my/day")

    assert len(therese.page.all(".//article[@data-offer]")) == 1


def test_no_offer_is_shown_for_a_venue_she_has_left(house: House, book: Book, therese: PageClient) -> None:
    book("10:00")
    link = house.therese.venue_links[0]
    link.venue = house.marais
    save(link)

    therese.get("/my/day")

    assert therese.page.all(".//article[@data-offer]") == []


def test_taken_by_a_colleague_it_stays_a_moment_without_buttons_then_goes(
    house: House, book: Book, marc: PageClient
) -> None:
    accept(house, book("15:00"), house.therese)

    marc.get("/my/day")
    assert marc.page.all(".//*[@data-offer]") == []
    assert "Just taken by a colleague. Nothing to do." in marc.page.text
    assert marc.page.all(".//form[@hx-trigger='load']") == []
    [only] = _answer_forms(marc.page)
    assert only.endswith("/tell-first")

    with frozen(now() + LINGER + timedelta(seconds=1)):
        marc.get("/my/day")
    assert "Just taken" not in marc.page.text


def test_an_offer_whose_time_has_begun_is_gone(house: House, book: Book, therese: PageClient) -> None:
    book("15:00")

    with frozen(house.at("15:00")):
        sign_in(therese, house.therese)
        therese.get("/my/day")

    assert therese.page.all(".//*[@data-offer]") == []


def test_the_next_visit_then_the_running_one(house: House, book: Book, therese: PageClient) -> None:
    guest = make_customer(house.organisation, first_name="Aurélie", last_name="Canari")
    accept(house, book("15:00", customer=guest), house.therese)

    with frozen(house.at("14:35")):
        sign_in(therese, house.therese)
        therese.get("/my/day")
    card = Page.text_of(therese.page.one(".//article[@class='now-card is-confirmed']"))
    for told in ("15:00", "Aurélie", "Relaxing massage", "Cabine 1", "In 25 minutes", "What to know"):
        assert told in card

    with frozen(house.at("15:24")):
        therese.get("/my/day")
    card = Page.text_of(therese.page.one(".//article[@class='now-card is-confirmed']"))
    assert "36 minutes left, until 16:00" in card


def test_today_and_the_next_days(house: House, book: Book, therese: PageClient) -> None:
    accept(house, book("10:00"), house.therese)
    accept(house, book("12:00"), house.therese)
    accept(house, book(starts_at=house.at("11:00", days=1)), house.therese)

    with frozen(house.at("09:00")):
        sign_in(therese, house.therese)
        therese.get("/my/day")

    lists = [Page.text_of(one) for one in therese.page.all(".//ol[@class='day-list']")]
    assert len(lists) == 2
    assert "10:00" in lists[0]
    assert "12:00" in lists[0]
    assert "11:00" in lists[1]
    assert "Tomorrow" in therese.page.text
    assert "Up to date 09:00" in therese.page.text


def test_what_she_accepted_far_ahead_can_be_found_and_given_back(house: House, book: Book, therese: PageClient) -> None:
    make_shift(house.lutetia, house.therese, house.day + timedelta(days=90))
    booking = book("10:00", starts_at=house.at("10:00", days=90))
    accept(house, booking, house.therese)

    therese.get("/my/day")

    assert therese.page.all(f".//*[@data-booking='{booking.uuid}']")
    assert f"/bookings/{booking.uuid}/withdraw" in therese.page.html


def test_an_empty_day_says_what_comes_next(house: House, therese: PageClient) -> None:
    therese.get("/my/day")

    assert "New ones appear here by themselves." in therese.page.text
    assert "No treatment for you today." in therese.page.text


def test_htmx_gets_the_day_alone(house: House, book: Book, therese: PageClient) -> None:
    book("10:00")

    therese.hx("/my/day")

    assert therese.page.is_fragment
    assert therese.page.one("./div").get("id") == "day"


def test_statements_do_not_grow_with_the_day(
    house: House, book: Book, therese: PageClient, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    for clock in ("10:00", "12:00", "14:00", "16:00"):
        accept(house, book(clock), house.therese)
        book(clock, starts_at=house.at(clock, days=1))

    with statements() as sent:
        therese.hx("/my/day")

    sent.at_most(17)  # nine of them whatever she is asked, four of them the snapshot


def test_the_desk_has_no_phone_page(house: House, client: PageClient) -> None:
    for member in (house.camille, house.maud, house.ada):
        sign_in(client, member)
        assert client.get("/my/day").status_code == 403


def _works_also(house: House, member: StaffMember) -> None:
    make_room(house.marais, name="Cabine verte")
    save(VenueMember(venue=house.marais, member=member))
    lend(member, house.marais, house.day, start=time(12), end=time(13))


def _answer_forms(page: Page) -> list[str]:
    forms = [form.get("action") or "" for form in page.all(".//form")]
    return [action for action in forms if "/offers/" in action]
