"""Searching from any page: by keyboard, by mouse, by touch, in both languages, and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from portal.database import db
from portal.models import Customer
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage
from tests.factories import make_customer
from tests.support.browser import PHONE, assert_accessible

__all__ = ["book"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("backend", ["sqlite"], indirect=True)]
FIELD = "[data-search]"
ROW = "#results a[data-booking]"


def odile_books(stage: Stage, book: Book) -> str:
    """Odile Caron comes at 12 with Thérèse; the uuid of her booking."""
    house = stage.house
    odile: Customer = make_customer(
        house.organisation, first_name="Odile", last_name="Caron", name_key="odile caron", phone="+33612345678"
    )
    booking = book("12:00", customer=odile)
    accept(house, booking, house.therese)
    found = str(booking.uuid)
    db.session.commit()
    return found


@pytest.mark.parametrize("language", ["fr", "en"])
def test_by_keyboard_alone(stage: Stage, book: Book, language: str) -> None:
    booking = odile_books(stage, book)
    page = stage.enter(stage.house.camille, locale=language)
    page.locator("[data-search-menu] summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.type("06.12.34")
    expect(page.locator(ROW)).to_have_count(1)
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    expect(page.locator(ROW)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    _expect_panel(page, stage, booking)

    page.locator("[data-search-menu] summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.type("caron")
    expect(page.locator(ROW)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(FIELD)).to_be_hidden()
    expect(page.locator("[data-search-menu] summary")).to_be_focused()
    assert page.locator(ROW).count() == 0, "What was found is forgotten: it must not stand before the grid's own cards."


def test_by_mouse_and_by_touch(stage: Stage, book: Book) -> None:
    booking = odile_books(stage, book)
    for kinds in ((), (PHONE,)):
        page = stage.enter(stage.house.camille, *kinds, locale="fr")
        page.locator("[data-search-menu] summary").click()
        page.locator(FIELD).press_sequentially("odile")
        expect(page.locator(ROW)).to_have_count(1)
        box = page.locator("[data-search-menu] .menu-body").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= page.evaluate("innerWidth")
        page.locator(ROW).click()
        _expect_panel(page, stage, booking)


def test_without_javascript(stage: Stage, book: Book) -> None:
    booking = odile_books(stage, book)
    page = stage.enter(stage.house.camille, java_script_enabled=False)
    page.locator("[data-search-menu] summary").click()
    page.locator(FIELD).fill("caron")
    page.locator(FIELD).press("Enter")
    page.wait_for_url("**/search?q=caron")
    page.locator(ROW).click()
    _expect_panel(page, stage, booking)


def _expect_panel(page: Page, stage: Stage, booking: str) -> None:
    page.wait_for_url(f"**/agenda/{stage.house.day}?booking={booking}")
    expect(page.locator(f"#booking-{booking}")).to_be_visible()
