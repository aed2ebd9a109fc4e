"""Booking from the grid, counted in clicks: by mouse, by keys, by touch, beside others."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from portal.database import db
from portal.i18n import phone
from portal.models import Booking
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage
from tests.browser.hands import How, at_work, by, let_go
from tests.factories import House, make_customer, make_treatment
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked and typed is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
FREE, REFUSED = ".verdict.is-free", ".verdict.is-refused"
SAVE = "#compose-form .actions .primary"


@by("mouse-fr", "keys-en", "touch-fr")
def test_a_known_guest_in_three_clicks(stage: Stage, how: How) -> None:
    house = stage.house
    helene = make_customer(house.organisation, email="helene@example.org")
    number = phone(helene.phone)
    hand = at_work(stage, house.camille, how)
    page = hand.page

    hand.choose(_place(page, house, "10:00"))
    expect(page.locator("#c-guest")).to_be_focused()
    expect(page.locator(FREE)).to_be_visible()
    assert_accessible(page)
    page.keyboard.type("dup hel")
    if how[0] == "touch":
        _is_a_sheet(page)
        hand.choose(page.locator("#c-options [role=option]").first)
    else:
        hand.press("Enter")
    expect(page.locator("#c-guest")).to_have_value(f"Hélène Dupont · {number}")
    if how[0] == "keys":
        hand.press("Enter")
    else:
        hand.choose(page.locator(SAVE))

    made = page.locator(f"[data-column='{house.therese.uuid}'] .card")
    expect(made).to_be_visible()
    expect(made).to_be_focused()
    expect(page.locator("#compose > *")).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text("Hélène Dupont")
    assert hand.clicks == 3
    booking = _only()
    assert (booking.status, booking.therapist_id) == ("confirmed", house.therese.id)
    assert booking.starts_at == house.at("10:00")


@by("keys-fr", "mouse-en")
def test_a_new_guest_without_an_extra_click(stage: Stage, how: How) -> None:
    house = stage.house
    hand = at_work(stage, house.camille, how)
    page = hand.page
    hand.choose(_place(page, house, "10:30"))
    expect(page.locator("#c-guest")).to_be_focused()
    page.keyboard.type("Léa Martin 06 39 98 12 34")
    if how[0] == "keys":
        hand.press("Enter")  # even before the list is there
        expect(page.locator("#c-options > *")).to_have_count(0)
    else:
        last = page.locator("#c-options [role=option]").last
        expect(last).to_contain_text("Create Léa Martin, +33 6 39 98 12 34")
        hand.choose(last)
    expect(page.locator("[name=create]")).to_have_value("1")
    if how[0] == "keys":
        hand.press("Enter")
    else:
        hand.choose(page.locator(SAVE))

    expect(page.locator(f"[data-column='{house.therese.uuid}'] .card")).to_be_focused()
    assert hand.clicks == 3
    booking = _only()
    assert booking.guest_name == "Léa Martin"
    assert booking.starts_at == house.at("10:30")


@by("mouse-fr", "keys-en")
def test_a_couple_in_five_clicks(stage: Stage, how: How) -> None:
    house = stage.house
    make_customer(house.organisation)
    duo, marc = str(house.duo.uuid), str(house.marc.uuid)
    hand = at_work(stage, house.camille, how)
    page = hand.page
    hand.choose(_place(page, house, "11:00"))
    expect(page.locator("#c-guest")).to_be_focused()
    page.keyboard.type("dup")
    hand.press("Enter")
    expect(page.locator("[name=customer]")).not_to_have_value("")
    expect(page.locator("#c-second")).to_be_hidden()
    hand.pick(page.locator("#c-variant"), duo)
    hand.pick(page.locator("#c-second"), marc)
    expect(page.locator(FREE)).to_be_visible()
    hand.choose(page.locator(SAVE))

    for member in (house.therese, house.marc):
        expect(page.locator(f"[data-column='{member.uuid}'] .card use[href$='#link-2']")).to_have_count(1)
    assert hand.clicks == 5
    assert (_only().status, _only().price_minor) == ("confirmed", 18000)


@by("mouse-en", "keys-fr")
def test_several_treatments_and_all_that_belongs_to_a_visit(stage: Stage, how: How) -> None:
    house = stage.house
    facial = make_treatment(house.lutetia, house.massage.room_type, name="Soin visage", duration=30, price_minor=6000)
    wanted, room = str(facial.variants[0].uuid), str(house.rooms[1].uuid)
    make_customer(house.organisation, phone="+33639981234")
    hand = at_work(stage, house.camille, how)
    page = hand.page
    hand.choose(_place(page, house, "14:00"))
    expect(page.locator("#c-guest")).to_be_focused()
    page.keyboard.type("98.12.34")
    hand.press("Enter")
    expect(page.locator("#c-guest")).to_have_value("Hélène Dupont · +33 6 39 98 12 34")

    hand.choose(page.locator(".compose .fold > summary").first)
    hand.pick(page.locator("#c-then-0"), wanted)
    expect(page.locator(FREE)).to_contain_text("14:00–15:30")
    expect(page.locator("#c-price")).to_have_value("155.00" if how[1] == "en" else "155,00")
    hand.pick(page.locator("#c-room"), room)
    hand.fill(page.locator("#c-price"), "150")
    hand.pick(page.locator("#c-client_type"), "hotel")
    hand.choose(page.locator(".compose .fold > summary").nth(1))
    hand.fill(page.locator("#c-room_number"), "417")
    hand.pick(page.locator("#c-payment_method"), "room")
    hand.choose(page.locator("#c-paid"))
    hand.fill(page.locator("#c-notes"), "Au calme")
    assert_accessible(page)
    hand.choose(page.locator(SAVE))

    expect(page.locator(f"[data-column='{house.therese.uuid}'] .card")).to_have_count(2)
    booking = _only()
    assert (booking.price_minor, booking.client_type, booking.room_number) == (15000, "hotel", "417")
    assert (booking.notes, booking.payment_method, booking.payment_status) == ("Au calme", "room", "charged_to_room")
    assert booking.ends_at == house.at("15:30")


@by("mouse-fr", "keys-en")
def test_a_walk_in_in_two_clicks_and_later_her_name(stage: Stage, how: How) -> None:
    house = stage.house
    make_customer(house.organisation)
    single = str(house.single.uuid)
    hand = at_work(stage, house.camille, how)
    page = hand.page
    if how[0] == "keys":
        page.locator("h1").click()
        hand.press("k")
    else:
        hand.choose(page.locator("[data-compose][data-key=k]"))
    expect(page.locator(".slot").first).to_be_visible()
    assert_accessible(page)
    hand.choose(page.locator(f".slot[data-variant='{single}']"))
    card = page.locator(".card[data-status=confirmed].is-arrived")
    expect(card).to_be_visible()
    assert hand.clicks == 2
    booking = _only()
    assert (booking.customer_id, booking.arrived_at is not None) == (None, True)

    hand.choose(card)
    hand.choose(page.locator("#panel a[data-compose]"))
    expect(page.locator("#c-guest")).to_be_focused()
    page.keyboard.type("dup")
    hand.press("Enter")
    expect(page.locator("[name=customer]")).not_to_have_value("")
    hand.choose(page.locator(SAVE))
    expect(card).to_contain_text("Hélène Dupont")
    assert _only().guest_name == "Hélène Dupont"


@by("mouse-fr", "keys-en")
def test_others_see_who_is_typing_and_she_finds_it_again(stage: Stage, how: How) -> None:
    house = stage.house
    hand = at_work(stage, house.camille, how)
    page, maud = hand.page, stage.enter(house.maud, locale=how[1])
    hand.choose(_place(page, house, "10:00"))
    told = {"fr": "Camille réserve ici", "en": "Camille is booking here"}[how[1]]
    typing = maud.locator(f"[data-column='{house.therese.uuid}'] .typing")
    expect(typing).to_contain_text(told)
    expect(page.locator(".typing")).to_have_count(0)
    hand.fill(page.locator("#c-guest"), "Nouvelle Cliente")
    hand.choose(page.locator(".compose .fold > summary").last)
    hand.fill(page.locator("#c-notes"), "Rappelle à midi")
    page.keyboard.press("Escape")
    expect(page.locator("#compose > *")).to_have_count(0)
    expect(_place(page, house, "10:00")).to_be_focused()
    expect(typing).to_have_count(0)

    hand.choose(_place(page, house, "15:00"))
    hand.choose(page.locator("#compose .note a"))
    expect(page.locator("#c-notes")).to_have_value("Rappelle à midi")
    expect(page.locator("#c-time")).to_have_value("10:00")
    hand.choose(page.locator("[data-compose-drop]"))
    expect(page.locator("#compose > *")).to_have_count(0)
    hand.choose(_place(page, house, "15:00"))
    expect(page.locator("#c-guest")).to_be_focused()
    expect(page.locator("#compose .note")).to_have_count(0)

    expect(maud.locator(".typing")).to_have_count(1)
    page.goto("about:blank")  # as closing the browser does
    expect(maud.locator(".typing")).to_have_count(0)


@by("mouse-fr", "keys-en")
def test_taken_from_elsewhere_while_she_types(stage: Stage, book: Book, how: How) -> None:
    house = stage.house
    make_customer(house.organisation)
    hand = at_work(stage, house.camille, how)
    page = hand.page
    hand.choose(_place(page, house, "10:00"))
    expect(page.locator(FREE)).to_be_visible()
    page.keyboard.type("dup")
    page.keyboard.press("Enter")
    hand.choose(page.locator(".compose .fold > summary").last)
    hand.fill(page.locator("#c-notes"), "Au calme")

    accept(house, book("10:00"), house.therese)
    let_go()
    expect(page.locator(REFUSED)).to_contain_text("Thérèse")
    expect(page.locator("[data-take]")).to_have_count(3)
    expect(page.locator("#c-notes")).to_have_value("Au calme")
    expect(page.locator("#c-notes")).to_be_focused()
    expect(page.locator("#c-guest")).not_to_have_value("")
    assert_accessible(page)
    hand.choose(page.locator("[data-take]").first)
    expect(page.locator(FREE)).to_be_visible()
    hand.choose(page.locator(SAVE))
    expect(page.locator(f"[data-column='{house.therese.uuid}'] .card")).to_have_count(2)
    assert _bookings()[-1].notes == "Au calme"


def test_the_price_follows_and_the_usual_treatment_is_taken(stage: Stage, book: Book) -> None:
    house = stage.house
    facial = make_treatment(house.lutetia, house.massage.room_type, name="Soin visage", duration=30, price_minor=6000)
    guest = make_customer(house.organisation)
    book("18:00", customer=guest, variant=facial.variants[0])
    book("17:00")
    book("16:00")
    page = stage.enter(house.camille)
    _place(page, house, "10:00").click()
    expect(page.locator("#c-variant")).to_have_value(str(house.single.uuid))
    page.keyboard.type("dup")
    page.locator(f"#guest-{guest.uuid}").click()
    expect(page.locator("#c-variant")).to_have_value(str(facial.variants[0].uuid))
    expect(page.locator("#c-price")).to_have_value("60,00")
    page.locator("#c-price").fill("50")
    page.locator("#c-variant").select_option(str(house.duo.uuid))
    expect(page.locator("#c-second")).to_be_visible()
    expect(page.locator("#c-price")).to_have_value("50")


def _is_a_sheet(page: Page) -> None:
    """On a phone it stands at the lower edge, as wide as the glass."""
    box, window = page.locator("#compose").bounding_box(), page.viewport_size
    assert box is not None
    assert window is not None
    assert (box["x"], round(box["y"] + box["height"])) == (0, window["height"])
    assert_no_sideways_scroll(page)


def _place(page: Page, house: House, clock: str) -> Locator:
    return page.locator(f"[data-column='{house.therese.uuid}'] [data-at='{house.day}T{clock}']")


def _bookings() -> list[Booking]:
    """As they are now."""
    db.session.rollback()
    found = list(db.session.scalars(select(Booking).order_by(Booking.id).execution_options(populate_existing=True)))
    for one in found:
        assert one.guest_name is not None
    let_go()
    return found


def _only() -> Booking:
    (booking,) = _bookings()
    return booking
