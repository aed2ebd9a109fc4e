"""Two at the same booking: no hand, text or place is taken from anybody; who comes later decides with open eyes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from portal.database import db
from portal.models import Booking
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage, card
from tests.browser.hands import Hand, How, Keys, at_work, by_on_both, let_go
from tests.support.browser import assert_accessible

__all__ = ["book"]

pytestmark = pytest.mark.browser
WORDS = {
    "fr": ("Quelqu’un a modifié cette réservation entre-temps.", "à présent :", "90,00"),
    "en": ("Somebody has changed this booking in the meantime.", "now:", "90.00"),
}


@by_on_both("mouse-fr", "keys-en")
def test_what_she_has_in_hand_stays_while_a_colleague_works(stage: Stage, book: Book, how: How) -> None:
    house = stage.house
    mine = book("14:00")
    accept(house, mine, house.therese)
    maud, camille = at_work(stage, house.maud, ("mouse", how[1])), at_work(stage, house.camille, how)
    page, panel, seen = camille.page, camille.page.locator("#panel"), card(camille.page, {"id": mine.uuid})
    page.set_viewport_size({"width": 1200, "height": 600})
    for hand in (maud, camille):
        hand.choose(card(hand.page, {"id": mine.uuid}))
        expect(hand.page.locator("#panel h2")).to_be_focused()

    longer = panel.locator("button[name=delta][value='15']")
    if isinstance(camille, Keys):
        camille.reach(longer)
    else:
        longer.focus()
    page.locator(".agenda-scroll").evaluate("grid => { grid.scrollTop = 200; }")
    _edit(maud, "notes", "Bain froid ensuite")
    expect(panel.locator("#panel-facts")).to_contain_text("Bain froid ensuite")
    expect(longer).to_be_focused()

    maud.choose(maud.page.locator("#panel button[name=delta][value='15']"))
    expect(seen).to_have_attribute("aria-label", re.compile("14:00–15:15"))
    expect(seen).to_have_class(re.compile(r"\bis-fresh\b"))
    expect(longer).to_be_focused()
    assert page.locator(".agenda-scroll").evaluate("grid => grid.scrollTop") == 200

    camille.choose(panel.locator("summary.danger"))
    camille.fill(panel.locator("textarea[name=reason]"), "La cliente a la grippe.")
    maud.choose(maud.page.locator("#panel-steps .btn.primary"))  # arrived after all
    expect(seen).to_have_class(re.compile(r"\bis-arrived\b"))
    expect(panel.locator("textarea[name=reason]")).to_be_focused()
    expect(panel.locator("textarea[name=reason]")).to_have_value("La cliente a la grippe.")


@by_on_both("keys-fr", "mouse-en")
def test_saving_over_a_newer_version_shows_both_and_asks(stage: Stage, book: Book, how: How) -> None:
    house, (changed, now, theirs) = stage.house, WORDS[how[1]]
    mine = book("14:00", notes="Doux")
    accept(house, mine, house.therese)
    maud, camille = at_work(stage, house.maud, ("mouse", how[1])), at_work(stage, house.camille, how)
    page = camille.page
    for hand in (maud, camille):
        hand.choose(card(hand.page, {"id": mine.uuid}))
    camille.choose(page.locator("#panel .panel-edit"))
    camille.fill(page.locator("#price"), "80")
    camille.fill(page.locator("#notes"), "Au calme")
    maud.choose(maud.page.locator("#panel .panel-edit"))
    maud.fill(maud.page.locator("#price"), "90")
    maud.fill(maud.page.locator("#room_number"), "417")
    maud.choose(maud.page.locator("form.edit .primary"))
    expect(maud.page.locator("#panel-facts")).to_contain_text("417")
    expect(page.locator("#price")).to_have_value("80")

    camille.choose(page.locator("form.edit .primary"))
    both = page.locator(".summary")
    expect(both).to_be_focused()
    expect(both).to_contain_text(changed)
    expect(both.locator("li")).to_have_count(1)
    expect(both.locator("li")).to_contain_text(now)
    expect(both.locator("li")).to_contain_text(theirs)
    expect(page.locator("#price")).to_have_value("80")
    expect(page.locator("#notes")).to_have_value("Au calme")
    expect(page.locator("#room_number")).to_have_value("417")  # what she left alone is Maud's
    assert _as_it_is(mine) == (9000, "Doux", "417"), "nothing is saved before she has decided"
    assert_accessible(page)

    camille.choose(page.locator("form.edit .primary"))
    expect(page.locator("#panel-facts")).to_contain_text("Au calme")
    expect(maud.page.locator("#panel-facts")).to_contain_text("Au calme")
    assert _as_it_is(mine) == (8000, "Au calme", "417")


def _edit(hand: Hand, field: str, text: str) -> None:
    page = hand.page
    hand.choose(page.locator("#panel .panel-edit"))
    hand.fill(page.locator(f"#{field}"), text)
    hand.choose(page.locator("form.edit .primary"))
    expect(page.locator("#panel-facts")).to_contain_text(text)


def _as_it_is(booking: Booking) -> tuple[int, str | None, str | None]:
    db.session.rollback()
    found = db.session.get_one(Booking, booking.id, populate_existing=True)
    shown = found.price_minor, found.notes, found.room_number
    let_go()
    return shown
