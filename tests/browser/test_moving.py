"""Putting bookings elsewhere: by mouse, by keyboard alone, by touch without dragging; clicks are counted."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.database import db
from portal.models import Booking
from tests.bookings.conftest import Book, accept, book
from tests.bookings.test_move_booking import chain
from tests.bookings.visits import couple, visit
from tests.browser.conftest import Stage
from tests.browser.mover import FINGER, enter, stands
from tests.factories import House, make_shift
from tests.support.browser import PHONE, assert_accessible, assert_no_sideways_scroll

__all__ = ["book", "couple", "visit"]

pytestmark = [
    pytest.mark.browser,
    # What hands do in the browser is not the database's business.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_by_mouse_a_reason_before_the_drop_and_one_action_where_it_fits(stage: Stage, book: Book, lang: str) -> None:
    house = stage.house
    mine, other = book("10:00"), book("12:00")
    accept(house, mine, house.therese)
    accept(house, other, house.marc)
    camille = enter(stage, house.camille, lang=lang)
    page, card = camille.page, camille.card(mine)
    before = card.bounding_box()
    therese, marc = house.therese.uuid, house.marc.uuid

    camille.drag(card, camille.point(marc, "11:30"), drop=False)
    ghost = page.locator(".ghost")
    expect(ghost).to_have_class("ghost is-bad")
    expect(ghost).to_contain_text("11:30")
    expect(ghost).to_contain_text("Marc Test")
    assert page.locator("[data-column] .no").count() >= 2, "impossible places are dimmed before the drop"
    assert camille.asked == ["GET targets"], "one question a drag, none a pixel"

    camille.drop()
    why = page.locator("#move-answer .refusal-why")
    expect(why).to_contain_text("12:00")
    if lang == "en":
        expect(why).to_have_text("Marc Test is with another guest from 12:00 to 13:00.")
        expect(page.locator("#move-answer")).to_contain_text("Only a manager may overbook.")
    assert card.bounding_box() == before, "the card is back"
    assert page.locator("#move-answer [name=overbook_reason]").count() == 0
    assert_accessible(page)
    if lang == "en":
        page.wait_for_timeout(6000)  # what passes by itself has gone by now
    expect(why).to_be_visible()
    assert stands(mine).starts_at == house.at("10:00")
    assert "moved to" not in page.url
    expect(page.locator("#panel > *")).to_have_count(0)

    camille.actions = 0
    camille.drag(card, camille.point(therese, "15:05"))
    expect(page.locator(".toast .undo:visible")).to_have_count(1)
    expect(camille.card(mine, house.therese)).to_have_class(re.compile(r"\ba-6 b-1\b"))
    assert camille.actions <= 2, "ux.md §2.4: drag, confirm"
    assert stands(mine).starts_at == house.at("15:05")
    expect(why).to_have_count(0)

    page.keyboard.press("z")
    expect(camille.card(mine, house.therese)).to_have_class(re.compile(r"\ba-1 b-0\b"))
    assert stands(mine).starts_at == house.at("10:00")


def test_a_couple_moves_together_a_chain_too_and_alt_takes_one(stage: Stage, couple: Booking) -> None:
    house = stage.house
    marathon = chain_at_fourteen(house)
    camille = enter(stage, house.camille)
    page = camille.page
    camille.drag(camille.card(couple, house.marc), camille.point(house.marc.uuid, "11:15"))
    for member in (house.therese, house.marc):
        expect(camille.card(couple, member)).to_have_class(re.compile(r"\ba-2 b-3\b"))

    first, second = camille.card(marathon, house.therese).all()
    camille.drag(first, camille.point(house.therese.uuid, "15:00"))
    expect(camille.card(marathon, house.therese).nth(1)).to_have_class(re.compile(r"\ba-7 b-0\b"))
    assert [item.starts_at for item in stands(marathon).items] == [house.at("15:00"), house.at("16:00")]

    second = camille.card(marathon, house.therese).nth(1)
    camille.drag(second, camille.point(house.therese.uuid, "18:00"), hold="Alt", drop=False)
    expect(page.locator(".ghost")).to_contain_text("this treatment only")
    camille.drop("Alt")
    expect(camille.card(marathon, house.therese).nth(1)).to_have_class(re.compile(r"\ba-9 b-0\b"))
    assert [item.starts_at for item in stands(marathon).items] == [house.at("15:00"), house.at("18:00")]


def chain_at_fourteen(house: House) -> Booking:
    db.session.commit()
    made = chain(house, at="14:00")
    db.session.commit()
    return made


def test_a_manager_books_anyway_and_it_is_drawn_hatched(stage: Stage, book: Book) -> None:
    house = stage.house
    mine, other = book("10:00"), book("12:00")
    for one in (mine, other):
        accept(house, one, house.therese)
    maud = enter(stage, house.maud)
    page = maud.page
    maud.drag(maud.card(mine), maud.point(house.therese.uuid, "12:00"))
    maud.click(page.locator("#move-answer summary"))
    maud.click(page.locator("#move-answer .bend button"))
    expect(page.locator("#move-answer [name=overbook_reason]:invalid")).to_have_count(1)
    page.fill("#move-answer [name=overbook_reason]", "Fête ses noces d'or")
    page.press("#move-answer [name=overbook_reason]", "Enter")
    expect(maud.card(mine)).to_have_class(re.compile(r"\bis-overbooked\b"))
    expect(page.locator("#move-answer .refusal-why")).to_have_count(0)
    maud.click(maud.card(mine).first)
    expect(page.locator("#panel .timeline")).to_contain_text("Fête ses noces d'or")


def test_by_keyboard_alone(stage: Stage, book: Book) -> None:
    house = stage.house
    mine, other = book("10:00"), book("12:00")
    accept(house, mine, house.marc)
    accept(house, other, house.therese)
    camille = enter(stage, house.camille)
    page, said = camille.page, camille.page.locator("#move-say")
    camille.card(mine).focus()

    camille.press("m")
    expect(said).to_have_text("10:00, Marc Test")
    page.locator(".no").first.wait_for(state="attached")
    for key in ("ArrowRight", "PageDown", "PageDown"):
        camille.press(key)
    expect(said).to_have_text("12:00, Thérèse Test. Thérèse Test is with another guest from 12:00 to 13:00.")
    camille.press("Escape")
    expect(page.locator(".ghost")).to_have_count(0)
    expect(camille.card(mine)).to_be_focused()

    camille.actions = 0
    camille.press("m")
    for key in ("ArrowRight", "Shift+ArrowDown", "ArrowDown"):
        camille.press(key)
    expect(said).to_have_text("10:20, Thérèse Test")
    camille.press("Enter")
    moved = camille.card(mine, house.therese)
    expect(moved).to_have_class(re.compile(r"\ba-1 b-4\b"))
    expect(moved).to_be_focused()
    assert camille.actions <= 2

    camille.press("r")
    for key in ("ArrowDown", "Shift+ArrowDown"):
        camille.press(key)
    expect(said).to_have_text("10:20 to 11:40, 80 minutes")
    camille.press("Enter")
    expect(moved).to_have_class(re.compile(r"\bx-1 y-4\b"))
    assert (stands(mine).starts_at, stands(mine).item.duration) == (house.at("10:20"), 80)

    camille.press("z")
    expect(moved).to_have_class(re.compile(r"\bx-1 y-0\b"))
    camille.press("z")
    expect(camille.card(mine, house.marc)).to_have_class(re.compile(r"\ba-1 b-0\b"))


def test_the_keys_of_the_desk(stage: Stage, visit: Booking) -> None:
    house = stage.house
    camille = enter(stage, house.camille)
    page = camille.page
    camille.card(visit).focus()
    camille.press("a")
    expect(page.locator(".card.is-arrived")).to_have_count(1)
    page.locator("#panel [data-panel-close]").click()
    page.locator("h1").click()
    camille.press("ArrowRight")
    page.wait_for_url(f"**/agenda/{house.day + timedelta(days=1)}?**")
    camille.press("Shift+ArrowRight")
    page.wait_for_url(f"**/agenda/{house.day + timedelta(days=8)}?**")
    camille.press("t")
    page.wait_for_url(f"**/agenda/{house.day}?**")
    camille.press("v")
    page.wait_for_url("**by=room**")
    camille.press("v")
    page.wait_for_url("**by=therapist**")
    camille.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("vtz")
    assert "by=therapist" in page.url
    camille.press("Escape")

    camille.press("?")
    switch = page.locator("[data-keys-switch]")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        switch.uncheck()
    expect(page.locator("#dock")).to_have_attribute("data-keys", "off")
    page.locator("#help [data-closes]").click()
    camille.press("v")
    page.reload()
    camille.press("v")
    page.wait_for_timeout(300)
    assert "by=therapist" in page.url


def test_by_touch_without_dragging(stage: Stage, book: Book) -> None:
    house = stage.house
    mine, other = book("10:00"), book("12:00")
    accept(house, mine, house.therese)
    accept(house, other, house.therese)
    camille = enter(stage, house.camille, PHONE)
    page = camille.page

    camille.card(mine, house.therese).scroll_into_view_if_needed()
    camille.tap(camille.card(mine, house.therese))
    camille.tap(page.locator("#panel [data-move]"))
    expect(page.locator("#tray [data-parked]")).to_have_count(1)
    expect(page.locator("#move-ask")).to_contain_text("Hélène Dupont")
    page.locator(".no").first.wait_for(state="attached")
    assert_no_sideways_scroll(page)
    assert_accessible(page)

    page.locator(f"[data-column='{house.therese.uuid}'] [data-at$='T11:30']").tap()
    expect(page.locator("#move-ask")).to_contain_text("Thérèse Test is with another guest from 12:00 to 13:00.")
    expect(page.locator(".ghost")).to_have_class("ghost is-bad")
    camille.tap(page.locator(f"[data-column='{house.therese.uuid}'] [data-at$='T14:00']"))
    expect(page.locator("#move-ask")).to_have_text("Move to 14:00, Thérèse Test?")
    camille.tap(page.locator("#move-confirm"))
    expect(camille.card(mine, house.therese)).to_have_class(re.compile(r"\ba-5 b-0\b"))
    expect(page.locator("#tray [data-parked]")).to_have_count(0)
    expect(page.locator("#move-bar")).to_be_hidden()
    assert camille.actions <= 4
    assert stands(mine).starts_at == house.at("14:00")


def test_a_scroll_is_never_a_pick_up_and_a_long_press_is(stage: Stage, visit: Booking) -> None:
    camille = enter(stage, stage.house.camille, PHONE)
    page, card = camille.page, camille.card(visit)
    card.scroll_into_view_if_needed()
    card.evaluate(FINGER, ["pointerdown", 300])
    card.evaluate(FINGER, ["pointermove", 330])
    page.wait_for_timeout(600)
    expect(page.locator("#tray [data-parked]")).to_have_count(0)
    card.evaluate(FINGER, ["pointerdown", 300])
    expect(page.locator("#tray [data-parked]")).to_have_count(1)
    expect(page.locator("#move-bar")).to_be_visible()


def test_the_tray_goes_along_to_another_week_and_another_browser(stage: Stage, visit: Booking) -> None:
    house = stage.house
    make_shift(house.lutetia, house.therese, house.day + timedelta(days=7))
    camille = enter(stage, house.camille)
    page = camille.page
    dock = page.viewport_size
    assert dock is not None
    camille.drag(camille.card(visit), (dock["width"] / 2, dock["height"] - 20))
    expect(page.locator("#tray [data-parked]")).to_have_count(1)
    assert stands(visit).starts_at == house.at("10:00"), "it keeps its place"

    page.keyboard.press("Shift+ArrowRight")
    camille.actions += 1
    page.wait_for_url(f"**/agenda/{house.day + timedelta(days=7)}?**")
    expect(page.locator("#move-ask")).to_contain_text("Hélène Dupont")
    column = page.locator(f"[data-column='{house.therese.uuid}']")
    expect(column).to_have_count(1)

    elsewhere = enter(stage, house.camille)
    expect(elsewhere.page.locator("#tray [data-parked]")).to_contain_text("10:00")

    page.locator("[data-column]").first.wait_for()
    camille.page.wait_for_load_state("networkidle")
    page.mouse.click(*camille.point(house.therese.uuid, "16:00"))
    camille.actions += 1
    expect(page.locator("#move-ask")).to_have_text("Move to 16:00, Thérèse Test?")
    camille.click(page.locator("#move-confirm"))
    expect(camille.card(visit)).to_have_count(1)
    assert camille.actions <= 4, "ux.md §2.4: pick up, change day, tap slot, confirm"
    assert stands(visit).starts_at == house.at("16:00", days=7)
    expect(elsewhere.page.locator("#tray [data-parked]")).to_have_count(0)
    expect(elsewhere.card(visit)).to_have_count(0)


def test_what_was_picked_up_outlasts_a_closed_browser(stage: Stage, visit: Booking) -> None:
    house = stage.house
    make_shift(house.lutetia, house.therese, house.day + timedelta(days=7))
    camille = enter(stage, house.camille)
    camille.click(camille.card(visit))
    camille.click(camille.page.locator("[data-move]"))
    expect(camille.page.locator("#tray [data-parked]")).to_have_count(1)
    camille.page.context.close()

    camille = enter(stage, house.camille, lang="fr")
    page, parked = camille.page, camille.page.locator("#tray [data-parked]")
    expect(parked).to_contain_text("10:00")
    expect(camille.card(visit)).to_be_visible()
    page.goto(f"/v/lutetia/agenda/{house.day + timedelta(days=7)}")
    camille.click(parked.locator("[data-pick]"))
    page.locator(".no").first.wait_for(state="attached")
    page.mouse.click(*camille.point(house.therese.uuid, "15:00"))
    expect(page.locator("#move-ask")).to_have_text("Déplacer à 15:00, Thérèse Test\N{NO-BREAK SPACE}?")
    camille.click(page.locator("#move-confirm"))
    expect(camille.card(visit)).to_have_count(1)
    expect(parked).to_have_count(0)
    assert stands(visit).starts_at == house.at("15:00", days=7)


def test_put_back_and_escape_leave_everything_as_it_was(stage: Stage, visit: Booking) -> None:
    camille = enter(stage, stage.house.camille)
    page = camille.page
    camille.drag(camille.card(visit), camille.point(stage.house.marc.uuid, "15:00"), drop=False)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".ghost")).to_have_count(0)
    expect(page.locator("#panel > *")).to_have_count(0)

    camille.click(camille.card(visit))
    camille.click(page.locator("[data-move]"))
    expect(page.locator("#move-bar")).to_be_visible()
    camille.click(page.locator("#tray form button"))
    expect(page.locator("#tray [data-parked]")).to_have_count(0)
    expect(page.locator("#move-bar")).to_be_hidden()
    assert stands(visit).starts_at == stage.house.at("10:00")
