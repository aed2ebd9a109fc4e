"""The week of one therapist or room: to another day or time of theirs, by mouse, by keyboard alone, by touch."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from portal.bookings.moving import Move, move_booking
from portal.models import Booking
from tests.bookings.conftest import Book, accept, book
from tests.bookings.test_move_booking import desk
from tests.browser.conftest import Stage
from tests.browser.mover import Hand, enter, stands
from tests.factories import House, make_shift
from tests.support.browser import PHONE, assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What hands do in the browser is not the database's business.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
TUESDAY, WEDNESDAY, FRIDAY = 1, 2, 4


@pytest.fixture
def two(stage: Stage, book: Book) -> tuple[Booking, Booking]:
    """Thérèse works from Monday to Wednesday: Hélène comes on Monday at ten, somebody else on Tuesday at noon."""
    house = stage.house
    house.day += timedelta(days=14 - house.day.weekday())
    for number in range(3):
        for member in (house.therese, house.marc):
            make_shift(house.lutetia, member, house.day + timedelta(days=number))
    first, second = book("10:00"), book("12:00", starts_at=house.at("12:00", days=TUESDAY))
    for one in (first, second):
        accept(house, one, house.therese)
    return first, second


def day(house: House, number: int) -> date:
    return house.day + timedelta(days=number)


def week_of(
    stage: Stage, *kinds: dict[str, object], lang: str = "en", of: object = None, by: str = "therapist"
) -> Hand:
    house = stage.house
    return enter(stage, house.camille, *kinds, lang=lang, view="/week", path=f"&by={by}&of={of or house.therese.uuid}")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_by_mouse_a_reason_before_the_drop_and_another_day(
    stage: Stage, two: tuple[Booking, Booking], lang: str
) -> None:
    house, (first, _second) = stage.house, two
    camille = week_of(stage, lang=lang)
    page, card, ghost = camille.page, camille.card(first), camille.page.locator(".ghost")
    busy = "Thérèse Test est avec un·e autre client·e de 12:00 à 13:00." if lang == "fr" else (
        "Thérèse Test is with another guest from 12:00 to 13:00."
    )  # fmt: skip

    camille.drag(card, camille.point(day(house, TUESDAY), "11:30"), drop=False)
    expect(ghost).to_have_class("ghost is-bad")
    expect(ghost).to_contain_text("11:30, mar." if lang == "fr" else "11:30, Tue")
    expect(ghost).to_contain_text(busy)
    page.mouse.move(*camille.point(day(house, FRIDAY), "11:30"), steps=10)
    expect(ghost).to_contain_text("n’est pas de service" if lang == "fr" else "is not on shift then")
    page.mouse.move(*camille.point(day(house, TUESDAY), "11:30"), steps=10)
    expect(page.locator(f"[data-day='{day(house, FRIDAY)}'] .no")).not_to_have_count(0)
    assert camille.asked == ["GET targets"], "one question a drag, none a pixel and none a day"
    camille.drop()
    expect(page.locator("#move-answer .refusal-why")).to_have_text(busy)
    assert stands(first).starts_at == house.at("10:00")
    assert_accessible(page)

    camille.actions = 0
    camille.drag(card, camille.point(day(house, WEDNESDAY), "14:05"))
    moved = page.locator(f"[data-day='{day(house, WEDNESDAY)}'] .card[data-booking='{first.uuid}']")
    expect(moved).to_have_class(re.compile(r"\bb-1\b"))
    assert camille.actions == 1
    assert stands(first).starts_at == house.at("14:05", days=WEDNESDAY)
    assert stands(first).therapist_id == house.therese.id

    camille.stretch(moved, 15)
    expect(moved).to_have_class(re.compile(r"\bx-1 y-3\b"))
    page.keyboard.press("z")
    page.keyboard.press("z")
    expect(page.locator(f"[data-day='{house.day}'] .card[data-booking='{first.uuid}']")).to_have_count(1)
    assert stands(first).starts_at == house.at("10:00")


def test_by_keyboard_alone(stage: Stage, two: tuple[Booking, Booking]) -> None:
    house, (first, _second) = stage.house, two
    camille = week_of(stage)
    page, said = camille.page, camille.page.locator("#move-say")
    camille.card(first).focus()
    camille.press("m")
    page.locator(".no").first.wait_for(state="attached")
    for key in ("ArrowRight", "PageDown", "PageDown"):
        camille.press(key)
    expect(said).to_contain_text("Thérèse Test is with another guest from 12:00 to 13:00.")
    for key in ("ArrowRight", "Shift+ArrowDown"):
        camille.press(key)
    expect(said).to_have_text(re.compile(r"^12:15, Wed \d+ \w+$"))
    camille.press("Enter")
    moved = page.locator(f"[data-day='{day(house, WEDNESDAY)}'] .card[data-booking='{first.uuid}']")
    expect(moved).to_be_focused()
    assert camille.actions == 1
    assert stands(first).starts_at == house.at("12:15", days=WEDNESDAY)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_by_touch_without_dragging(stage: Stage, two: tuple[Booking, Booking], lang: str) -> None:
    house, (first, _second) = stage.house, two
    camille = week_of(stage, PHONE, lang=lang)
    page = camille.page
    camille.card(first).scroll_into_view_if_needed()
    camille.tap(camille.card(first))
    camille.tap(page.locator("#panel [data-move]"))
    expect(page.locator("#move-ask")).to_contain_text("Hélène Dupont")
    page.locator(".no").first.wait_for(state="attached")
    assert_no_sideways_scroll(page)
    assert_accessible(page)
    tuesday = page.locator(f".column[data-day='{day(house, TUESDAY)}']")
    tuesday.locator("[data-at$='T11:30']").tap()
    expect(page.locator("#move-ask")).to_contain_text("12:00 à 13:00" if lang == "fr" else "12:00 to 13:00")
    expect(page.locator("#move-ask")).to_have_class("is-bad")
    camille.tap(tuesday.locator("[data-at$='T15:00']"))
    asked = re.compile("^Déplacer à 15:00, mar\\. .*\\?$" if lang == "fr" else r"^Move to 15:00, Tue \d+ \w+\?$")
    expect(page.locator("#move-ask")).to_have_text(asked)
    camille.tap(page.locator("#move-confirm"))
    expect(tuesday.locator(f".card[data-booking='{first.uuid}']")).to_have_count(1)
    expect(page.locator("#tray [data-parked]")).to_have_count(0)
    assert camille.actions == 4
    assert stands(first).starts_at == house.at("15:00", days=TUESDAY)


def test_in_the_week_of_a_room_it_stays_in_the_room(stage: Stage, two: tuple[Booking, Booking]) -> None:
    house, (first, second) = stage.house, two
    room = house.rooms[1]
    move_booking(house.lutetia, booking=first, move=Move(room=room), by=desk(house))
    move_booking(house.lutetia, booking=second, move=Move(therapist=house.marc, room=room), by=desk(house))
    camille = week_of(stage, by="room", of=room.uuid)
    page = camille.page
    camille.drag(camille.card(first), camille.point(day(house, TUESDAY), "11:30"), drop=False)
    expect(page.locator(".ghost")).to_contain_text("Cabine 2 is taken from 12:00 to 13:00.")
    page.mouse.move(*camille.point(day(house, TUESDAY), "14:00"), steps=10)
    camille.drop()
    tuesday = page.locator(f".column[data-day='{day(house, TUESDAY)}']")
    expect(tuesday.locator(f".card[data-booking='{first.uuid}']")).to_have_count(1)
    found = stands(first)
    assert (found.starts_at, found.item.room_pinned) == (house.at("14:00", days=TUESDAY), True)


def test_a_range_dragged_in_a_week_is_blocked(stage: Stage, two: tuple[Booking, Booking]) -> None:
    house = stage.house
    camille = week_of(stage)
    page = camille.page
    x, y = camille.point(day(house, WEDNESDAY), "15:00")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(*camille.point(day(house, WEDNESDAY), "15:40"), steps=10)
    expect(page.locator(".ghost")).to_contain_text("15:00–15:45")
    page.mouse.up()
    panel = page.locator("#panel")
    expect(panel.locator("form[action*='/blocks']")).not_to_have_count(0)
    expect(panel).to_contain_text("15:00")
