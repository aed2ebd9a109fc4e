"""The desk's screen in a real browser: keyboard, panel, live changes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.bookings.conftest import Book, accept, book
from tests.factories import House
from tests.support.browser import OpenBrowser
from tests.support.server import LiveServer
from tests.support.sign_in import COOKIE, new_cookie

__all__ = ["book"]

GRID = "[role=grid]"
# What no database can change is looked at once.
ONE_DATABASE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
FRESH = re.compile(r"\bis-fresh\b")


@pytest.fixture
def desk(live_server: LiveServer, open_browser: OpenBrowser, house: House) -> Page:
    """Camille's browser, signed in. It is closed before the server is, or it would complain that the server went."""
    page = open_browser(base_url=live_server.url)
    page.context.add_cookies([{"name": COOKIE, "value": new_cookie(house.camille), "url": live_server.url}])
    return page


@ONE_DATABASE
def test_arrows_walk_through_the_grid_and_enter_opens_the_panel(desk: Page, house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    desk.goto(_url(house))
    assert desk.locator(f"{GRID} [tabindex='0']").count() == 1

    desk.locator(f"{GRID} .card").focus()
    for key, place in (
        ("ArrowDown", f"{house.day}T11:00"),
        ("PageDown", f"{house.day}T12:00"),
        ("End", f"{house.day}T19:30"),
        ("ArrowLeft", f"{house.day}T19:30"),
        ("Home", f"{house.day}T09:00"),
    ):
        desk.keyboard.press(key)
        assert desk.evaluate("document.activeElement.dataset.at") == place
    assert desk.evaluate("document.activeElement.closest('.column').dataset.column") == str(house.marc.uuid)
    assert desk.locator(f"{GRID} [tabindex='0']").count() == 1

    desk.locator(f"{GRID} .card").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#panel h2")).to_be_focused()
    assert f"booking={booking.uuid}" in desk.url
    assert desk.locator(f"{GRID} #panel").count() == 0

    desk.keyboard.press("Escape")
    expect(desk.locator(f"{GRID} .card")).to_be_focused()
    expect(desk.locator("#panel > *")).to_have_count(0)
    assert "booking=" not in desk.url
    desk.go_back()
    expect(desk.locator("#panel h2")).to_be_visible()


@ONE_DATABASE
def test_a_part_that_could_not_be_fetched_is_asked_for_again(
    desk: Page, house: House, book: Book, complaints: list[str]
) -> None:
    desk.goto(_url(house))
    expect(desk.locator("body[data-live=on]")).to_be_attached()
    refused = []

    def refuse_once(route: Route) -> None:
        refused.append(route.request.url)
        route.fulfill(status=503) if len(refused) == 1 else route.fallback()

    desk.route(re.compile(r"/agenda/\d{4}"), refuse_once)
    booking = book("10:00")
    expect(desk.locator("body[data-live=off]")).to_be_attached()
    expect(_card(desk, "pending", booking.uuid)).to_be_visible()
    expect(desk.locator("body[data-live=on]")).to_be_attached()
    _expected(complaints, "503")


@ONE_DATABASE
def test_what_changed_without_network_is_caught_up(desk: Page, house: House, book: Book, complaints: list[str]) -> None:
    desk.goto(_url(house))
    expect(desk.locator("body[data-live=on]")).to_be_attached()
    desk.context.set_offline(True)
    booking = book("10:00")
    expect(desk.locator("body[data-live=off]")).to_be_attached()
    desk.wait_for_timeout(1000)
    desk.context.set_offline(False)
    expect(_card(desk, "pending", booking.uuid)).to_be_visible()
    _expected(complaints, "ERR_INTERNET_DISCONNECTED", "Failed to fetch")


def test_a_booking_appears_and_is_accepted_without_a_reload(desk: Page, house: House, book: Book) -> None:
    desk.goto(_url(house))
    expect(desk.locator("body[data-live=on]")).to_be_attached()
    desk.evaluate("window.same = true")
    desk.locator("[data-at$='T15:00']").first.focus()

    booking = book("10:00")
    expect(_card(desk, "pending", booking.uuid)).to_be_visible()
    expect(_card(desk, "pending", booking.uuid)).to_have_class(FRESH)
    assert desk.evaluate("document.activeElement.dataset.at").endswith("T15:00")

    accept(house, booking, house.therese)
    expect(_card(desk, house.therese.uuid, booking.uuid)).to_be_visible()
    expect(_card(desk, "pending", booking.uuid)).to_have_count(0)
    assert desk.evaluate("window.same") is True


def test_a_change_elsewhere_leaves_what_is_being_typed_alone(desk: Page, house: House, book: Book) -> None:
    booking = book("10:00")
    desk.goto(_url(house))
    expect(desk.locator("body[data-live=on]")).to_be_attached()
    desk.locator(f"{GRID} .card").click()
    desk.locator(".cancel > summary").click()
    desk.locator("#panel textarea").fill("La cliente a la grippe.")

    accept(house, booking, house.therese)
    expect(desk.locator("#panel-state .is-confirmed")).to_be_visible()
    expect(desk.locator("#panel textarea")).to_have_value("La cliente a la grippe.")

    version = desk.locator("#booking-version").input_value()
    desk.locator(".cancel button[type=submit]").click()
    expect(desk.locator(".toast")).to_have_count(1)
    expect(desk.locator("#booking-version")).not_to_have_value(version)
    expect(desk.locator("#panel textarea")).to_have_value("La cliente a la grippe.")

    desk.locator(".cancel button[type=submit]").click()
    expect(desk.locator("#panel-state .is-cancelled")).to_be_visible()
    expect(desk.locator(f"{GRID} .card")).to_have_count(0)


def _card(page: Page, column: object, booking: object) -> Locator:
    place = "[data-lane='pending']" if column == "pending" else f"[data-column='{column}']"
    return page.locator(f"{place} [data-booking='{booking}']")


def _url(house: House, by: str = "therapist") -> str:
    return f"/v/lutetia/agenda/{house.day}?by={by}"


def _expected(complaints: list[str], *causes: str) -> None:
    """The browser tells of what the test itself has broken."""
    complaints[:] = [complaint for complaint in complaints if not any(cause in complaint for cause in causes)]
