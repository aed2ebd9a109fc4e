"""Two at once on purpose: a receptionist reads why she cannot, a manager says why she does. By mouse and by keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage
from tests.browser.hands import Hand, How, at_work, by
from tests.factories import House, make_customer
from tests.support.browser import assert_accessible

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked and typed is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
REFUSED = ".verdict.is-refused"
WORDS = {
    "fr": ("Seule la direction peut surréserver.", "Surréservée volontairement : Cliente de vingt ans"),
    "en": ("Only a manager may overbook.", "Overbooked on purpose: Cliente de vingt ans"),
}


@by("mouse-fr", "keys-en")
def test_only_a_manager_and_only_with_a_reason(stage: Stage, book: Book, how: How) -> None:
    house = stage.house
    make_customer(house.organisation)
    accept(house, book("10:00"), house.therese)
    only_a_manager, in_the_history = WORDS[how[1]]

    camille = at_work(stage, house.camille, how)
    _type_over_what_stands(camille, house)
    expect(camille.page.locator("#compose-check")).to_contain_text(only_a_manager)
    expect(camille.page.locator(".overbook")).to_have_count(0)
    _save_in_vain(camille)
    camille.page.context.close()

    maud = at_work(stage, house.maud, how)
    page = maud.page
    _type_over_what_stands(maud, house)
    _save_in_vain(maud)
    maud.choose(page.locator(".overbook > summary"))
    maud.choose(page.locator(".overbook .danger"))  # without a reason
    expect(page.locator("#c-overbook_reason-error")).to_be_visible()
    expect(page.locator("#c-overbook_reason")).to_be_focused()
    assert_accessible(page)
    maud.fill(page.locator("#c-overbook_reason"), "Cliente de vingt ans")
    maud.choose(page.locator(".overbook .danger"))

    hatched = page.locator(".card.is-overbooked[aria-label*='10:30']")
    expect(hatched).to_be_visible()
    maud.choose(hatched)
    expect(page.locator("#panel .timeline")).to_contain_text(in_the_history)
    assert_accessible(page)


def _type_over_what_stands(hand: Hand, house: House) -> None:
    """The booking begins at eleven; half an hour earlier somebody else is still there."""
    page = hand.page
    hand.choose(_place(page, house, "11:00"))
    expect(page.locator("#c-guest")).to_be_focused()
    page.keyboard.type("dup")
    page.keyboard.press("Enter")
    expect(page.locator("[name=customer]")).not_to_have_value("")
    hand.fill(page.locator("#c-time"), "10:30")
    hand.page.keyboard.press("Tab")
    expect(page.locator(REFUSED)).to_contain_text("Thérèse Test")


def _save_in_vain(hand: Hand) -> None:
    """What was typed stays."""
    page = hand.page
    with page.expect_response(lambda answer: answer.status == 409):
        hand.choose(page.locator("#compose-form .actions .primary"))
    expect(page.locator(REFUSED)).to_contain_text("Thérèse Test")
    expect(page.locator("#c-guest")).not_to_have_value("")
    expect(page.locator("#c-time")).to_have_value("10:30")


def _place(page: Page, house: House, clock: str) -> Locator:
    return page.locator(f"[data-column='{house.therese.uuid}'] [data-at='{house.day}T{clock}']")
