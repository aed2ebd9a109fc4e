"""The Today board in real browsers: one click a step, by mouse and by keyboard, live for the others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.clock import frozen, now
from portal.database import db
from portal.models import Booking, BookingItem, Claim
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage
from tests.support.browser import PHONE, assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.fixture
def late(stage: Stage, book: Book) -> Booking:
    """Hélène Dupont, whom Thérèse has expected for twelve minutes."""
    return _visit(stage, book, minutes=-12)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_guest_goes_through_the_board_by_mouse(stage: Stage, late: Booking, language: str) -> None:
    late_word = {"fr": "12 min", "en": "Late, 12 min"}[language]
    camille = _board(stage, language)
    maud = stage.enter(stage.house.maud, at=f"/v/lutetia/today?lang={language}")
    expect(_card(camille, late)).to_contain_text(late_word)
    assert_accessible(camille)

    _step(camille, late).click()
    expect(_card(camille, late, "arrived")).to_be_visible()
    expect(_card(camille, late, "arrived")).to_contain_text("0 min")
    expect(_card(maud, late, "arrived")).to_be_visible(timeout=2_000)

    camille.wait_for_timeout(600)  # the second half of a double click would have hit nothing
    _step(camille, late).click()
    expect(_card(maud, late, "treated")).to_be_visible(timeout=2_000)
    _step(maud, late).click()
    expect(_card(camille, late, "to_settle")).to_contain_text("95", timeout=2_000)
    camille.wait_for_timeout(600)
    _step(camille, late).click()
    expect(_card(camille, late, "done")).to_be_visible()
    assert_accessible(camille)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_by_keyboard_alone_the_focus_follows_the_guest(stage: Stage, late: Booking, language: str) -> None:
    page = _board(stage, language)
    _tab_to(page, f"#visit-{late.uuid} form:first-of-type button")
    page.keyboard.press("Enter")
    expect(_card(page, late, "arrived")).to_be_visible()
    expect(_card(page, late, "arrived").locator("h3 a")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(_card(page, late, "treated")).to_be_visible()
    expect(_card(page, late, "treated").locator("h3 a")).to_be_focused()


def test_a_double_click_is_one_step(stage: Stage, late: Booking, book: Book) -> None:
    other = _visit(stage, book, minutes=-5, to=1)
    page = _board(stage, "fr")
    _step(page, late).dblclick()
    expect(_card(page, late, "arrived")).to_be_visible()
    page.wait_for_timeout(400)
    expect(_card(page, other, "expected")).to_be_visible()
    expect(_card(page, late, "arrived")).to_be_visible()


def test_no_show_is_one_click_from_the_start_on_and_refused_before(stage: Stage, late: Booking, book: Book) -> None:
    soon = _visit(stage, book, minutes=30, to=1)
    page = _board(stage, "en")
    expect(_card(page, soon).get_by_role("button", name="No-show")).to_have_count(0)
    action = _step(page, late).locator("xpath=..").get_attribute("hx-post") or ""
    page.locator(f"#visit-{soon.uuid} form").first.evaluate(
        "(form, to) => form.setAttribute('action', to)",
        action.replace(str(late.uuid), str(soon.uuid)).replace("arrived", "no-show"),
    )
    page.locator(f"#visit-{soon.uuid} form").first.evaluate("form => form.submit()")
    expect(page.locator("#toasts")).to_contain_text("It is too early for that: the visit begins at")
    expect(_card(page, soon, "expected")).to_be_visible()

    _card(page, late).get_by_role("button", name="No-show").click()
    expect(_card(page, late, "done")).to_contain_text("No-show")


def test_on_a_phone_the_columns_are_sections(stage: Stage, late: Booking) -> None:
    page = stage.enter(stage.house.camille, PHONE, at="/v/lutetia/today")
    expect(_card(page, late, "expected")).to_be_visible()
    assert_no_sideways_scroll(page)
    assert_accessible(page)
    _step(page, late).tap()
    expect(_card(page, late, "arrived")).to_be_visible()


def _visit(stage: Stage, book: Book, *, minutes: int, to: int = 0) -> Booking:
    """A confirmed visit that begins so many minutes from now."""
    house = stage.house
    with frozen(house.at("00:30")):
        booking = book(f"{10 + 2 * to}:00")
        accept(house, booking, house.marc if to else house.therese)
    start = now().replace(microsecond=0) + timedelta(minutes=minutes)
    rows: list[Booking | BookingItem | Claim] = [booking, *booking.items, *booking.item.claims]
    for row in rows:
        row.starts_at, row.ends_at = start, start + timedelta(minutes=60)
    for claim in booking.item.claims:
        if claim.resource.kind == "room":
            claim.resource = house.rooms[to]
    db.session.commit()
    return booking


def _board(stage: Stage, language: str) -> Page:
    return stage.enter(stage.house.camille, at=f"/v/lutetia/today?lang={language}")


def _card(page: Page, booking: Booking, column: str = "") -> Locator:
    place = f"#column-{column} " if column else ""
    return page.locator(f"{place}.visit[data-booking='{booking.uuid}']")


def _step(page: Page, booking: Booking) -> Locator:
    return _card(page, booking).locator(".btn.primary")


def _tab_to(page: Page, selector: str) -> None:
    """Tab until the focus stands on such an element; AssertionError when it never does."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}.")
