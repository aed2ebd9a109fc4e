"""Blocked time by mouse and by keyboard: made in one click once the time is known, opened, changed, removed, undone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stage
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

pytestmark = [
    pytest.mark.browser,
    # What is clicked and typed is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_lunch_by_mouse(stage: Stage, language: str) -> None:
    camille = stage.enter(stage.house.camille, at=f"/v/lutetia/agenda/{stage.house.day}?lang={language}")
    maud = stage.enter(stage.house.maud)
    _drag_over_lunch(camille, stage)  # two clicks: the drag, and the kind
    expect(camille.locator("#panel button[name=kind]").first).to_be_visible()
    expect(camille.locator("#compose > *")).to_have_count(0)
    assert_accessible(camille)
    camille.click("button[name=kind][value=break]")

    expect(camille.locator("#toasts .toast")).to_contain_text("12:30–13:30")
    block = camille.locator(f"[data-column='{stage.house.therese.uuid}'] a.block")
    expect(block).to_have_count(1)
    expect(maud.locator("a.block")).to_have_count(1)

    block.click()
    expect(camille.locator("#panel h2")).to_be_focused()
    expect(camille.locator("#panel")).to_contain_text("Thérèse Test")
    assert_accessible(camille)
    camille.click("#panel summary.btn")
    camille.fill("#block-end", "14:30")
    camille.click("#panel .block-form .btn.primary")
    expect(camille.locator("#panel .facts")).to_contain_text("12:30–14:30")
    camille.click("#panel [data-block-remove] .btn.danger")
    expect(block).to_have_count(0)
    expect(camille.locator("#panel > *")).to_have_count(0)
    expect(maud.locator("a.block")).to_have_count(0)

    camille.locator("#toasts .undo:visible").last.click()
    expect(block).to_have_count(1)
    expect(maud.locator("a.block")).to_have_count(1)


def test_lunch_by_keyboard(stage: Stage) -> None:
    camille = stage.enter(stage.house.camille)
    camille.locator(f"[data-column='{stage.house.therese.uuid}'] [data-at$='T12:30']").focus()
    camille.keyboard.press("b")
    expect(camille.locator("#panel form.block-form")).to_be_visible()
    expect(camille.locator("#block-start")).to_have_value("12:30")


def test_by_keyboard_with_a_booking_underneath(stage: Stage) -> None:
    stage.book("12:00")
    room = stage.house.rooms[0]
    form = f"/v/lutetia/blocks/new?at={stage.house.day}T11:00&until={stage.house.day}T13:00&column={room.uuid}&full=1"
    camille = stage.enter(stage.house.camille, at=form, viewport={"width": 820, "height": 1180})
    assert_no_sideways_scroll(camille)
    _tab_to(camille, "[name=kind]:checked")
    for _kind in range(3):
        camille.keyboard.press("ArrowRight")
    expect(camille.locator("[name=kind][value=cleaning]")).to_be_checked()
    _tab_to(camille, "[name=reason]")
    camille.keyboard.type("Fuite d’eau")
    camille.keyboard.press("Enter")

    expect(camille.locator(".summary")).to_be_focused()
    expect(camille.locator(".underneath > li")).to_have_count(1)
    expect(camille.locator("[name=reason]")).to_have_value("Fuite d’eau")
    assert_accessible(camille)
    _tab_to(camille, "[name=confirm]")
    camille.keyboard.press("Space")
    _tab_to(camille, ".actions .btn.primary")
    camille.keyboard.press("Enter")
    expect(camille.locator("[data-block-open]")).to_be_visible()

    camille.goto(f"/v/lutetia/agenda/{stage.house.day}?by=room")
    _tab_to(camille, ".agenda-body[role=grid] *")
    for key in ("Home", "ArrowUp", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown"):
        if camille.evaluate("document.activeElement.matches('a.block')"):
            break
        camille.keyboard.press(key)
    expect(camille.locator("a.block")).to_be_focused()
    camille.keyboard.press("Enter")
    expect(camille.locator("#panel h2")).to_be_focused()
    camille.keyboard.press("Escape")
    expect(camille.locator("a.block")).to_be_focused()


def test_without_javascript(stage: Stage) -> None:
    camille = stage.enter(stage.house.camille, at=_new(stage), java_script_enabled=False)
    camille.click("button[name=kind][value=meeting]")
    expect(camille.locator("#toasts, .toast").first).to_contain_text("12:30–13:30")
    camille.locator("a.block").click()
    camille.click("[data-block-remove] .btn.danger")
    expect(camille.locator("a.block")).to_have_count(0)


def _new(stage: Stage) -> str:
    day, column = stage.house.day, stage.house.therese.uuid
    return f"/v/lutetia/blocks/new?at={day}T12:30&until={day}T13:30&column={column}"


def _tab_to(page: Page, selector: str) -> None:
    """Tab until the focus stands on such an element; AssertionError when it never does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}.")


def _drag_over_lunch(page: Page, stage: Stage) -> None:
    """Half past twelve to half past one in Thérèse's column."""
    column = page.locator(f".agenda-body [data-column='{stage.house.therese.uuid}']")
    first, last = (column.locator(f"[data-at$='T{clock}']") for clock in ("12:30", "13:00"))
    first.scroll_into_view_if_needed()
    above, below = first.bounding_box(), last.bounding_box()
    assert above is not None
    assert below is not None
    page.mouse.move(above["x"] + 20, above["y"] + 4)
    page.mouse.down()
    page.mouse.move(below["x"] + 20, below["y"] + below["height"] - 4, steps=8)
    expect(page.locator(".ghost")).to_contain_text("12:30–13:30")
    page.mouse.up()
