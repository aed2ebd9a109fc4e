"""Booking from the grid, counted in clicks: by mouse, by keys, by touch, beside others; and where it is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from portal.database import db
from portal.i18n import phone
from portal.models import Booking
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage
from tests.factories import House, make_customer, make_treatment
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked and typed is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
FREE, REFUSED = ".verdict.is-free", ".verdict.is-refused"


class Hand:
    """Somebody at work in a page: clicks, taps and Enter are counted, typing is not."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, thing: Locator, **options: Any) -> None:
        self.clicks += 1
        thing.click(**options)

    def tap(self, thing: Locator) -> None:
        self.clicks += 1
        thing.tap()

    def enter(self) -> None:
        self.clicks += 1
        self.page.keyboard.press("Enter")

    def key(self, key: str) -> None:
        """A key that stands for a button."""
        self.clicks += 1
        self.page.keyboard.press(key)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_known_guest_in_three_clicks(stage: Stage, language: str) -> None:
    house = stage.house
    helene = make_customer(house.organisation, email="helene@example.org")
    page = stage.enter(house.camille, locale=f"{language}-{language.upper()}")
    hand = Hand(page)

    hand.click(_place(page, house, "10:00"))
    expect(page.locator("#c-guest")).to_be_focused()
    expect(page.locator(FREE)).to_be_visible()
    assert_accessible(page)
    page.keyboard.type("dup hel")
    hand.enter()
    expect(page.locator("#c-guest")).to_have_value(f"Hélène Dupont · {phone(helene.phone)}")
    hand.click(page.locator("#compose-form .actions .primary"))

    made = page.locator(f"[data-column='{house.therese.uuid}'] .card")
    expect(made).to_be_visible()
    expect(made).to_be_focused()
    expect(page.locator("#compose > *")).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text("Hélène Dupont")
    assert hand.clicks == 3
    booking = _only()
    assert (booking.status, booking.therapist_id) == ("confirmed", house.therese.id)
    assert booking.starts_at == house.at("10:00")


def test_a_new_guest_by_keys_alone_without_an_extra_click(stage: Stage) -> None:
    house = stage.house
    page = stage.enter(house.camille)
    hand = Hand(page)
    _place(page, house, "10:00").focus()
    page.keyboard.press("ArrowDown")
    hand.enter()
    expect(page.locator("#c-guest")).to_be_focused()
    page.keyboard.type("Léa Martin 06 39 98 12 34")
    hand.enter()  # even before the list is there
    expect(page.locator("#c-options > *")).to_have_count(0)
    expect(page.locator("[name=create]")).to_have_value("1")
    hand.enter()

    expect(page.locator(f"[data-column='{house.therese.uuid}'] .card")).to_be_focused()
    assert hand.clicks == 3
    booking = _only()
    assert booking.guest_name == "Léa Martin"
    assert booking.starts_at == house.at("10:30")


def test_on_a_phone_by_touch_in_a_sheet(stage: Stage) -> None:
    house = stage.house
    make_customer(house.organisation)
    page = stage.phone(house.camille)
    hand = Hand(page)
    place = _place(page, house, "10:00")
    place.scroll_into_view_if_needed()
    hand.tap(place)
    sheet = page.locator("#compose")
    expect(page.locator(FREE)).to_be_visible()
    box, window = sheet.bounding_box(), page.viewport_size
    assert box is not None
    assert window is not None
    assert (box["x"], round(box["y"] + box["height"])) == (0, window["height"])
    assert_no_sideways_scroll(page)
    page.locator("#c-guest").fill("dup")
    hand.tap(page.locator("#c-options [role=option]").first)
    hand.tap(page.locator("#compose-form .actions .primary"))
    expect(page.locator(f"[data-column='{house.therese.uuid}'] .card")).to_be_attached()
    assert hand.clicks == 3


def test_a_walk_in_in_two_clicks(stage: Stage) -> None:
    house = stage.house
    page = stage.enter(house.camille)
    hand = Hand(page)
    hand.click(page.locator("[data-compose][data-key=k]"))
    expect(page.locator(".slot").first).to_be_visible()
    assert_accessible(page)
    hand.click(page.locator(f".slot[data-variant='{house.single.uuid}']"))
    expect(page.locator(".card[data-status=confirmed].is-arrived")).to_be_visible()
    assert hand.clicks == 2
    booking = _only()
    assert (booking.customer_id, booking.arrived_at is not None) == (None, True)


def test_a_time_is_found_in_three_clicks(stage: Stage) -> None:
    house = stage.house
    facial = make_treatment(house.lutetia, house.massage.room_type, name="Soin visage", duration=30, price_minor=6000)
    wanted = str(facial.variants[0].uuid)
    make_customer(house.organisation)  # saves, so that no reading is left open
    page = stage.enter(house.camille)
    hand = Hand(page)
    page.locator("h1").click()
    hand.key("n")
    expect(page.locator("#f-variant")).to_be_focused()
    assert_accessible(page)
    hand.clicks += 1
    page.locator("#f-variant").select_option(wanted)
    page.locator("#f-after").fill("17:00")
    slot = page.locator(f"[data-slot='{house.day}T17:00']")
    expect(slot).to_be_visible()
    hand.click(slot)
    expect(page.locator("#c-guest")).to_be_focused()
    assert hand.clicks == 3
    assert page.locator("#c-price").input_value().replace(",", ".") == "60.00"
    page.keyboard.type("dup")
    hand.enter()
    expect(page.locator("[name=customer]")).not_to_have_value("")
    hand.enter()
    expect(page.locator(".toast")).to_contain_text("Hélène Dupont")
    assert _only().starts_at == house.at("17:00")


def test_others_see_who_is_typing_and_she_finds_it_again(stage: Stage) -> None:
    house = stage.house
    camille, maud = stage.enter(house.camille), stage.enter(house.maud)
    _place(camille, house, "10:00").click()
    expect(maud.locator(f"[data-column='{house.therese.uuid}'] .typing")).to_contain_text("Camille", timeout=4000)
    expect(camille.locator(".typing")).to_have_count(0)
    camille.locator("#c-guest").fill("Nouvelle Cliente")
    camille.locator(".compose .fold > summary").last.click()
    camille.locator("#c-notes").fill("Rappelle à midi")
    camille.keyboard.press("Escape")
    expect(camille.locator("#compose > *")).to_have_count(0)
    expect(_place(camille, house, "10:00")).to_be_focused()
    expect(maud.locator(".typing")).to_have_count(0, timeout=4000)

    _place(camille, house, "15:00").click()
    camille.locator("#compose .note a").click()
    expect(camille.locator("#c-notes")).to_have_value("Rappelle à midi")
    expect(camille.locator("#c-time")).to_have_value("10:00")
    camille.locator("[data-compose-drop]").click()
    expect(camille.locator("#compose > *")).to_have_count(0)
    _place(camille, house, "15:00").click()
    expect(camille.locator("#c-guest")).to_be_focused()
    expect(camille.locator("#compose .note")).to_have_count(0)


def test_taken_from_elsewhere_while_she_types(stage: Stage, book: Book) -> None:
    house = stage.house
    make_customer(house.organisation)
    page = stage.enter(house.camille)
    _place(page, house, "10:00").click()
    expect(page.locator(FREE)).to_be_visible()
    page.keyboard.type("dup")
    page.keyboard.press("Enter")
    page.locator(".compose .fold > summary").last.click()
    page.locator("#c-notes").fill("Au calme")

    accept(house, book("10:00"), house.therese)
    expect(page.locator(REFUSED)).to_contain_text("Thérèse", timeout=4000)
    expect(page.locator("[data-take]")).to_have_count(3)
    expect(page.locator("#c-notes")).to_have_value("Au calme")
    expect(page.locator("#c-guest")).not_to_have_value("")
    assert_accessible(page)
    page.locator("[data-take]").first.click()
    expect(page.locator(FREE)).to_be_visible()
    page.locator("#c-notes").press("Tab")
    page.locator("#compose-form .actions .primary").click()
    expect(page.locator(f"[data-column='{house.therese.uuid}'] .card")).to_have_count(2)
    assert _bookings()[-1].notes == "Au calme"


def test_refused_on_sending_it_stays_open_and_a_manager_may_overbook(stage: Stage, book: Book) -> None:
    house = stage.house
    make_customer(house.organisation)
    accept(house, book("10:00"), house.therese)
    camille, maud = stage.enter(house.camille), stage.enter(house.maud)
    for page in (camille, maud):
        _place(page, house, "11:00").click()
        page.locator("#c-time").fill("10:30")
        page.locator("#c-time").press("Tab")
        expect(page.locator(REFUSED)).to_be_visible()
        page.locator("#c-guest").fill("dup")
        page.locator("#c-guest").press("Enter")
        expect(page.locator("[name=customer]")).not_to_have_value("")
        with page.expect_response(lambda answer: answer.status == 409):
            page.locator("#compose-form .actions .primary").click()
        expect(page.locator(REFUSED)).to_be_visible()
        expect(page.locator("#c-guest")).not_to_have_value("")
    expect(camille.locator(".overbook")).to_have_count(0)
    maud.locator(".overbook > summary").click()
    maud.locator("#c-overbook_reason").fill("Cliente de vingt ans")
    maud.locator(".overbook .danger").click()
    expect(maud.locator(".card.is-overbooked").first).to_be_visible()


def test_what_is_hatched_says_why_and_the_way_out(stage: Stage, book: Book) -> None:
    house = stage.house
    make_customer(house.organisation)
    accept(house, book("10:00"), house.therese)
    page = stage.enter(house.camille)
    _place(page, house, "11:00").click(modifiers=["Alt"])
    expect(page.locator("p[data-why]")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto(f"/v/lutetia/agenda/{house.day + timedelta(days=8)}")
    page.locator(f"[data-column='{house.marc.uuid}'] .off").click(position={"x": 20, "y": 100})
    expect(page.locator("p[data-why]")).to_contain_text("Marc")
    assert_accessible(page)


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


def _place(page: Page, house: House, clock: str) -> Locator:
    return page.locator(f"[data-column='{house.therese.uuid}'] [data-at='{house.day}T{clock}']")


def _bookings() -> list[Booking]:
    """As they are now; nothing is left open that would keep the server from writing."""
    found = list(db.session.scalars(select(Booking).order_by(Booking.id).execution_options(populate_existing=True)))
    for one in found:
        assert one.guest_name is not None
    db.session.commit()
    return found


def _only() -> Booking:
    (booking,) = _bookings()
    return booking
