"""A therapist is sick: her guests are given to colleagues in one go, counted in clicks. By mouse and by keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.absences.sickness import report_sick
from tests.bookings.conftest import Book, accept, book, phone
from tests.browser.conftest import Stage, card
from tests.browser.hands import How, at_work, by, let_go
from tests.support.browser import assert_accessible

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
TOLD = {"fr": "2 visites sont réglées.", "en": "2 visits are settled."}


@by("mouse-fr", "keys-en")
def test_her_day_is_given_to_others(stage: Stage, book: Book, how: How) -> None:
    house = stage.house
    visits = [book(clock) for clock in ("14:00", "16:00")]
    for one in visits:
        accept(house, one, house.therese)
    hand = at_work(stage, house.camille, how)
    page = hand.page
    report_sick(house.therese, until=house.day, by=phone(house.therese))
    let_go()

    hand.choose(page.locator("#alarm a.btn"))
    expect(page.locator("[data-booking] select")).to_have_count(2)
    assert_accessible(page)
    hand.choose(page.locator("#plan .actions .primary"))
    expect(page.locator("#toasts .toast")).to_contain_text(TOLD[how[1]])
    expect(page.locator("#alarm a[href*='rehome']")).to_have_count(0)
    assert hand.clicks <= 4, "ux.md §2.4"
    page.goto(f"/v/lutetia/agenda/{house.day}")
    for one in visits:
        expect(page.locator(f"[data-column='{house.marc.uuid}']").locator(card(page, {"id": one.uuid}))).to_be_visible()
