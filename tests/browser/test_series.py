"""A series in real browsers: each date before it is made, one left out and placed, the rest moved, all cancelled."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.database import db
from portal.models import Shift
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage, card
from tests.browser.hands import How, at_work, by
from tests.browser.visits import plan
from tests.support.browser import assert_accessible

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is seen is the browser's business; the room's own tests run on both databases.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
WORDS = {
    "fr": {
        "cannot": "Indisponible", "repeated": "La réservation est répétée.", "moved": "2 réservations sont déplacées.",
        "cancelled": "4 réservations sont annulées.",
    },
    "en": {
        "cannot": "Cannot be had", "repeated": "The booking is repeated.", "moved": "2 bookings are moved.",
        "cancelled": "4 bookings are cancelled.",
    },
}  # fmt: skip


@by("mouse-fr", "keys-en")
def test_repeat_fix_a_date_move_the_rest_cancel_all(stage: Stage, book: Book, how: How) -> None:
    house, words = stage.house, WORDS[how[1]]
    booking = book("14:00")
    accept(house, booking, house.therese)
    _plan_but_the_third(stage)
    hand = at_work(stage, house.camille, how)
    page, dates, made = hand.page, hand.page.locator("tbody tr"), hand.page.locator("tbody tr[data-booking]")
    hand.choose(card(page, {"id": booking.uuid}))
    hand.choose(page.locator("#panel .series-links a"))
    hand.fill(page.locator("#until"), str(house.day + timedelta(days=30)))
    hand.fill(page.locator("#count"), "4")  # what is typed last says how it ends
    expect(page.locator("[name=ends][value=count]")).to_be_checked()
    expect(page.locator("#until")).to_have_value("")
    hand.choose(page.locator("form[method=get] .actions button"))
    expect(dates).to_have_count(4)
    expect(dates.nth(2)).to_contain_text(words["cannot"])
    expect(dates.filter(has_text=words["cannot"])).to_have_count(1)
    assert_accessible(page)
    hand.pick(dates.nth(2).locator("select"), "skip")
    hand.choose(page.locator("form[method=post] .primary").last)

    expect(page.locator("#toasts .toast")).to_contain_text(words["repeated"])
    expect(made).to_have_count(3)
    waiting = page.locator(".place-date")
    expect(waiting).to_have_count(1)
    assert_accessible(page)
    hand.fill(waiting.locator("input[type=date]"), str(house.day + timedelta(days=15)))
    hand.fill(waiting.locator("input[type=time]"), "15:00")
    hand.choose(waiting.locator("button"))
    expect(made).to_have_count(4)
    expect(waiting).to_have_count(0)
    series = page.url

    hand.choose(made.nth(2).locator("a"))  # the one that was placed
    hand.choose(page.locator(".series-links a[href*='/change']"))
    hand.fill(page.locator("#at"), "16:30")
    hand.choose(page.locator("[name=scope][value=following]"))
    hand.choose(page.locator("#series .primary"))
    expect(page.locator("#toasts .toast")).to_contain_text(words["moved"])
    page.goto(series)
    expect(made.locator("td.num")).to_have_text(["14:00", "14:00", "16:30", "15:30"])

    hand.choose(made.nth(1).locator("a"))
    hand.choose(page.locator(".series-links a[href*='/cancel']"))
    hand.choose(page.locator("[name=scope][value=all]"))
    hand.fill(page.locator("textarea[name=reason]"), "Déménage")
    hand.choose(page.locator("#series .danger"))
    expect(page.locator("#toasts .toast")).to_contain_text(words["cancelled"])
    expect(page).to_have_url(re.compile(r"/agenda/"))


def _plan_but_the_third(stage: Stage) -> None:
    """Nobody works in a fortnight: the third date cannot be had."""
    house = stage.house
    plan(house, days=30)
    for shift in db.session.query(Shift).filter_by(day=house.day + timedelta(days=14)):
        db.session.delete(shift)
    db.session.commit()
