"""A class and a series, in a real browser: by mouse and by keyboard, in both languages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.database import db
from tests.browser.conftest import Stage
from tests.factories import House, make_customer, make_shift, make_treatment
from tests.support.browser import PHONE, assert_accessible, assert_no_sideways_scroll

pytestmark = [
    pytest.mark.browser,
    # What is seen is the browser's business; the rooms' own tests run on both databases.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


def test_a_class_fills_before_a_colleague_s_eyes(stage: Stage) -> None:
    house = stage.house
    make_treatment(
        house.lutetia, house.massage.room_type, name="Yoga du matin", name_en="Morning yoga", kind="class",
        max_participants=2,
    )  # fmt: skip
    for name in ("Zélie", "Anatole"):
        make_customer(house.organisation, first_name=name, name_key=f"{name.lower().replace('é', 'e')} dupont")
    camille = stage.enter(house.camille, at="/v/lutetia/classes/new?lang=en")
    camille.get_by_label("Date").fill(str(house.day))
    camille.get_by_label("Time").fill("11:00")
    camille.get_by_label("Therapist").select_option(label=house.marc.name)
    camille.get_by_role("button", name="Open the class").click()
    expect(camille.get_by_text("0/2")).to_be_visible()

    maud = stage.enter(house.maud, PHONE, at=camille.url)
    camille.get_by_placeholder("Name, phone or e-mail").fill("zelie")
    camille.keyboard.press("Enter")
    expect(camille.locator(".participants")).to_contain_text("Zélie Dupont")
    expect(maud.locator(".participants")).to_contain_text("Zélie Dupont")
    assert_accessible(camille)
    assert_accessible(maud)
    assert_no_sideways_scroll(maud)

    camille.get_by_placeholder("Name, phone or e-mail").fill("anatole")
    camille.keyboard.press("Enter")
    expect(camille.locator("#session")).to_contain_text("The class is full.")
    camille.get_by_role("button", name="Zélie Dupont gives the place up").click()
    expect(camille.locator(".participants li")).to_have_count(1)


def test_repeat_leave_one_out_and_cancel_the_rest(stage: Stage) -> None:
    house, booking = stage.house, stage.book("14:00")
    _plan_weeks(house)
    camille = stage.enter(house.camille, at=f"/v/lutetia/bookings/{booking['id']}?lang=en")
    camille.get_by_role("link", name="Repeat…").click()
    camille.get_by_label("After a number of times").check()
    camille.locator("#count").fill("4")
    _tab_to_button(camille, "Show the dates")
    camille.keyboard.press("Enter")
    expect(camille.locator("tbody tr")).to_have_count(4)
    assert_accessible(camille)
    camille.locator("tbody select").first.select_option("skip")
    camille.get_by_role("button", name="Repeat the booking").click()

    expect(camille.locator("#toasts .toast")).to_contain_text("The booking is repeated.")
    expect(camille.locator("tbody tr[data-booking]")).to_have_count(3)
    expect(camille.locator(".place-date")).to_have_count(1)
    assert_accessible(camille)
    camille.locator(".place-date input[type=time]").fill("15:00")
    camille.locator(".place-date button").click()
    expect(camille.locator("tbody tr[data-booking]")).to_have_count(4)

    camille.locator("tbody a").nth(1).click()
    camille.get_by_role("link", name="Cancel several…").click()
    camille.get_by_label("This one and all that follow").check()
    camille.get_by_label("Reason").fill("Moves away")
    camille.get_by_role("button", name="Cancel the bookings").click()
    expect(camille.locator("#toasts .toast")).to_contain_text("3 bookings are cancelled.")
    expect(camille).to_have_url(re.compile(r"/agenda/"))


def _plan_weeks(house: House) -> None:
    for offset in range(7, 30):
        make_shift(house.lutetia, house.therese, house.day + timedelta(days=offset))
    db.session.commit()


def _tab_to_button(page: Page, name: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("name => document.activeElement.textContent.trim() === name", name):
            return
    raise AssertionError(f"Tab never reaches the button {name}.")
