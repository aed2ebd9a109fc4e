"""The rota: planned, moved, copied, lengthened and published, by mouse in French and by keys in English."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Stage
from tests.browser.hands import Hand, How, Keys, at_work, by
from tests.support.browser import Options, assert_accessible, assert_no_sideways_scroll

pytestmark = [
    pytest.mark.browser,
    # What is clicked and typed is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
SAVED = {"fr": "Le service est un brouillon.", "en": "The shift is a draft."}
PUBLISHED = {"fr": "3 services sont publiés.", "en": "3 shifts are published."}


@by("mouse-fr", "keys-en")
def test_a_week_is_planned_before_a_colleagues_eyes(stage: Stage, how: How) -> None:
    house = stage.house
    monday = house.day + timedelta(days=14 - house.day.weekday())
    here = f"/v/lutetia/rota/{monday}"
    camille = at_work(stage, house.camille, ("mouse", "en")).page
    camille.goto(here)
    hand = at_work(stage, house.maud, how)
    page = hand.page
    page.goto(here)
    expect(page.locator("body")).to_have_attribute("data-live", "on")
    expect(page.locator(".rota-bar.is-empty")).to_be_visible()

    therese, marc = str(house.therese.uuid), str(house.marc.uuid)
    page.locator(f"a.rota-add[href*='{therese}'][href$='{monday}']").focus()
    hand.press("Enter")
    expect(page.locator("#panel h2")).to_be_focused()
    hand.fill(page.locator("#rota-start"), "09:00")
    hand.fill(page.locator("#rota-end"), "17:00")
    assert_accessible(page)
    hand.choose(page.locator("#panel .actions .btn.primary"))
    expect(page.locator("#toasts .toast")).to_contain_text(SAVED[how[1]])
    expect(page.locator("#panel > *")).to_have_count(0)
    expect(_cell(camille, therese, monday).locator(".shift.is-draft")).to_contain_text("09:00–17:00")

    _carry(hand, _cell(page, therese, monday).locator("a.shift"), _cell(page, marc, monday + timedelta(days=1)), "m")
    moved = _cell(page, marc, monday + timedelta(days=1)).locator("a.shift")
    expect(moved).to_have_count(1)
    expect(_cell(camille, marc, monday + timedelta(days=1)).locator(".shift")).to_have_count(1)
    _carry(hand, moved, _cell(page, marc, monday + timedelta(days=2)), "c")
    copied = _cell(page, marc, monday + timedelta(days=2)).locator("a.shift")
    expect(copied).to_have_count(1)
    _carry(hand, copied, _cell(page, therese, monday + timedelta(days=2)), "c")
    lengthened = _cell(page, therese, monday + timedelta(days=2)).locator("a.shift")
    expect(lengthened).to_have_count(1)
    _lengthen(hand, lengthened)
    expect(lengthened).not_to_contain_text("17:00")
    hand.choose(page.locator("#toasts .undo:visible").last)
    expect(lengthened).to_contain_text("09:00–17:00")

    # What cannot be is told in the panel, and nothing has moved.
    _carry(hand, moved, _cell(page, marc, monday + timedelta(days=2)), "m")
    expect(page.locator("#panel .summary")).to_be_visible()
    expect(moved).to_have_count(1)
    hand.choose(page.locator("#panel [data-panel-close]"))
    expect(page.locator("#panel > *")).to_have_count(0)
    assert_accessible(page)
    assert_no_sideways_scroll(page)

    hand.choose(page.locator(".rota-bar .btn.primary"))
    hand.choose(page.locator("#do-publish .btn.primary"))
    expect(page.locator("#toasts .toast")).to_contain_text(PUBLISHED[how[1]])
    expect(camille.locator(".shift.is-draft")).to_have_count(0)
    expect(camille.locator(".shift[data-status=published]")).to_have_count(3)


def test_without_javascript_and_on_a_phone_the_days_follow_each_other(stage: Stage) -> None:
    house = stage.house
    monday = house.day + timedelta(days=14 - house.day.weekday())
    options: Options = {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}
    page = stage.enter(house.maud, at=f"/v/lutetia/rota/{monday}", **options)
    page.click(".tools .btn.primary")
    page.select_option("#rota-member", str(house.therese.uuid))
    page.fill("#rota-start", "22:00")
    page.fill("#rota-end", "06:00")
    page.click("#panel .actions .btn.primary")
    shift = page.locator("a.shift")
    expect(shift).to_contain_text("22:00–06:00")
    expect(_cell(page, str(house.therese.uuid), monday).locator(".rota-who")).to_be_visible()
    assert_no_sideways_scroll(page)
    shift.click()
    page.fill("#rota-end", "05:00")
    page.locator("form[action$='/change'] .btn.primary").click()
    expect(page.locator("a.shift")).to_contain_text("22:00–05:00")
    page.locator("a.shift").click()
    page.locator("form[action$='/remove'] .btn").click()
    expect(page.locator("a.shift")).to_have_count(0)
    page.locator("#toasts button.undo").click()
    expect(page.locator("a.shift")).to_have_count(1)


def _cell(page: Page, person: str, day: object) -> Locator:
    return page.locator(f"td[data-person='{person}'][data-day='{day}']")


def _carry(hand: Hand, shift: Locator, to: Locator, key: str) -> None:
    """Dragged, with Ctrl for a copy; by keys `m` or `c`, arrows and Enter."""
    page = hand.page
    if not isinstance(hand, Keys):
        shift.hover(position={"x": 30, "y": 10})
        page.mouse.down()
        if key == "c":
            page.keyboard.down("Control")
        to.hover(position={"x": 30, "y": 10})
        page.mouse.up()
        page.keyboard.up("Control")
        return
    shift.focus()
    hand.press(key)
    there, here = (one.evaluate("td => [td.closest('tr').rowIndex, td.cellIndex]") for one in (to, shift.locator("..")))
    for axis, keys in enumerate((("ArrowUp", "ArrowDown"), ("ArrowLeft", "ArrowRight"))):
        for _step in range(abs(there[axis] - here[axis])):
            page.keyboard.press(keys[there[axis] > here[axis]])
    page.keyboard.press("Enter")


def _lengthen(hand: Hand, shift: Locator) -> None:
    page = hand.page
    if isinstance(hand, Keys):
        shift.focus()
        hand.press("r", "ArrowRight", "ArrowRight", "Enter")
        return
    bar = shift.locator(".shift-bar i").bounding_box()
    assert bar is not None
    x, y = bar["x"] + bar["width"] - 1, bar["y"] + bar["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 12, y, steps=3)
    page.mouse.up()
