"""A guest is found in the list, opened, noted about, changed, flagged, and then refused: by mouse and by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.bookings.conftest import Book, book
from tests.browser.conftest import Stage
from tests.browser.hands import How, at_work, by
from tests.factories import make_customer
from tests.support.browser import assert_accessible

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked and typed is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@by("mouse-fr", "keys-en")
def test_the_story_of_a_guest(stage: Stage, book: Book, how: How) -> None:
    house, english = stage.house, how[1] == "en"
    guest = make_customer(house.organisation, first_name="Odile", last_name="Caron", email="odile@example.org")
    make_customer(house.organisation, first_name="Anne", last_name="Martin")
    book("10:00", customer=guest)
    hand = at_work(stage, house.maud, how)
    page = hand.page
    hand.choose(page.get_by_role("navigation").get_by_role("link", name="Guests" if english else "Clients"))
    expect(page.locator("[data-guest]")).to_have_count(2)
    hand.fill(page.locator("#guest-q"), "CARON od")
    expect(page.locator("[data-guest]")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=CARON"))
    assert_accessible(page)
    hand.choose(page.locator("[data-guest] th a"))
    expect(page.locator("h1")).to_have_text("Odile Caron")
    assert_accessible(page)

    hand.fill(page.locator("#note-text"), "Aime le silence")
    hand.choose(page.get_by_role("button", name="Add the note" if english else "Ajouter la note"))
    expect(page.locator("[data-note]")).to_contain_text("Aime le silence")
    hand.choose(page.locator("#flag summary"))
    hand.choose(page.locator("#flag [value=blocked]"))
    hand.fill(page.locator("#flag-reason"), "Trois absences")
    hand.choose(page.get_by_role("button", name="Set the flag" if english else "Enregistrer le signalement"))
    expect(page.locator("#alerts")).to_contain_text("Trois absences")
    assert_accessible(page)

    hand.choose(page.get_by_role("link", name="New booking" if english else "Nouvelle réservation"))
    expect(page.locator(".is-blocked-guest")).to_contain_text("Trois absences")
    expect(page.locator("[name=despite]")).to_be_visible()
    assert_accessible(page)
