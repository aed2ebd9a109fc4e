"""Blocked time: made in two clicks, opened, changed, removed, undone; for several at once, over bookings that stand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage, card
from tests.browser.hands import Finger, Hand, How, Keys, at_work, by
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked and typed is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
MADE = {"fr": "Nettoyage : 4 blocages.", "en": "Cleaning: 4 blocks."}
REMOVED = {"fr": "4 blocages sont supprimés.", "en": "4 blocks are removed."}


@by("mouse-fr", "keys-en", "touch-fr")
def test_lunch_before_a_colleague_s_eyes(stage: Stage, how: How) -> None:
    house = stage.house
    maud = at_work(stage, house.maud, ("mouse", "en")).page
    hand = at_work(stage, house.camille, how)
    page = hand.page
    _block_lunch(hand, stage)
    expect(page.locator("#toasts .toast")).to_contain_text("12:30–13:30")
    block = page.locator(f"[data-column='{house.therese.uuid}'] a.block")
    expect(block).to_have_count(1)
    expect(maud.locator("a.block")).to_have_count(1)

    if isinstance(hand, Finger):
        hand.choose(page.locator("[data-panel-close]"))  # on a phone it covers the grid
    hand.choose(block)
    expect(page.locator("#panel h2")).to_be_focused()
    expect(page.locator("#panel")).to_contain_text("Thérèse Test")
    assert_accessible(page)
    hand.choose(page.locator("#panel summary.btn"))
    hand.fill(page.locator("#block-end"), "14:30")
    hand.choose(page.locator("#panel .block-form .btn.primary"))
    expect(page.locator("#panel .facts")).to_contain_text("12:30–14:30")
    hand.choose(page.locator("#panel [data-block-remove] .btn.danger"))
    expect(block).to_have_count(0)
    expect(page.locator("#panel > *")).to_have_count(0)
    expect(maud.locator("a.block")).to_have_count(0)

    if isinstance(hand, Keys):
        hand.press("z")
    else:
        hand.choose(page.locator("#toasts .undo:visible").last)
    expect(block).to_have_count(1)
    expect(maud.locator("a.block")).to_have_count(1)


@by("mouse-en", "keys-fr")
def test_several_at_once_repeated_over_a_booking_that_stands(stage: Stage, book: Book, how: How) -> None:
    house = stage.house
    standing = book("12:00")
    accept(house, standing, house.therese)
    people = [str(house.therese.uuid), str(house.marc.uuid)]
    hand = at_work(stage, house.camille, how, viewport={"width": 1440, "height": 1600})
    page = hand.page
    place = page.locator(f"[data-column='{people[0]}'] [data-at$='T11:30']")
    if isinstance(hand, Keys):
        _press_on(hand, place, "b")
    else:
        hand.choose(page.locator("[data-key=b]"))
    expect(page.locator("#panel form.block-form")).to_be_visible()
    hand.choose(page.locator("[name=kind][value=cleaning]"))
    for member in people:
        one = page.locator(f"[name=who][value='{member}']")
        if not one.is_checked():
            hand.choose(one)
    hand.fill(page.locator("#block-start"), "11:30")
    hand.fill(page.locator("#block-end"), "13:00")
    hand.fill(page.locator("#block-reason"), "Fuite d’eau")
    hand.choose(page.locator("[name=repeat][value=daily]"))
    hand.fill(page.locator("#block-repeat_until"), str(house.day + timedelta(days=1)))
    hand.choose(page.locator(".block-form .actions .primary"))

    expect(page.locator(".summary")).to_be_focused()
    expect(page.locator(".underneath > li")).to_have_count(1)
    expect(page.locator(".underneath")).to_contain_text("Hélène Dupont")
    expect(page.locator("#block-reason")).to_have_value("Fuite d’eau")
    expect(page.locator("a.block")).to_have_count(0)
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    hand.choose(page.locator("[name=confirm]"))
    hand.choose(page.locator(".block-form .actions .primary"))
    expect(page.locator("#toasts")).to_contain_text(MADE[how[1]])
    expect(page.locator("a.block")).to_have_count(2)
    expect(card(page, {"id": standing.uuid})).to_be_visible()
    page.keyboard.press("Escape")

    hand.choose(page.locator(f"[data-column='{people[1]}'] a.block"))
    expect(page.locator("#panel .facts")).to_contain_text("Fuite d’eau")
    hand.choose(page.locator("[name=scope][value=all]"))
    hand.choose(page.locator("#panel [data-block-remove] .btn.danger"))
    expect(page.locator("#toasts")).to_contain_text(REMOVED[how[1]])
    expect(page.locator("a.block")).to_have_count(0)


def test_without_javascript(stage: Stage) -> None:
    day, column = stage.house.day, stage.house.therese.uuid
    form = f"/v/lutetia/blocks/new?at={day}T12:30&until={day}T13:30&column={column}"
    camille = stage.enter(stage.house.camille, at=form, java_script_enabled=False)
    camille.click("button[name=kind][value=meeting]")
    expect(camille.locator("#toasts, .toast").first).to_contain_text("12:30–13:30")
    camille.locator("a.block").click()
    camille.click("[data-block-remove] .btn.danger")
    expect(camille.locator("a.block")).to_have_count(0)


def _block_lunch(hand: Hand, stage: Stage) -> None:
    """Two clicks: the range is dragged and its kind chosen, or the key pressed and the form sent."""
    page, column = hand.page, stage.house.therese.uuid
    if isinstance(hand, Keys):
        _press_on(hand, page.locator(f"[data-column='{column}'] [data-at$='T12:30']"), "b")
        expect(page.locator("#block-start")).to_have_value("12:30")
        hand.choose(page.locator(".block-form .actions .primary"))
        assert hand.clicks == 2, "ux.md §2.4"
    elif isinstance(hand, Finger):
        hand.choose(page.locator("[data-key=b]"))
        hand.choose(page.locator(f"[name=who][value='{column}']"))
        hand.fill(page.locator("#block-start"), "12:30")
        hand.fill(page.locator("#block-end"), "13:30")
        assert_accessible(page)
        hand.choose(page.locator(".block-form .actions .primary"))
    else:
        _drag_over_lunch(page, stage)
        hand.clicks += 1
        expect(page.locator("#compose > *")).to_have_count(0)
        assert_accessible(page)
        hand.choose(page.locator("button[name=kind][value=break]"))
        assert hand.clicks == 2, "ux.md §2.4"


def _press_on(hand: Keys, place: Locator, key: str) -> None:
    hand.reach(place)
    hand.press(key)


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
