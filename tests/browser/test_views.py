"""The views of the agenda in a browser: by mouse and by keys, and live beside a colleague."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, Request, expect
from sqlalchemy import select

from portal.bookings.news import footprint_of, tell_booking
from portal.database import atomic, db
from portal.models import Booking, BookingItem, Claim
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage, card
from tests.browser.hands import Hand, How, Keys, at_work, by
from tests.browser.visits import plan
from tests.factories import House, make_member
from tests.support.browser import PHONE, assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
FRESH, OUT = re.compile(r"\bis-fresh\b"), re.compile(r"\bis-out\b")
VIEWS = {
    "fr": ("Semaine", "Liste", "Mois", "Jour"),
    "en": ("Week", "List", "Month", "Day"),
}


def test_a_change_fetches_its_column_and_leaves_all_else_alone(stage: Stage, book: Book) -> None:
    house = stage.house
    plan(house, days=1)
    mine, other = book("10:00"), book("14:00")
    for booking in (mine, other):
        accept(house, booking, house.therese)
    camille = stage.enter(house.camille)
    camille.set_viewport_size({"width": 1000, "height": 500})
    asked = _note_fetches(camille)
    camille.locator(".agenda-scroll").evaluate("grid => { grid.scrollTop = 300; }")
    camille.locator(f"[data-column='{house.therese.uuid}'] [data-booking='{other.uuid}']").focus()
    camille.evaluate("window.same = document.querySelector('.agenda-scroll')")
    place = camille.locator(".agenda-scroll").evaluate("grid => grid.scrollTop")

    third = stage.book("16:00")
    expect(card(camille, third)).to_be_visible()
    expect(card(camille, third)).to_have_class(FRESH)
    accept(house, _row(third), house.therese)
    hers = camille.locator(f"[data-column='{house.therese.uuid}']")
    expect(hers.locator(f"[data-booking='{third['id']}']")).to_be_visible()
    expect(hers.locator(f"[data-booking='{third['id']}']")).to_have_class(FRESH)
    expect(hers.locator(f"[data-booking='{mine.uuid}']")).not_to_have_class(FRESH)
    expect(camille.locator(f"#h-{house.therese.uuid} meter")).to_have_attribute("value", "27")

    expect(hers.locator(f"[data-booking='{other.uuid}']")).to_be_focused()
    assert camille.locator(".agenda-scroll").evaluate("grid => grid.scrollTop") == place
    assert camille.evaluate("window.same === document.querySelector('.agenda-scroll')"), "the whole grid was fetched"
    assert set(asked) <= {"column"}, f"more than columns was fetched: {asked}"
    assert camille.locator("[role=grid] [tabindex='0']").count() == 1


def test_after_a_gap_the_grid_is_fetched_once(stage: Stage, book: Book, complaints: list[str]) -> None:
    camille = stage.enter(stage.house.camille)
    camille.context.set_offline(True)
    booking = stage.book("10:00")
    expect(camille.locator("body[data-live=off]")).to_be_attached()
    camille.wait_for_timeout(500)
    asked = _note_fetches(camille)
    camille.context.set_offline(False)
    expect(card(camille, booking)).to_be_visible()
    expect(camille.locator("body[data-live=on]")).to_be_attached()
    assert "column" not in asked
    assert asked.count("grid") <= 2, f"one request for the whole grid a reconnection: {asked}"
    complaints[:] = [one for one in complaints if "DISCONNECTED" not in one and "Failed to fetch" not in one]


def test_a_booking_beyond_the_hours_shown_brings_its_hours(stage: Stage, book: Book) -> None:
    house = stage.house
    booking = book("10:00")
    camille = stage.enter(house.camille)
    expect(card(camille, {"id": booking.uuid})).to_be_visible()
    hours = camille.locator(".gutter time").all_inner_texts()
    early = f"{(int(hours[0][:2]) or 24) - 1:02}"
    _move(house, booking, house.at(f"{early}:30"))
    expect(camille.locator(".gutter time").first).to_have_text(f"{early}:00")
    expect(card(camille, {"id": booking.uuid})).to_be_visible()
    assert len(camille.locator(".gutter time").all_inner_texts()) == len(hours) + 1


@by("mouse-fr", "keys-en")
def test_every_view_is_one_click_or_key_away(stage: Stage, book: Book, how: How) -> None:
    house = stage.house
    plan(house, days=1)
    booking = book("10:00")
    accept(house, booking, house.therese)
    book("12:00")
    hand = at_work(stage, house.camille, how)
    page, current = hand.page, hand.page.locator(".views a[aria-current]")
    mine = card(page, {"id": booking.uuid})
    week, listed, month, day = VIEWS[how[1]]
    _view(hand, "w")
    expect(current).to_have_text(week)
    hand.pick(page.locator("#of"), str(house.therese.uuid))
    expect(page.locator(f".column[data-day='{house.day}'] [data-booking='{booking.uuid}']")).to_be_visible()
    expect(page.locator(".column[data-day]")).to_have_count(7)
    assert_accessible(page)

    page.locator("h1").click()
    _view(hand, "l")
    expect(current).to_have_text(listed)
    link = page.locator(f"a[data-booking='{booking.uuid}']")
    hand.choose(link)
    expect(page.locator("#panel h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel > *")).to_have_count(0)
    expect(link).to_be_focused()
    assert_accessible(page)

    _view(hand, "m")
    expect(current).to_have_text(month)
    today = page.locator("td a[aria-current='date']")
    expect(today.locator("xpath=..")).to_have_class(re.compile(r"heat-1\b"))
    expect(today.locator(".percent")).to_have_text(re.compile(r"9\s?%"))  # two of 22 hours
    expect(today.locator(".to-staff")).to_contain_text("1")
    assert_accessible(page)
    hand.choose(today)
    expect(current).to_have_text(day)
    expect(mine).to_be_visible()

    _view(hand, "v")
    expect(page.locator(f"[data-column='{house.rooms[0].uuid}']").locator(mine)).to_be_visible()
    expect(mine).to_contain_text("Thérèse")
    _view(hand, "v")
    expect(page.locator(f"[data-column='{house.therese.uuid}']").locator(mine)).to_be_visible()


@by("mouse-fr", "keys-en")
def test_filters_display_and_help(stage: Stage, book: Book, how: How) -> None:
    house = stage.house
    make_member(house.organisation, house.lutetia, first_name="Inès")
    waiting, booking = book("12:00"), book("10:00")
    accept(house, booking, house.therese)
    hand = at_work(stage, house.camille, how)
    page, look = hand.page, hand.page.locator("details:has(.look)")
    mine, lane = card(page, {"id": booking.uuid}), card(page, {"id": waiting.uuid})
    hand.choose(look.locator("> summary"))
    hand.pick(look.locator("select[name=state]"), "pending")
    hand.choose(look.locator("form[method=get] button"))
    expect(mine).to_have_class(OUT)
    expect(lane).not_to_have_class(OUT)
    expect(page.locator(".filtered")).to_contain_text({"fr": "une réservation", "en": "one booking"}[how[1]])
    hand.choose(page.locator(".filtered a"))
    expect(page.locator(".filtered")).to_have_count(0)
    expect(mine).not_to_have_class(OUT)

    grid, off_shift = page.locator(".agenda-grid"), page.get_by_role("row", name=re.compile("Inès"))
    expect(grid).to_have_class(re.compile("z-15 by-family"))
    expect(off_shift).to_have_count(0)
    hand.choose(look.locator("> summary"))
    hand.pick(look.locator("select[name=zoom]"), "30")
    hand.pick(look.locator("select[name=colour]"), "state")
    hand.choose(look.locator("input[name=everyone]"))
    assert_accessible(page)
    hand.choose(look.locator("form[method=post] button"))
    expect(grid).to_have_class(re.compile("z-30 by-state"))
    expect(off_shift).to_have_count(1)
    assert_accessible(page)

    if how[0] == "keys":
        page.locator("h1").click()
        hand.press("+")
        expect(grid).to_have_class(re.compile("z-15 by-state"))
        page.locator("h1").click()
        hand.press("?")
    else:
        hand.choose(page.locator("[data-key='?']"))
    expect(page.locator("#help .keys").first).to_be_visible()
    expect(page.locator("#help .legend-list").first).to_contain_text({"fr": "Sur place", "en": "Arrived"}[how[1]])
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#help")).not_to_be_visible()


def test_on_a_phone_no_view_is_wider_than_the_window(stage: Stage, book: Book) -> None:
    book("10:00")
    camille = stage.enter(stage.house.camille, PHONE)
    for view in ("", "/week", "/list", "/month", "/print"):
        camille.goto(f"/v/lutetia/agenda/{stage.house.day}{view}")
        assert_no_sideways_scroll(camille)
        assert_accessible(camille)
    camille.goto(f"/v/lutetia/agenda/{stage.house.day}")
    camille.locator(".tools details summary").tap()
    _is_in_sight(camille, ".menu-body.look")


@atomic
def _move(house: House, booking: Booking, starts_at: datetime) -> None:
    """To an earlier time, as no verb would: what is tested is how the page follows."""
    stood = footprint_of(house.lutetia, booking)
    rows: list[Booking | BookingItem | Claim] = [booking, booking.item, *booking.item.claims]
    for row in rows:
        row.starts_at = starts_at
        row.ends_at = starts_at + timedelta(hours=1)
    tell_booking(house.lutetia, booking, stood)


def _is_in_sight(page: Page, selector: str) -> None:
    box = page.locator(selector).bounding_box()
    assert box, f"{selector} is not drawn"
    width = page.evaluate("innerWidth")
    assert box["x"] >= 0, f"{selector} begins left of the window"
    assert box["x"] + box["width"] <= width, f"{selector} ends right of the window"


def _view(hand: Hand, key: str) -> None:
    """Another view, by its key or by its link."""
    if isinstance(hand, Keys):
        hand.press(key)
    else:
        hand.choose(hand.page.locator(f"[data-key={key}]"))


def _note_fetches(page: Page) -> list[str]:
    """What htmx asks for from now on: `column`, `grid`, or another address."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type in {"fetch", "xhr"}:
            grid = re.search(r"/agenda/[\d-]+\?", request.url)
            asked.append("column" if "/column/" in request.url else "grid" if grid else request.url)

    page.on("request", note)
    return asked


def _row(booking: dict[str, Any]) -> Booking:
    return db.session.scalars(select(Booking).where(Booking.uuid == UUID(booking["id"]))).one()
