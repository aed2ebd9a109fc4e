"""A time is found, and a place that cannot be had says why: by mouse and by keys, counted in clicks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage, card
from tests.browser.hands import How, at_work, by
from tests.factories import House, make_customer, make_treatment
from tests.support.browser import assert_accessible

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked and typed is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
FREE, REFUSED = ".verdict.is-free", ".verdict.is-refused"


@by("mouse-fr", "keys-en")
def test_a_time_is_found_in_three_clicks(stage: Stage, how: How) -> None:
    house = stage.house
    facial = make_treatment(house.lutetia, house.massage.room_type, name="Soin visage", duration=30, price_minor=6000)
    wanted = str(facial.variants[0].uuid)
    make_customer(house.organisation)
    hand = at_work(stage, house.camille, how)
    page = hand.page
    if how[0] == "keys":
        page.locator("h1").click()
        hand.press("n")
    else:
        hand.choose(page.locator("[data-compose][data-key=n]"))
    expect(page.locator("#f-variant")).to_be_focused()
    assert_accessible(page)
    hand.pick(page.locator("#f-variant"), wanted)
    hand.fill(page.locator("#f-after"), "17:00")
    slot = page.locator(f"[data-slot='{house.day}T17:00']")
    expect(slot).to_be_visible()
    hand.choose(slot)
    expect(page.locator("#c-guest")).to_be_focused()
    assert hand.clicks == 3

    expect(page.locator("#c-price")).to_have_value("60.00" if how[1] == "en" else "60,00")
    page.keyboard.type("dup")
    hand.press("Enter")
    expect(page.locator("[name=customer]")).not_to_have_value("")
    hand.press("Enter")
    made = page.locator("[data-column] .card")
    expect(made).to_have_attribute("aria-label", re.compile(r"17:00.*17:30.*Hélène Dupont"))
    expect(page.locator(".toast")).to_contain_text("Hélène Dupont")


@by("keys-fr", "mouse-en")
def test_with_a_woman_on_that_weekday_beside_what_stands(stage: Stage, book: Book, how: How) -> None:
    house = stage.house
    accept(house, book("13:00"), house.therese)
    weekday = str(house.day.isoweekday() % 7)
    hand = at_work(stage, house.camille, how)
    page = hand.page
    hand.choose(page.locator("[data-compose][data-key=n]"))
    hand.pick(page.locator("#f-therapist"), "female")
    hand.pick(page.locator("#f-weekday"), weekday)
    hand.fill(page.locator("#f-after"), "11:00")
    hand.fill(page.locator("#f-before"), "15:30")

    beside = page.locator(f"#slots [data-slot='{house.day}T12:00']")
    expect(page.locator(f"#slots [data-slot='{house.day}T15:00']")).to_be_visible()
    expect(page.locator("#slots .slot")).to_have_count(5)
    expect(beside).to_contain_text("Thérèse Test")
    found = [slot.get_attribute("data-slot") for slot in page.locator("#slots .slot").all()]
    assert all((at or "").startswith(str(house.day)) for at in found)
    assert f"{house.day}T14:30" not in found, "half an hour would be left after what stands"
    assert_accessible(page)
    hand.choose(beside)
    expect(page.locator(FREE)).to_contain_text("12:00–13:00")
    expect(page.locator("#c-therapist")).to_have_value(str(house.therese.uuid))


@by("mouse-fr", "keys-en")
def test_why_not_names_who_is_in_the_way_and_the_way_out(stage: Stage, book: Book, how: How) -> None:
    house = stage.house
    make_customer(house.organisation)
    booked = book("10:00")
    accept(house, booked, house.therese)
    hand = at_work(stage, house.camille, how)
    page, place = hand.page, _place(hand.page, house, "09:30")
    if how[0] == "keys":
        place.focus()
        hand.press("Alt+Enter")
    else:
        place.click(modifiers=["Alt"])
    told = {
        "fr": "Thérèse Test est avec un·e autre client·e de 10:00 à 11:00.",
        "en": "Thérèse Test is with another guest from 10:00 to 11:00.",
    }[how[1]]
    expect(page.locator("p[data-why]")).to_contain_text(told)
    assert_accessible(page)
    ways = page.locator(".compose-form .row a")
    assert ways.count() > 1
    expect(ways.first).to_have_text("Marc Test")  # at that time with somebody else
    hand.choose(ways.nth(1))
    expect(page.locator(FREE)).to_be_visible()
    page.keyboard.type("dup")
    page.keyboard.press("Enter")
    expect(page.locator("[name=customer]")).not_to_have_value("")
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-column='{house.therese.uuid}'] .card")).to_have_count(2)
    expect(card(page, {"id": booked.uuid})).to_be_visible()


def _place(page: Page, house: House, clock: str) -> Locator:
    return page.locator(f"[data-column='{house.therese.uuid}'] [data-at='{house.day}T{clock}']")
