"""The therapist whom the guest asks for: in the popover, in the edit form, in the waves, in the history."""

from __future__ import annotations

import pytest

from portal.audit import Actor
from portal.bookings.editing import edit_booking
from portal.bookings.service import withdraw_from_booking
from portal.clock import frozen
from portal.database import db
from portal.models import Booking
from portal.undo.service import undo_last
from tests.bookings.conftest import Book, accept, asked, offer_to, phone
from tests.bookings.visits import fresh
from tests.factories import House, make_customer, make_member, make_shift
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import sign_in

FORM = ".//form[@id='compose-form']"
EDIT = ".//form[@class='form edit']"
NOWHERE = "ask:11111111-1111-4111-8111-111111111111"


@pytest.fixture
def camille(client: PageClient, house: House) -> PageClient:
    sign_in(client, house.camille)
    return client


def desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")


def compose(camille: PageClient, house: House, **values: str) -> int:
    camille.get("/v/lutetia/bookings/new", query_string={"at": f"{house.day}T10:00"})
    guest = make_customer(house.organisation)
    return camille.submit(FORM, {"customer": str(guest.uuid), **values}).status_code


def only() -> Booking:
    db.session.expire_all()
    return db.session.query(Booking).one()


def test_ask_first_asks_her_alone_and_reserves_nobody(camille: PageClient, house: House) -> None:
    assert compose(camille, house, therapist=f"ask:{house.marc.uuid}") == 303

    booking = only()
    assert (booking.status, booking.requested, asked(booking)) == ("pending", house.marc, {"Marc": "open"})
    assert offer_to(booking, house.marc).because == "requested"


def test_who_is_reserved_may_be_noted_as_asked_for(camille: PageClient, house: House) -> None:
    assert compose(camille, house, therapist=str(house.marc.uuid), asked_for="y") == 303

    booking = only()
    assert (booking.status, booking.therapist, booking.requested) == ("confirmed", house.marc, house.marc)


def test_the_tick_alone_names_nobody(camille: PageClient, house: House) -> None:
    assert compose(camille, house, therapist="", asked_for="y") == 303
    assert only().requested is None


@pytest.mark.parametrize("chosen", [NOWHERE, "ask:", "ask:\x00", "ask:" + "x" * 10_000])
def test_whoever_is_not_of_the_team_is_refused_beside_the_field(camille: PageClient, house: House, chosen: str) -> None:
    assert compose(camille, house, therapist=chosen) == 422
    told = Page.text_of(camille.page.one(".//*[@id='c-therapist-error']"))
    assert "This therapist does not treat guests here." in told
    assert db.session.query(Booking).count() == 0


def test_the_panel_and_the_card_say_so(camille: PageClient, house: House, book: Book) -> None:
    booking = book("10:00", requested=house.marc)

    camille.get(f"/v/lutetia/bookings/{booking.uuid}")
    assert "Asked for Marc Test" in camille.page.text
    camille.get(f"/v/lutetia/agenda/{house.day}")
    card = camille.page.one(f".//a[@data-booking='{booking.uuid}']")
    assert "asked for by the guest" in card.get("aria-label", "")
    assert "#heart" in camille.page.html


def test_in_the_edit_form_she_is_asked_beside_the_others(camille: PageClient, house: House, book: Book) -> None:
    house.lutetia.therapist_escalation_delay_minutes = 7
    zoe = make_member(house.organisation, house.lutetia, first_name="Zoé", priority=2)
    make_shift(house.lutetia, zoe, house.day)
    booking = book("10:00")
    camille.get(f"/v/lutetia/bookings/{booking.uuid}/edit")

    answer = camille.submit(EDIT, {"asked_for": str(zoe.uuid)})

    assert answer.status_code == 303
    booking = fresh(booking)
    assert asked(booking) == {"Thérèse": "open", "Marc": "open", "Zoé": "open"}
    hers = offer_to(booking, zoe)
    assert (hers.because, hers.rank, booking.item.offered_rank) == ("requested", 0, 0)
    assert [line.verb for line in booking.events] == ["requested", "asked_for"]
    camille.get(f"/v/lutetia/bookings/{booking.uuid}")
    assert "The guest asks for Zoé Test" in camille.page.text
    camille.get(f"/v/lutetia/bookings/{booking.uuid}/edit")
    assert camille.page.values_of(camille.page.one(EDIT))["asked_for"] == str(zoe.uuid)


def test_who_was_asked_already_learns_that_it_is_for_her(house: House, book: Book) -> None:
    booking = book("10:00")
    before = booking.item.next_wave_at

    edit_booking(house.lutetia, booking=booking, by=desk(house), requested=house.therese)
    assert (offer_to(booking, house.therese).because, booking.item.next_wave_at) == ("requested", before)
    edit_booking(house.lutetia, booking=booking, by=desk(house), requested=house.marc)
    assert [offer_to(booking, one).because for one in (house.therese, house.marc)] == [None, "requested"]
    edit_booking(house.lutetia, booking=booking, by=desk(house), requested=None)
    assert (offer_to(booking, house.marc).because, booking.requested) == (None, None)


def test_the_same_again_is_harmless(house: House, book: Book) -> None:
    booking = book("10:00", requested=house.marc)
    lines = len(booking.events)

    edit_booking(house.lutetia, booking=booking, by=desk(house), requested=house.marc)

    assert len(fresh(booking).events) == lines


def test_one_undo_takes_it_back(house: House, book: Book) -> None:
    with frozen(house.at("08:00")):
        booking = book("10:00", gender_preference="female")
        edit_booking(house.lutetia, booking=booking, by=desk(house), requested=house.marc, notes="By name")
        assert asked(booking) == {"Thérèse": "open", "Marc": "open"}
        undo_last(house.lutetia, by=desk(house))

    booking = fresh(booking)
    assert (booking.requested, booking.notes) == (None, None)
    assert asked(booking) == {"Thérèse": "open", "Marc": "cancelled"}
    assert booking.item.offered_rank == 1


def test_she_is_asked_first_again_when_a_colleague_gives_it_back(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    edit_booking(house.lutetia, booking=booking, by=desk(house), requested=house.marc)

    withdraw_from_booking(house.lutetia, booking=booking, by=phone(house.therese))

    assert asked(booking) == {"Thérèse": "withdrawn", "Marc": "open"}
    assert (offer_to(booking, house.marc).because, booking.item.offered_rank) == ("requested", 0)


def test_a_stranger_in_the_edit_form_is_refused(camille: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    for wrong in (str(house.eve.uuid), str(house.camille.uuid), "x" * 10_000, "\x00"):
        camille.get(f"/v/lutetia/bookings/{booking.uuid}/edit")
        assert camille.submit(EDIT, {"asked_for": wrong}).status_code == 422
        assert "Please choose one of these." in camille.page.text
    assert fresh(booking).requested is None
