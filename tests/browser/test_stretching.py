"""Longer and shorter: what cannot be is told before it is tried, and who is in the way can be asked to begin later."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from portal.models import Booking
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage
from tests.browser.mover import enter, let_go, stands
from tests.factories import House, make_customer
from tests.support.browser import PHONE, assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What hands do in the browser is not the database's business.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
PUSH = {
    "en": ("Move Léa Martin from 11:00 to 11:15 too?", "Push the next visit"),
    "fr": ("Décaler aussi Léa Martin de 11:00 à 11:15\N{NO-BREAK SPACE}?", "Décaler la visite suivante"),
}
IN_THE_WAY = {
    "en": "Thérèse Test is with another guest from 11:00 to 12:00.",
    "fr": "Thérèse Test est avec un·e autre client·e de 11:00 à 12:00.",
}


@pytest.fixture
def two(stage: Stage, book: Book) -> tuple[Booking, Booking]:
    """Hélène's hour with Thérèse at ten, and Léa's right after it."""
    lea = make_customer(stage.house.organisation, first_name="Léa", last_name="Martin")
    first, second = book("10:00"), book("11:00", customer=lea)
    for one in (first, second):
        accept(stage.house, one, stage.house.therese)
    return first, second


def times(house: House, *bookings: Booking) -> list[str]:
    """When each of them begins now and how many minutes it takes: `10:00 60`."""
    zone = ZoneInfo(house.lutetia.timezone)
    now = [stands(one) for one in bookings]
    return [f"{one.starts_at.astimezone(zone):%H:%M} {one.item.duration}" for one in now]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_by_mouse_the_next_visit_is_pushed_and_one_undo_brings_both_back(
    stage: Stage, two: tuple[Booking, Booking], lang: str
) -> None:
    house, (first, second) = stage.house, two
    camille = enter(stage, house.camille, lang=lang)
    page, card, after = camille.page, camille.card(first), camille.card(second)
    before = card.bounding_box()

    camille.stretch(card, 15, drop=False)
    ghost = page.locator(".ghost")
    expect(ghost).to_have_class("ghost is-bad")
    expect(ghost).to_contain_text("75 minutes")
    expect(ghost).to_contain_text(IN_THE_WAY[lang])
    assert camille.asked == ["GET lengths"], "one question a drag, none a pixel"
    camille.drop()
    expect(page.locator("#move-answer .refusal-why")).to_have_text(IN_THE_WAY[lang])
    assert card.bounding_box() == before, "the card is back"
    expect(page.locator("#move-answer")).to_contain_text(PUSH[lang][0])
    assert_accessible(page)

    camille.click(page.get_by_role("button", name=PUSH[lang][1]))
    expect(card).to_have_class(re.compile(r"\bx-1 y-3\b"))
    expect(after).to_have_class(re.compile(r"\ba-2 b-3\b"))
    expect(page.locator("#move-answer .refusal-why")).to_have_count(0)
    assert camille.actions == 2, "drag, confirm"
    assert times(house, first, second) == ["10:00 75", "11:15 60"]

    page.keyboard.press("z")
    expect(card).to_have_class(re.compile(r"\bx-1 y-0\b"))
    expect(after).to_have_class(re.compile(r"\ba-2 b-0\b"))
    assert times(house, first, second) == ["10:00 60", "11:00 60"]


def test_by_mouse_longer_and_shorter_where_it_fits(stage: Stage, book: Book) -> None:
    house, visit = stage.house, book("10:00")
    accept(house, visit, house.therese)
    camille = enter(stage, house.camille)
    page, card = camille.page, camille.card(visit)
    camille.stretch(card, 30, drop=False)
    expect(page.locator(".ghost")).to_have_class("ghost")
    expect(page.locator(".ghost")).to_contain_text("10:00 to 11:30, 90 minutes")
    camille.drop()
    expect(card).to_have_class(re.compile(r"\bx-1 y-6\b"))
    assert stands(visit).item.duration == 90

    camille.click(card)
    camille.click(page.locator("#panel button[name=delta][value='-15']"))
    expect(card).to_have_class(re.compile(r"\bx-1 y-3\b"))
    camille.click(page.locator("#panel button[name=delta][value='15']"))
    expect(card).to_have_class(re.compile(r"\bx-1 y-6\b"))
    assert stands(visit).item.duration == 90


def test_by_keyboard_alone(stage: Stage, two: tuple[Booking, Booking]) -> None:
    house, (first, second) = stage.house, two
    camille = enter(stage, house.camille)
    page, said = camille.page, camille.page.locator("#move-say")
    card = camille.card(first)
    card.focus()
    camille.press("r")
    page.locator(".no").first.wait_for(state="attached")
    camille.press("Shift+ArrowDown")
    expect(said).to_have_text(f"10:00 to 11:15, 75 minutes. {IN_THE_WAY['en']}")
    camille.press("Enter")
    expect(page.locator("#move-answer .refusal-why")).to_have_text(IN_THE_WAY["en"])
    camille.press("Escape")
    expect(page.locator("#move-answer .refusal-why")).to_have_count(0)
    expect(card).to_be_focused()

    camille.press("r")
    page.locator(".no").first.wait_for(state="attached")
    camille.press("Shift+ArrowDown")
    camille.press("Enter")
    expect(page.locator("#move-answer .refusal-why")).to_be_visible()
    camille.press("Tab")
    expect(page.get_by_role("button", name="Push the next visit")).to_be_focused()
    camille.press("Enter")
    expect(camille.card(second)).to_have_class(re.compile(r"\ba-2 b-3\b"))
    expect(card).to_be_focused()
    assert times(house, first, second) == ["10:00 75", "11:15 60"]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_by_touch_the_buttons_say_it_before_they_are_pressed(
    stage: Stage, two: tuple[Booking, Booking], lang: str
) -> None:
    house, (first, second) = stage.house, two
    camille = enter(stage, house.camille, PHONE, lang=lang)
    page = camille.page
    camille.card(first).scroll_into_view_if_needed()
    camille.tap(camille.card(first))
    longer = page.locator("#panel button[name=delta][value='15']")
    expect(longer).to_have_accessible_description(f"+15 {IN_THE_WAY[lang]}")
    expect(page.locator("#why-shorter")).to_be_empty()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    camille.tap(longer)
    expect(page.locator("#panel")).to_contain_text(PUSH[lang][0])
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    camille.tap(page.get_by_role("button", name=PUSH[lang][1]))
    expect(page.locator("#panel .refusal-why")).to_have_count(0)
    assert camille.actions == 3
    assert times(house, first, second) == ["10:00 75", "11:15 60"]


def test_what_cannot_make_way_says_why(stage: Stage, book: Book) -> None:
    house = stage.house
    bookings = [book(clock) for clock in ("18:00", "19:00")]
    for one in bookings:
        accept(house, one, house.therese)
    camille = enter(stage, house.camille)
    camille.stretch(camille.card(bookings[0]), 15)
    answer = camille.page.locator("#move-answer")
    expect(answer).to_contain_text("Hélène Dupont cannot begin at 19:15: This is outside the opening hours")
    expect(answer.get_by_role("button", name=re.compile("Push"))).to_have_count(0)


def test_without_javascript(stage: Stage, two: tuple[Booking, Booking]) -> None:
    house, (first, second) = stage.house, two
    let_go()
    page: Page = stage.enter(house.camille, java_script_enabled=False)
    page.goto(f"/v/lutetia/bookings/{first.uuid}?lang=fr")
    page.get_by_role("link", name="Déplacer…").click()
    limits = page.locator(".limits li")
    expect(limits.first).to_contain_text(f"60 minutes au plus\N{NO-BREAK SPACE}: {IN_THE_WAY['fr']}")
    page.locator("#length-minutes").fill("75")
    page.locator("form.stretch button").click()
    expect(page.locator(".refusal-why")).to_have_text(IN_THE_WAY["fr"])
    page.get_by_role("button", name=PUSH["fr"][1]).click()
    expect(page.locator("#toasts .toast")).to_contain_text("Léa Martin 11:15")
    assert times(house, first, second) == ["10:00 75", "11:15 60"]
    page.locator("#toasts button.undo").click()
    expect(page.locator("#toasts .toast")).to_contain_text("Les visites sont revenues à leur place.")
    assert times(house, first, second) == ["10:00 60", "11:00 60"]
