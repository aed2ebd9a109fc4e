"""What an offer's card tells: for whom, until when, who else; and nothing of the guest."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from portal.bookings.service import cancel_booking
from portal.bookings.waves import send_due_waves
from portal.clock import frozen, now
from portal.models import HealthNote
from portal.offers.service import decline_offer
from tests.bookings.conftest import Book, accept, offer_to, partner, phone
from tests.factories import House, make_customer, make_member, make_shift, save
from tests.offers.conftest import path
from tests.support.client import PageClient
from tests.support.page import Page

CARD = ".//article[@data-offer]"


def card(client: PageClient) -> str:
    return Page.text_of(client.page.one(CARD))


def test_for_her_because_the_guest_asked(house: House, book: Book, therese: PageClient) -> None:
    book("15:00", requested=house.therese)

    therese.get("/my/day")

    assert "For you" in card(therese)
    assert "The guest asked for you" in card(therese)
    assert "Only you can see this" in card(therese)
    assert "Partner Staycation" in card(therese), "by whom it came is told as well"
    assert "Open to the team" not in card(therese)


def test_for_her_because_the_guest_is_her_regular(house: House, book: Book, therese: PageClient) -> None:
    guest = make_customer(house.organisation, first_name="Aurélie", last_name="Canari")
    with frozen(house.at("08:00")):
        for clock in ("09:00", "10:00"):
            accept(house, book(clock, customer=guest), house.therese)
    with frozen(house.at("20:00")):
        booking = book("15:00", starts_at=house.at("15:00", days=1), customer=guest)

    therese.get("/my/day")

    hers = therese.page.one(f".//article[@data-offer='{offer_to(booking, house.therese).uuid}']")
    assert "Your regular guest" in Page.text_of(hers)


def test_open_to_the_team_and_from_a_partner(house: House, book: Book, therese: PageClient) -> None:
    booking = book("15:00")
    therese.get("/my/day")
    assert "Partner Staycation" in card(therese)
    assert "For you" not in card(therese)

    booking.api_key_id = None
    therese.get("/my/day")
    assert "Open to the team" in card(therese)


@pytest.mark.parametrize(("rank", "told"), [(1, "2 others can see this"), (2, "1 other can see this")])
def test_how_many_others_see_it(house: House, book: Book, therese: PageClient, rank: int, told: str) -> None:
    zoe = make_member(house.organisation, house.lutetia, first_name="Zoé", priority=rank)
    make_shift(house.lutetia, zoe, house.day)
    booking = book("15:00")

    therese.get("/my/day")
    assert told in card(therese)
    decline_offer(house.lutetia, offer=offer_to(booking, house.marc), by=phone(house.marc))
    therese.get("/my/day")
    assert ("1 other can see this" if rank == 1 else "Only you can see this") in card(therese)


def test_the_ring_runs_until_the_next_wave_then_until_it_begins(house: House, book: Book, therese: PageClient) -> None:
    house.lutetia.therapist_escalation_delay_minutes = 7
    with frozen(sent := now()):
        booking = book("15:00")
    therese.get("/my/day")
    ring = therese.page.one(".//div[@class='ring']")
    assert ring.get("data-from") == sent.isoformat()
    assert ring.get("data-deadline") == (sent + timedelta(minutes=7)).isoformat()
    assert "Please answer by" in card(therese)

    with frozen(sent + timedelta(minutes=7)):
        send_due_waves()
        therese.get("/my/day")
    assert therese.page.one(".//div[@class='ring']").get("data-deadline") == booking.starts_at.isoformat()
    assert "Please answer by" not in card(therese)


def test_the_soonest_deadline_stands_first(house: House, book: Book, therese: PageClient) -> None:
    with frozen(now() - timedelta(minutes=5)):
        late = book("17:00")
    early = book("10:00")

    therese.get("/my/day")

    shown = [one.get("data-offer") for one in therese.page.all(CARD)]
    assert shown == [str(offer_to(one, house.therese).uuid) for one in (late, early)]


def test_an_answered_card_stays_where_it_was(house: House, book: Book, therese: PageClient) -> None:
    with frozen(now() - timedelta(minutes=5)):
        late = book("17:00")
    book("10:00")
    therese.get("/my/day")
    before = [one.get("data-offer") for one in therese.page.all(CARD)]

    therese.hx(path(offer_to(late, house.therese), "accept"), method="POST")
    therese.get("/my/day")

    assert [one.get("data-offer") for one in therese.page.all(CARD)] == before


def test_nothing_private_before_she_accepts_in_whatever_state(house: House, book: Book, therese: PageClient) -> None:
    guest = make_customer(
        house.organisation, first_name="Prenomcanari", last_name="Nomcanari", phone="+33698765432",
        email="mailcanari@example.org", preferences={"pressure": "prefcanari"},
    )  # fmt: skip
    sealed = b"sealed healthcanari"
    save(HealthNote(organisation_id=house.organisation.id, customer_id=guest.id, key_id="k", sealed=sealed))
    kinds = {
        "open": book("10:00", customer=guest, notes="Notecanari", room_number="9canari"),
        "declined": book("11:00", customer=guest, notes="Notecanari"),
        "taken": book("12:00", customer=guest, notes="Notecanari"),
        "cancelled": book("13:00", customer=guest, notes="Notecanari"),
    }
    decline_offer(house.lutetia, offer=offer_to(kinds["declined"], house.therese), by=phone(house.therese))
    accept(house, kinds["taken"], house.marc)
    cancel_booking(
        house.lutetia, booking=kinds["cancelled"], reason="Reasoncanari", cancelled_by="partner", by=partner(house)
    )

    pages = []
    therese.get("/my/day")
    pages.append(therese.page.html)
    therese.hx("/my/day")
    pages.append(therese.page.html)
    therese.get("/my/day")
    token = {"X-CSRFToken": therese.page.csrf_token}
    for answer in (
        therese.hx(path(offer_to(kinds["taken"], house.therese), "accept"), method="POST", headers=token),
        therese.hx(path(offer_to(kinds["open"], house.therese), "decline"), method="POST", headers=token),
    ):
        assert answer.status_code in {200, 409}
        pages += [answer.get_data(as_text=True), json.dumps(dict(answer.headers))]

    for text in pages:
        told = [word for word in ("canari", "98765432", "98 76 54 32") if word in text.lower()]
        assert not told, f"{told} in {text}"


def test_the_bar_at_the_bottom_counts_what_waits(house: House, book: Book, therese: PageClient) -> None:
    therese.get("/my/day")
    assert therese.page.one(".//nav//*[@id='offers-count']").get("hidden") is not None

    first = book("10:00")
    book("12:00")
    therese.get("/my/day")
    assert Page.text_of(therese.page.one(".//nav//*[@id='offers-count']")) == "2"

    therese.hx(path(offer_to(first, house.therese), "accept"), method="POST")
    therese.hx("/my/day")
    count = therese.page.one(".//*[@id='offers-count']")
    assert (Page.text_of(count), count.get("hx-swap-oob")) == ("1", "true")
