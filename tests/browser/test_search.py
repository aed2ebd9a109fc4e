"""Searching from any page: by keys, by mouse, by touch, in both languages, and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from portal.models import Booking
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage
from tests.browser.hands import Finger, Hand, How, Keys, at_work, by, let_go
from tests.browser.visits import plan
from tests.factories import make_customer
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("backend", ["sqlite"], indirect=True)]
FIELD, MENU = "[data-search]", "[data-search-menu] > summary"
ROWS = "#results a[data-booking]"
# A number in any writing or a part of it, a name without its accents or in capitals, an address, what a partner calls
# the booking, the number of the hotel room.
WAYS = {
    "keys": ("06.12.34.56.78", "+33 6 12 34", "VTZ-77"),
    "mouse": ("caron elodie", "odile@exa"),
    "touch": ("CARON élodie", "chambre 417"),
}


@by("keys-fr", "mouse-en", "touch-fr")
def test_found_in_every_way_today_first(stage: Stage, book: Book, how: How) -> None:
    today, tomorrow = _elodie_books(stage, book)
    hand = at_work(stage, stage.house.camille, how)
    page, rows = hand.page, hand.page.locator(ROWS)
    _open(hand)
    for typed in WAYS[how[0]]:
        hand.fill(page.locator(FIELD), "nobody")
        expect(rows).to_have_count(0)
        hand.fill(page.locator(FIELD), typed)
        expect(rows.first).to_have_attribute("data-booking", str(today.uuid))
    hand.fill(page.locator(FIELD), "caron")
    expect(rows).to_have_count(2)
    expect(rows.last).to_have_attribute("data-booking", str(tomorrow.uuid))
    hand.fill(page.locator(FIELD), str(tomorrow.number))  # its own number comes before all
    expect(rows.first).to_have_attribute("data-booking", str(tomorrow.uuid))
    assert_accessible(page)
    if isinstance(hand, Finger):
        assert_no_sideways_scroll(page)
        box = page.locator("[data-search-menu] .menu-body").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= page.evaluate("innerWidth")

    hand.fill(page.locator(FIELD), "caron")
    expect(rows).to_have_count(2)
    if isinstance(hand, Keys):
        page.keyboard.press("ArrowDown")
        expect(rows.first).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(page.locator(FIELD)).to_be_focused()
        page.keyboard.press("ArrowDown")
        hand.press("Enter")
    else:
        hand.choose(rows.first)
    _expect_panel(page, stage, today)


def test_what_was_found_is_forgotten_with_escape(stage: Stage, book: Book) -> None:
    _elodie_books(stage, book)
    hand = at_work(stage, stage.house.camille, ("keys", "en"))
    page = hand.page
    _open(hand)
    page.keyboard.type("caron")
    expect(page.locator(ROWS)).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator(FIELD)).to_be_hidden()
    expect(page.locator(MENU)).to_be_focused()
    expect(page.locator(ROWS)).to_have_count(0)  # it must not stand before the grid's own cards


def test_without_javascript(stage: Stage, book: Book) -> None:
    today, _tomorrow = _elodie_books(stage, book)
    page = stage.enter(stage.house.camille, java_script_enabled=False)
    page.locator(MENU).click()
    page.locator(FIELD).fill("caron")
    page.locator(FIELD).press("Enter")
    page.wait_for_url("**/search?q=caron")
    page.locator(ROWS).first.click()
    _expect_panel(page, stage, today)


def _elodie_books(stage: Stage, book: Book) -> tuple[Booking, Booking]:
    """Élodie Caron comes at 12 with Thérèse, and again tomorrow morning; the two bookings."""
    house = stage.house
    plan(house, days=2)
    elodie = make_customer(
        house.organisation, first_name="Élodie", last_name="Caron", name_key="elodie caron", phone="+33612345678",
        email="odile@example.org", email_key="odile@example.org",
    )  # fmt: skip
    tomorrow = book("09:00", customer=elodie, starts_at=house.at("09:00", days=1))
    today = book("12:00", customer=elodie, external_reference="VTZ-77", room_number="417")
    accept(house, today, house.therese)
    let_go()
    return today, tomorrow


def _open(hand: Hand) -> None:
    """With `/`, or a click on the glass."""
    if isinstance(hand, Keys):
        hand.press("/")
    else:
        hand.choose(hand.page.locator(MENU))
    expect(hand.page.locator(FIELD)).to_be_focused()


def _expect_panel(page: Page, stage: Stage, booking: Booking) -> None:
    page.wait_for_url(f"**/agenda/{stage.house.day}?booking={booking.uuid}")
    expect(page.locator(f"#booking-{booking.uuid}")).to_be_visible()
