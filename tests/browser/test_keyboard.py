"""By keyboard alone, from the address bar to a cancelled booking."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stage, card

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


def _tab_into_the_grid(page: Page) -> None:
    _tab_to(page, ".agenda-body[role=grid] *")


def _tab_to(page: Page, selector: str) -> None:
    """Tab until the focus stands on such an element; AssertionError when it never does."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}.")
