"""By keyboard alone, from the address bar to a cancelled booking."""

from __future__ import annotations

from datetime import date, time

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.agenda.days import beside
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage, card
from tests.factories import make_member, make_shift
from tests.support.browser import assert_accessible

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # Keys are the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


def test_from_tab_to_a_cancelled_booking(stage: Stage) -> None:
    first, second = stage.book("10:00"), stage.book("14:00")
    camille = stage.enter(stage.house.camille)
    expect(camille.locator(".card")).to_have_count(2)

    _tab_into_the_grid(camille)
    expect(card(camille, first)).to_be_focused()
    camille.keyboard.press("Tab")
    assert not camille.evaluate("document.activeElement.closest('.agenda-body')"), "the grid has a second Tab stop"
    camille.keyboard.press("Shift+Tab")
    camille.keyboard.press("ArrowDown")
    expect(card(camille, second)).to_be_focused()

    camille.keyboard.press("Enter")
    expect(camille.locator("#panel h2")).to_be_focused()
    _tab_to(camille, "summary.danger")
    camille.keyboard.press("Enter")
    expect(camille.locator("textarea[name=reason]")).to_be_focused()
    _tab_to(camille, "#panel form button")
    camille.keyboard.press("Enter")  # without a reason
    expect(camille.locator("#panel .summary")).to_be_focused()
    _tab_to(camille, "textarea[name=reason]")
    camille.keyboard.type("Cliente souffrante")
    _tab_to(camille, "#panel form button")
    camille.keyboard.press("Enter")

    expect(camille.locator("#toasts .toast")).to_contain_text("annulée")
    expect(camille.locator("#panel")).to_contain_text("Cliente souffrante")
    expect(card(camille, second)).to_have_count(0)
    assert stage.call(f"/v1/bookings/{second['id']}")[1]["data"]["status"] == "cancelled"
    camille.keyboard.press("Escape")
    expect(camille.locator("#panel > *")).to_have_count(0)


@pytest.mark.parametrize(("language", "off", "closed", "reason"), [
    ("fr", "pas de service", "fermé", "Zoé Test n’est pas de service"),
    ("en", "not on shift", "closed", "Zoé Test is not on shift then"),
])  # fmt: skip
def test_where_nobody_works_can_be_reached_and_tells_why_not(
    stage: Stage, book: Book, language: str, off: str, closed: str, reason: str
) -> None:
    house = stage.house
    zoe = make_member(house.organisation, house.lutetia, first_name="Zoé")
    make_shift(house.lutetia, zoe, house.day, start=time(13), end=time(21))
    booking = book("15:00")
    camille = stage.enter(house.camille, locale=f"{language}-{language.upper()}")
    here = camille.locator(":focus")

    _tab_into_the_grid(camille)
    _press(camille, "ArrowRight", "ArrowRight", "ArrowRight", "Home")
    assert _name(here) == f"09:00, Zoé Test, {off}"
    _press(camille, "ArrowDown", "PageDown")
    assert _name(here) == f"10:30, Zoé Test, {off}"
    assert_accessible(camille)
    camille.keyboard.press("Tab")
    camille.keyboard.press("Shift+Tab")
    assert _name(here) == f"10:30, Zoé Test, {off}"

    camille.keyboard.press("Enter")
    expect(camille.locator("#compose-title")).to_be_focused()
    expect(camille.locator(".verdict-line")).to_contain_text(reason)
    _tab_to(camille, "[data-compose-close]")
    camille.keyboard.press("Enter")
    expect(here).to_have_attribute("aria-label", f"10:30, Zoé Test, {off}")
    camille.keyboard.press("Enter")
    _tab_to(camille, "#compose a.btn[href*='T13:00']")  # the nearest time at which she works
    camille.keyboard.press("Enter")
    expect(camille.locator("#compose-form [name=time]")).to_have_value("13:00")
    camille.keyboard.press("Escape")
    assert _name(here) == f"10:30, Zoé Test, {off}"

    accept(house, booking, zoe)  # her column comes anew, the place stays
    expect(camille.locator(f"[data-column='{zoe.uuid}'] .card")).to_have_count(1)
    expect(here).to_have_attribute("aria-label", f"10:30, Zoé Test, {off}")
    _press(camille, "End")
    assert _name(here) == f"20:30, Zoé Test, {closed}"
    _press(camille, "Home", "b")
    expect(camille.locator("#block-start")).to_have_value("09:00")

    camille.goto(f"/v/lutetia/agenda/{beside(house.day, 30)}")  # nobody works
    _tab_into_the_grid(camille)
    assert _name(here).endswith(off)


def test_on_the_day_of_a_clock_change_a_place_is_asked_about_at_the_hour_written_beside_it(stage: Stage) -> None:
    house, sunday = stage.house, date(2027, 10, 31)
    house.lutetia.timezone = "Europe/Paris"
    make_shift(house.lutetia, house.therese, sunday, start=time(0), end=time(6))
    camille = stage.enter(house.camille, at=f"/v/lutetia/agenda/{sunday}/week?by=therapist&of={house.therese.uuid}")
    here = camille.locator(":focus")
    _tab_into_the_grid(camille)
    _press(camille, *["ArrowRight"] * 6, "Home")
    for hour in ("00", "01", "02", "02", "03", "04"):
        assert _name(here) == f"{hour}:00, dimanche 31 octobre 2027, fermé"
        camille.keyboard.press("PageDown")
    camille.keyboard.press("Enter")
    expect(camille.locator("#compose p").first).to_contain_text("31 oct. 05:00")
    camille.keyboard.press("Escape")
    expect(here).to_have_attribute("role", "gridcell")
    _press(camille, *["PageUp"] * 3)  # to the second of the two
    with camille.expect_request(lambda asked: "at=2027-10-31T01%3A00%2B00%3A00" in asked.url):
        camille.keyboard.press("Enter")


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _name(here: Locator) -> str:
    """What a screen reader says of what has the focus, which is one of the grid's cells."""
    expect(here).to_have_attribute("role", "gridcell")
    return here.get_attribute("aria-label") or ""


def _tab_into_the_grid(page: Page) -> None:
    _tab_to(page, ".agenda-body[role=grid] *")


def _tab_to(page: Page, selector: str) -> None:
    """Tab until the focus stands on such an element; AssertionError when it never does."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}.")
