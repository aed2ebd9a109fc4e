"""Without JavaScript: sign in, read the day, open a booking, cancel it; and on the phone, accept."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stage, card

pytestmark = [
    pytest.mark.browser,
    # What the server does is the same with a browser and without; the rooms' own tests run on both databases.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


def test_all_that_matters(stage: Stage) -> None:
    offered, booking = stage.book("10:00"), stage.book("14:00")
    _read_and_cancel(stage, booking)
    _accept(stage, offered)


def _read_and_cancel(stage: Stage, booking: dict[str, Any]) -> None:
    camille = stage.sign_in(stage.house.camille, java_script_enabled=False)
    expect(camille).to_have_url(re.compile(rf"/v/lutetia/agenda/{stage.house.day}$"))
    camille.get_by_role("link", name="Par cabine").click()
    camille.get_by_role("link", name="Jour suivant").click()
    camille.get_by_role("link", name="Jour précédent").click()
    expect(camille).to_have_url(re.compile(rf"{stage.house.day}\?by=room"))

    card(camille, booking).click()
    panel = camille.locator("#panel")
    expect(panel.get_by_role("heading", name="Hélène Dupont")).to_be_visible()
    panel.locator("summary", has_text="Annuler la réservation").click()
    panel.locator("form[action*='/cancel'] button.danger").click()  # without a reason
    expect(camille.get_by_role("alert")).to_contain_text("Veuillez indiquer pourquoi")

    camille.locator("textarea[name=reason]").fill("Cliente souffrante")
    camille.locator("form[action*='/cancel'] button.danger").click()
    expect(camille.locator("#toasts .toast")).to_contain_text("annulée")
    expect(camille.locator("#panel")).to_contain_text("Cliente souffrante")
    assert stage.call(f"/v1/bookings/{booking['id']}")[1]["data"]["status"] == "cancelled"
    _speak_english_and_leave(camille)


def _speak_english_and_leave(page: Page) -> None:
    menu = page.locator("details.menu:has(form[action='/logout']) summary")
    menu.click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    menu.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/login$"))


def _accept(stage: Stage, booking: dict[str, Any]) -> None:
    therese = stage.phone(stage.house.therese, java_script_enabled=False)
    therese.get_by_role("button", name="Accepter").tap()
    expect(therese).to_have_url(re.compile(r"/my/day$"))
    expect(therese.locator("#toasts .toast")).to_contain_text("C’est pour vous")
    expect(therese.locator("#my-day [data-booking]")).to_have_attribute("data-booking", booking["id"])
    assert stage.call(f"/v1/bookings/{booking['id']}")[1]["data"]["status"] == "confirmed"
