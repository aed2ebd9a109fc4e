"""A message never lies over the buttons that are needed next: of the popover, of the panel, at any width."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stage
from tests.browser.hands import at_work

pytestmark = [
    pytest.mark.browser,
    # What is seen is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
SIZES = ((1440, 900), (820, 1100), (390, 844))
SAY = "text => document.dispatchEvent(new CustomEvent('toast', { detail: { message: text, kind: 'error' } }))"
COVERED = """spot => {
    const toasts = document.getElementById("toasts");
    if (spot !== null) toasts.className = `toasts ${spot}`;
    const boxes = [...toasts.children].map((one) => one.getBoundingClientRect());
    const buttons = [...document.querySelectorAll(":is(#compose, #panel) .actions :is(a, button)")];
    return buttons.filter((one) => one.checkVisibility()).filter((one) => {
        const a = one.getBoundingClientRect();
        return boxes.some((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom);
    }).map((one) => one.textContent.trim());
}"""


def test_it_makes_way_for_popover_and_panel(stage: Stage) -> None:
    page = at_work(stage, stage.house.camille, ("mouse", "fr")).page
    column = page.locator(f"[data-column='{stage.house.therese.uuid}']")
    in_the_way = 0
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        column.locator("[data-at$='T18:00']").click()
        expect(page.locator("#compose-form .actions .primary")).to_be_in_viewport()
        page.evaluate(SAY, "Le serveur est injoignable. Vérifiez le réseau, puis réessayez.")
        expect(page.locator("#toasts .toast")).to_be_visible()
        assert page.evaluate(COVERED, None) == []
        in_the_way += any(page.evaluate(COVERED, spot) for spot in ("", "at-end", "at-top"))
        _dismiss(page)
        page.keyboard.press("Escape")
        expect(page.locator("#compose > *")).to_have_count(0)
    assert in_the_way, "nothing was ever in the way: this test would not notice"

    page.set_viewport_size({"width": 1440, "height": 900})
    page.evaluate(SAY, "Le serveur est injoignable.")
    column.locator("[data-at$='T10:00']").focus()
    page.keyboard.press("b")  # the panel comes while the message stands
    expect(page.locator("#panel .block-form")).to_be_visible()
    page.wait_for_function(f"() => ({COVERED})(null).length === 0")


def _dismiss(page: Page) -> None:
    page.locator("#toasts [data-dismiss]:visible").last.click()
    expect(page.locator("#toasts .toast")).to_have_count(0)
