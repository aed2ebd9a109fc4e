"""The day on paper: two clicks or keys, complete, black on white, without what others need not read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.i18n import phone
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage
from tests.browser.hands import Hand, How, Keys, at_work, by
from tests.browser.visits import plan
from tests.factories import make_customer
from tests.support.browser import assert_accessible

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked and typed is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
DESK = {"fr": "Toutes les réservations, par heure", "en": "All bookings by time"}


@by("mouse-fr", "keys-en")
def test_tomorrow_in_two_clicks_and_as_it_is_wanted(stage: Stage, book: Book, how: How) -> None:
    house = stage.house
    tomorrow = house.day + timedelta(days=1)
    plan(house, days=2)
    guest = make_customer(house.organisation)
    number = phone(guest.phone)
    visits = [
        book(clock, customer=guest, notes="Doux, s’il vous plaît", starts_at=house.at(clock, days=1))
        for clock in ("09:00", "19:00", "14:00")
    ]
    first, last = str(visits[0].uuid), str(visits[1].uuid)
    accept(house, visits[0], house.therese)
    hand = at_work(stage, house.camille, how)
    page = hand.page
    page.add_init_script("window.print = () => { document.documentElement.dataset.printed = 'yes'; }")

    _go(hand, "ArrowRight")
    page.wait_for_url(f"**/agenda/{tomorrow}?**")
    _go(hand, "p")
    expect(page.locator("html")).to_have_attribute("data-printed", "yes")
    assert hand.clicks == 2, "ux.md §2.4"
    expect(page.locator(".sheet h2").filter(has_text="Thérèse Test")).to_have_count(1)
    expect(page.locator("main")).to_contain_text(number)
    assert_accessible(page)

    options = page.locator(".sheet-options")
    hand.pick(options.locator("[name=by]"), "desk")
    hand.choose(options.locator("[name=phones]"))
    hand.choose(options.locator("[name=notes]"))
    hand.choose(options.locator("button"))
    expect(page.locator(".sheet h2")).to_contain_text(DESK[how[1]])
    expect(page.locator("main")).not_to_contain_text(number)
    expect(page.locator("main")).not_to_contain_text("Doux")
    rows = page.locator("tr[data-booking]")
    expect(rows).to_have_count(3)
    expect(rows.first).to_have_attribute("data-booking", first)
    expect(rows.last).to_have_attribute("data-booking", last)
    expect(rows.last).to_contain_text("19:00–20:00")
    assert_accessible(page)

    hand.pick(options.locator("[name=by]"), "room")
    hand.choose(options.locator("button"))
    expect(page.locator(".sheet h2").filter(has_text="Cabine 1")).to_have_count(1)
    _black_on_white(page)


def _go(hand: Hand, key: str) -> None:
    """A link of the agenda, or its key."""
    if isinstance(hand, Keys):
        hand.press(key)
    else:
        hand.choose(hand.page.locator(f"[data-key={key}]"))


def _black_on_white(page: Page) -> None:
    """On paper nothing is left that can be pressed, and no colour carries a meaning."""
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".sheet-options")).to_be_hidden()
    expect(page.locator("[data-print]")).to_be_hidden()
    colours = page.locator("main *").evaluate_all(
        "all => [...new Set(all.filter((one) => one.innerText).map((one) => getComputedStyle(one).backgroundColor))]"
    )
    assert set(colours) <= {"rgba(0, 0, 0, 0)", "rgb(255, 255, 255)", "oklch(1 0 0)"}, colours
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator("tr[data-booking] td").first).to_have_css("color", "rgb(0, 0, 0)")
