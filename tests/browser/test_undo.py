"""What was done is taken back: with the bar, with Z, from the history; and nobody is told before that."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.audit import Actor
from portal.bookings.moving import Move, move_booking
from portal.database import db
from portal.models import Booking, GuestMessage
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage, card
from tests.browser.hands import Hand, How, at_work, by_on_both, let_go
from tests.factories import make_customer
from tests.support.browser import assert_accessible

__all__ = ["book"]

pytestmark = pytest.mark.browser
WORDS = {
    "fr": {
        "stands": "La réservation est rétablie.", "void": "Non envoyé : annulé ou remplacé",
        "waits": "En attente d’envoi", "sent": "Envoyé", "back": "Revenir à l’état d’avant",
        "as_before": "La réservation est de nouveau comme avant.", "was_put_back": "Un état antérieur a été rétabli",
        "taken": "L’ancienne place a été prise entre-temps",
    },
    "en": {
        "stands": "The booking stands again.", "void": "Not sent: undone or replaced",
        "waits": "Waiting to be sent", "sent": "Sent", "back": "Put back as it was before",
        "as_before": "The booking is as it was before.", "was_put_back": "An older state was put back",
        "taken": "The former place has been taken in the meantime",
    },
}  # fmt: skip
GRACE = timedelta(seconds=10)
PATIENCE = 60


@by_on_both("mouse-fr", "keys-en")
def test_messages_wait_ten_seconds_for_an_undo(stage: Stage, book: Book, tmp_path: Path, how: How) -> None:
    house, words = stage.house, WORDS[how[1]]
    kept, told = (
        book(clock, customer=make_customer(house.organisation, first_name=name, email=f"{name.lower()}@example.org"))
        for clock, name in (("10:00", "Inès"), ("14:00", "Odile"))
    )
    for booking in (kept, told):
        accept(house, booking, house.therese)
    hand = at_work(stage, house.camille, how)
    page = hand.page
    page.clock.install()
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-live", "on")

    bar = page.locator(".toast[data-kind='undo']")
    began = _clock(page)
    _cancel(hand, told)
    expect(page.locator("#messages")).to_contain_text(words["waits"])
    page.locator("h1").hover()
    expect(page.locator(".htmx-request")).to_have_count(0)  # it would wait too long in no time
    page.clock.fast_forward(max(0, began + 9_000 - _clock(page)))
    expect(bar).to_be_visible()
    page.clock.fast_forward(10_100)
    expect(bar).to_have_count(0)

    _cancel(hand, kept)
    expect(card(page, {"id": kept.uuid})).to_have_count(0)
    if how[0] == "keys":
        page.keyboard.press("Escape")
        hand.press("z")
    else:
        hand.choose(bar.locator(".undo"))
    expect(page.locator("#toasts")).to_contain_text(words["stands"])
    hand.choose(card(page, {"id": kept.uuid}))
    expect(page.locator("#messages")).to_contain_text(words["void"])
    assert_accessible(page)

    assert [message.status for message in _messages(kept)] == ["voided"]
    if how[0] == "keys":
        return  # to wait once is enough
    sent = _when_sent(told)
    assert sent.sent_at is not None
    assert sent.sent_at - sent.created_at >= GRACE, "a guest was told while it could still be undone"
    letters = [letter.read_text() for letter in (tmp_path / "instance" / "mail").iterdir()]
    assert len([letter for letter in letters if "odile@example.org" in letter]) == 1, "and nobody else is told"
    page.goto(f"/v/lutetia/bookings/{told.uuid}")
    expect(page.locator("#messages")).to_contain_text(words["sent"])


@by_on_both("keys-fr", "mouse-en")
def test_an_older_state_is_put_back_from_the_history(stage: Stage, book: Book, how: How) -> None:
    house, words = stage.house, WORDS[how[1]]
    mine = book("10:00", notes="Au calme")
    accept(house, mine, house.therese)
    desk = Actor.of_member(house.camille, door="agenda")
    move_booking(house.lutetia, booking=mine, move=Move(starts_at=house.at("15:00")), by=desk)
    accept(house, book("10:00"), house.therese)  # somebody else has its former place
    hand = at_work(stage, house.camille, how)
    page, panel = hand.page, hand.page.locator("#panel")
    lines = panel.locator(".timeline li").filter(has=page.get_by_role("button", name=words["back"]))

    hand.choose(card(page, {"id": mine.uuid}))
    expect(lines).to_have_count(1)
    hand.choose(panel.locator("button[name=delta][value='15']"))
    expect(panel).to_contain_text("15:00–16:15")
    hand.choose(panel.locator(".panel-edit"))
    hand.fill(panel.locator("#notes"), "Musique douce")
    hand.choose(panel.locator("form.edit .primary"))
    expect(panel).to_contain_text("Musique douce")
    expect(lines).to_have_count(3)
    assert_accessible(page)

    hand.choose(lines.nth(1).get_by_role("button"))  # as it was before it became longer
    expect(page.locator("#toasts")).to_contain_text(words["as_before"])
    expect(panel).to_contain_text("15:00–16:00")
    expect(panel).to_contain_text("Au calme")
    expect(panel.locator(".timeline")).to_contain_text(words["was_put_back"])

    hand.choose(lines.last.get_by_role("button"))  # to a place that is not free any more
    expect(page.locator("#toasts")).to_contain_text(words["taken"])
    expect(panel).to_contain_text("15:00–16:00")

    if how[0] == "keys":
        hand.press("z")
    else:
        hand.choose(page.locator("#toasts .undo:visible").last)
    expect(panel).to_contain_text("15:00–16:15")
    expect(panel).to_contain_text("Musique douce")


def _clock(page: Page) -> int:
    """Milliseconds by the page's own clock."""
    return int(page.evaluate("Date.now()"))


def _cancel(hand: Hand, booking: Booking) -> None:
    page = hand.page
    hand.choose(card(page, {"id": booking.uuid}))
    expect(page.locator(f"#booking-{booking.uuid}")).to_be_visible()
    hand.choose(page.locator("#panel summary.danger"))
    hand.fill(page.locator("#panel textarea[name=reason]"), "Souffrante")
    hand.choose(page.locator("#panel form[action*='/cancel'] button.danger"))
    expect(page.locator("#panel-state .is-cancelled")).to_be_visible()


def _when_sent(booking: Booking) -> GuestMessage:
    """Its only message, once it has left."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        (message,) = _messages(booking)
        if message.status == "sent":
            return message
        time.sleep(0.2)
    raise AssertionError("The message never left.")


def _messages(booking: Booking) -> list[GuestMessage]:
    db.session.rollback()
    query = select(GuestMessage).where(GuestMessage.booking_id == booking.id).execution_options(populate_existing=True)
    found = list(db.session.scalars(query))
    let_go()
    return found
