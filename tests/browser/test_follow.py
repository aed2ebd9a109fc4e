"""The guest followed from the grid and through the till: by mouse and by keys, counted in clicks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from portal.database import db
from portal.models import Booking
from tests.bookings.conftest import Book, book
from tests.browser.conftest import Stage, card
from tests.browser.hands import Hand, How, Keys, at_work, by, let_go
from tests.browser.visits import visit_at
from tests.support.browser import assert_accessible

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked and typed is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
LATE = re.compile(r"\bis-late\b")
STEPS = {
    "fr": {"a": "Sur place", "s": "Commencer", "f": "Terminer", "room": "Note de chambre", "late": "En retard"},
    "en": {"a": "Arrived", "s": "Start", "f": "Finish", "room": "Hotel room bill", "late": "Late"},
}
LEDGER = {
    "fr": {
        "taken": "Arrhes reçues", "applied": "Arrhes déduites", "kept": "Arrhes conservées", "refund": "Remboursement",
        "payment": "Paiement", "no_show": "Absence", "cash": "Espèces", "rest": "65,00", "held": "Arrhes",
    },
    "en": {
        "taken": "Deposit taken", "applied": "Deposit applied", "kept": "Deposit kept", "refund": "Refund",
        "payment": "Payment", "no_show": "No-show", "cash": "Cash", "rest": "65.00", "held": "Deposit",
    },
}  # fmt: skip


@by("mouse-fr", "keys-en")
def test_from_late_to_the_room_bill_from_the_grid(stage: Stage, book: Book, how: How) -> None:
    booking = visit_at(stage, book, minutes=-12, room_number="417", payment_method="room")
    words = STEPS[how[1]]
    hand = at_work(stage, stage.house.camille, how)
    page, mine = hand.page, card(hand.page, {"id": booking.uuid})
    expect(mine).to_have_class(LATE)
    assert words["late"].lower() in (mine.get_attribute("aria-label") or "").lower()

    hand.clicks = 0
    _step(hand, mine, "a", words)
    expect(mine).to_have_class(re.compile(r"\bis-arrived\b"))
    expect(mine).not_to_have_class(LATE)
    assert hand.clicks <= 2, "ux.md §2.4: two from the grid"
    expect(page.locator("#panel-state")).to_contain_text(re.compile(r"\b[01] min"))
    assert_accessible(page)

    hand.clicks = 0
    if how[0] == "keys":
        page.keyboard.press("Escape")
        hand.press("z")
    else:
        hand.choose(page.locator("#toasts .undo:visible").last)
    expect(mine).to_have_class(LATE)
    assert hand.clicks == 1, "ux.md §2.4: an arrival is undone in one"

    for key, status in (("a", "confirmed"), ("s", "ongoing"), ("f", "completed")):
        _step(hand, mine, key, words)
        expect(mine).to_have_attribute("data-status", status)
        expect(page.locator("#panel-steps").get_by_role("button", name=words[key], exact=True)).to_have_count(0)
    bill = page.locator("#panel-ledger").get_by_role("button", name=words["room"])
    expect(bill).to_be_visible()  # what is left to pay is asked for by itself
    hand.choose(bill)
    expect(page.locator("#panel-ledger li")).to_have_count(1)
    expect(bill).to_have_count(0)
    assert _as_it_is(booking).payment_status == "charged_to_room"


@by("mouse-en", "keys-fr")
def test_a_deposit_is_taken_applied_and_kept(stage: Stage, book: Book, how: How) -> None:
    settled, missed = visit_at(stage, book, minutes=-20), visit_at(stage, book, minutes=-15, to=1)
    words = LEDGER[how[1]]
    hand = at_work(stage, stage.house.camille, how)
    page, lines = hand.page, hand.page.locator("#panel-ledger li")

    hand.choose(card(page, {"id": settled.uuid}))
    _enter(hand, "deposit_taken", "30")
    expect(lines).to_have_count(1)
    expect(lines.first).to_contain_text(words["taken"])
    expect(lines.first).to_contain_text("Camille Test")
    expect(page.locator("#panel-ledger")).to_contain_text(words["rest"])
    assert_accessible(page)
    hand.choose(page.locator("#panel-ledger").get_by_role("button", name=words["cash"], exact=True))
    expect(lines).to_have_count(3)
    expect(page.locator("#panel-ledger")).to_contain_text(words["applied"])
    assert _as_it_is(settled).payment_status == "paid"
    _enter(hand, "refund", "1000")
    expect(page.locator("#payment-amount-error")).to_be_visible()
    expect(lines).to_have_count(3)
    hand.fill(page.locator("#payment-amount"), "15")
    hand.choose(page.locator(".is-till .primary"))
    expect(lines).to_have_count(4)
    expect(page.locator("#panel-ledger")).to_contain_text(words["refund"])

    hand.choose(card(page, {"id": missed.uuid}))
    expect(lines).to_have_count(0)
    _enter(hand, "deposit_taken", "40")
    expect(lines).to_have_count(1)
    hand.choose(page.locator("#panel-steps").get_by_role("button", name=words["no_show"]))
    expect(card(page, {"id": missed.uuid})).to_have_attribute("data-status", "noshow")
    expect(lines).to_have_count(2)
    expect(page.locator("#panel-ledger")).to_contain_text(words["kept"])
    assert_accessible(page)


def _step(hand: Hand, mine: Locator, key: str, words: dict[str, str]) -> None:
    """The next step of a visit: by mouse from its panel, by its key from its card."""
    if isinstance(hand, Keys):
        mine.focus()
        hand.press(key)
        return
    if not hand.page.locator("#panel > *").count():
        hand.choose(mine)
    hand.choose(hand.page.locator("#panel-steps").get_by_role("button", name=words[key], exact=True))


def _enter(hand: Hand, kind: str, amount: str) -> None:
    """Another line of the ledger, from what is folded away."""
    page = hand.page
    for folded in (page.locator("#panel .till"), page.locator("#panel .till .more")):
        if not folded.evaluate("folded => folded.open"):
            hand.choose(folded.locator("> summary"))
    hand.pick(page.locator("#payment-kind"), kind)
    hand.fill(page.locator("#payment-amount"), amount)
    hand.pick(page.locator("#payment-method"), "card_on_site")
    hand.choose(page.locator(".is-till .primary"))


def _as_it_is(booking: Booking) -> Booking:
    db.session.rollback()
    found = db.session.get_one(Booking, booking.id, populate_existing=True)
    let_go()
    return found
