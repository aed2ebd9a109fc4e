"""What cannot be is told beside its field, nothing typed is lost and nothing is changed: by mouse and by keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import func, select

from portal.database import db
from portal.models import Block, Booking
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage, card
from tests.browser.hands import Hand, How, Mouse, at_work, by, let_go
from tests.factories import make_customer, make_room
from tests.support.browser import assert_accessible

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked and typed is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
LONG = "x" * 10_000
WORDS = {
    "fr": {
        "past": "Cet horaire est passé, ou trop proche pour être réservé.",
        "foreign": "Cette cabine n’est pas de cet établissement.",
        "long": "Veuillez utiliser 500 caractères au plus.", "time": "Veuillez indiquer une date et une heure.",
        "end": "La fin doit venir après le début.",
        "length": "Veuillez choisir de 5 minutes à 12 heures, par pas de 5 minutes.",
    },
    "en": {
        "past": "This time is over, or too soon to be booked.",
        "foreign": "This room is not among those of the venue.",
        "long": "Please use at most 500 characters.", "time": "Please enter a date and a time.",
        "end": "The end must be after the start.",
        "length": "Please choose from 5 minutes to 12 hours, in steps of 5 minutes.",
    },
}  # fmt: skip
SAVE = "#compose-form .actions .primary"


@by("mouse-fr", "keys-en")
def test_a_booking_that_cannot_be(stage: Stage, how: How) -> None:
    house, words = stage.house, WORDS[how[1]]
    make_customer(house.organisation)
    elsewhere = str(make_room(house.marais, name="Cabine du Marais").uuid)
    hand = at_work(stage, house.camille, how)
    page = hand.page
    hand.choose(page.locator(f"[data-column='{house.therese.uuid}'] [data-at$='T10:00']"))
    expect(page.locator("#c-guest")).to_be_focused()
    hand.choose(page.locator(SAVE))  # for nobody
    _is_told(page.locator("#c-guest"), page.locator("#c-guest-error"))
    page.keyboard.type("dup")
    page.keyboard.press("Enter")
    expect(page.locator("[name=customer]")).not_to_have_value("")

    hand.fill(page.locator("#c-date"), str(house.day - timedelta(days=1)))
    page.keyboard.press("Tab")
    expect(page.locator("#compose-check")).to_contain_text(words["past"])
    with page.expect_response(lambda answer: answer.status == 409):
        hand.choose(page.locator(SAVE))
    expect(page.locator("#compose-check")).to_contain_text(words["past"])
    hand.fill(page.locator("#c-date"), str(house.day))
    hand.fill(page.locator("#c-time"), "")
    hand.choose(page.locator(SAVE))
    _is_told(page.locator("#c-time"), page.locator("#c-time-error"), words["time"])
    hand.fill(page.locator("#c-time"), "10:00")

    page.locator("#c-room").evaluate("(list, room) => { list.options[1].value = room; }", elsewhere)
    hand.pick(page.locator("#c-room"), elsewhere)
    expect(page.locator("#compose-check")).to_contain_text(words["foreign"])
    page.locator("#c-notes").evaluate("(field, text) => { field.value = text; }", LONG)
    hand.choose(page.locator(SAVE))
    _is_told(page.locator("#c-room"), page.locator("#c-room-error"), words["foreign"])
    _is_told(page.locator("#c-notes"), page.locator("#c-notes-error"), words["long"])
    expect(page.locator("#c-notes")).to_have_value(LONG)
    expect(page.locator("#c-guest")).not_to_have_value("")
    assert_accessible(page)
    assert _count(Booking) == 0

    hand.fill(page.locator("#c-notes"), "Au calme")
    hand.pick(page.locator("#c-room"), "")
    _twice(hand, page.locator(SAVE))
    expect(page.locator(f"[data-column='{house.therese.uuid}'] .card")).to_have_count(1)
    expect(page.locator("#compose > *")).to_have_count(0)
    assert _count(Booking) == 1


@by("keys-fr", "mouse-en")
def test_a_block_and_a_move_that_cannot_be(stage: Stage, book: Book, how: How) -> None:
    house, words = stage.house, WORDS[how[1]]
    booking = book("14:00")
    accept(house, booking, house.therese)
    hand = at_work(stage, house.camille, how)
    page, panel = hand.page, hand.page.locator("#panel")
    hand.choose(page.locator("[data-key=b]"))
    hand.choose(page.locator(f"[name=who][value='{house.marc.uuid}']"))
    hand.fill(page.locator("#block-start"), "12:00")
    hand.fill(page.locator("#block-end"), "11:00")
    hand.choose(page.locator(".block-form .actions .primary"))
    _is_told(page.locator("#block-end"), page.locator("#block-end-error"), words["end"])
    expect(page.locator("#block-start")).to_have_value("12:00")
    expect(page.locator("#toasts .toast")).to_have_count(0)  # it has not gone away, so nothing is said of keeping it
    assert_accessible(page)
    assert _count(Block) == 0
    hand.fill(page.locator("#block-end"), "12:30")
    _twice(hand, page.locator(".block-form .actions .primary"))
    expect(page.locator("a.block")).to_have_count(1)
    assert _count(Block) == 1
    page.keyboard.press("Escape")

    hand.choose(card(page, {"id": booking.uuid}))
    hand.choose(panel.locator("[data-move]"))
    hand.choose(page.locator("#tray a"))
    put = panel.locator("form.put")
    assert_accessible(page)
    hand.fill(put.locator("[name=time]"), "")
    hand.choose(put.locator(".primary"))
    _is_told(put.locator("[name=time]"), put.locator(".field-error"), words["time"])
    hand.fill(put.locator("[name=time]"), "15:00")
    hand.fill(put.locator("[name=day]"), str(house.day - timedelta(days=1)))
    hand.choose(put.locator(".primary"))
    expect(panel.locator(".refusal-why")).to_contain_text(words["past"])
    expect(put.locator("[name=time]")).to_have_value("15:00")
    hand.fill(panel.locator("#length-minutes"), "7")
    hand.choose(panel.locator("form.stretch button"))
    _is_told(panel.locator("#length-minutes"), panel.locator("#length-minutes-error"), words["length"])
    assert_accessible(page)
    db.session.rollback()
    stands = db.session.get_one(Booking, booking.id, populate_existing=True)
    assert (stands.starts_at, stands.item.duration) == (house.at("14:00"), 60)
    let_go()


def _is_told(field: Locator, error: Locator, sentence: str = "") -> None:
    """The sentence stands beside the field, and the field knows it."""
    expect(error).to_contain_text(sentence)
    expect(field).to_have_attribute("aria-invalid", "true")
    assert (error.get_attribute("id") or "without an id") in (field.get_attribute("aria-describedby") or "")


def _twice(hand: Hand, button: Locator) -> None:
    """A hand that shakes."""
    if isinstance(hand, Mouse):
        button.dblclick()
    else:
        hand.choose(button)
        hand.press("Enter")


def _count(model: type[Booking | Block]) -> int:
    db.session.rollback()
    found = db.session.scalar(select(func.count()).select_from(model)) or 0
    let_go()
    return found
