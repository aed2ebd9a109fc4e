"""A therapist's day on her phone: what is next, her steps, what changed, what she must know of the guest."""

from __future__ import annotations

import re
from datetime import time

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import func, select

from portal.audit import Actor
from portal.bookings.moving import Move, move_booking
from portal.bookings.service import cancel_booking
from portal.database import db
from portal.models import AuditEntry, Booking
from portal.visits.service import note_look
from tests.bookings.conftest import Book, accept, book, offer_to
from tests.browser.conftest import Stage
from tests.browser.hands import Hand, How, at_work, by, let_go
from tests.browser.visits import visit_at
from tests.factories import House, make_customer, make_shift
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is tapped is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
BIG = 56
NAV_TOP = 844 - 62
NEEDLE = "Huile d’amande"
WORDS = {
    "fr": {
        "in": r"Dans\s(1[4-9]|20)\sminutes", "start": "Commencer", "finish": "Terminer",
        "left": r"Encore\s\d+\sminutes", "longer": "+15 min", "yes": "Oui, jusqu’à", "no": "cabine est attendue",
        "was": "avant", "got": "Bien vu", "thanks": "la réception est informée", "none": "Notes de santé : aucune",
        "read": "à lire avant de commencer", "write": "Noter…", "allergies": "Allergies", "agrees": "accepte",
        "keep": "Conserver", "close": "Fermer", "cancelled": "Annulée", "firm": "forte", "know": "À savoir",
        "accept": "Accepter", "changed": "Modifié",
    },
    "en": {
        "in": r"In (1[4-9]|20) minutes", "start": "Start", "finish": "Finish", "left": r"\d+ minutes left",
        "longer": "+15 min", "yes": "Yes, until", "no": "Your room is needed", "was": "was", "got": "Got it",
        "thanks": "the desk knows", "none": "Health notes: none yet", "read": "read before you begin",
        "write": "Write down…", "allergies": "Allergies", "agrees": "agrees", "keep": "Keep", "close": "Close",
        "cancelled": "Cancelled", "firm": "firm", "know": "What to know", "accept": "Accept",
        "changed": "Changed",
    },
}  # fmt: skip


@by("touch-fr", "touch-en")
def test_the_next_guest_from_the_first_glance_to_the_end(stage: Stage, book: Book, how: How) -> None:
    house, words = _early(stage.house), WORDS[how[1]]
    lea = make_customer(house.organisation, first_name="Léa", last_name="Martin", preferences={"pressure": "firm"})
    visit = visit_at(stage, book, minutes=20, on_grid=True, customer=lea)
    offer = offer_to(book("17:00"), house.therese).uuid
    let_go()
    finger = at_work(stage, house.therese, how)
    page, now_card = finger.page, finger.page.locator(".now-card")
    expect(now_card.locator(".now-guest")).to_have_text("Léa")
    expect(now_card).to_contain_text(re.compile(words["in"]))
    expect(now_card).to_contain_text("Cabine 1")
    expect(page.locator("body")).not_to_contain_text("Martin")
    start = now_card.get_by_role("button", name=words["start"], exact=True)
    _assert_within_reach(start)
    _assert_within_reach(page.locator(f"#offer-{offer}").get_by_role("button", name=words["accept"]))
    assert_accessible(page)
    assert_no_sideways_scroll(page)

    finger.choose(now_card.locator("summary", has_text=words["know"]))
    expect(now_card.locator(".likes")).to_contain_text(words["firm"])
    _learns_of_her_health(finger, words)
    finger.clicks = 0
    finger.choose(start)
    expect(now_card).to_contain_text(re.compile(words["left"]))
    finger.choose(now_card.get_by_role("button", name=words["longer"]))
    expect(page.locator("#toasts .toast").last).to_contain_text(words["yes"])
    _another_guest_needs_the_room(house, visit, book)
    finger.choose(now_card.get_by_role("button", name=words["longer"]))
    expect(page.locator("#toasts .toast").last).to_contain_text(words["no"])
    finger.choose(now_card.get_by_role("button", name=words["finish"]))
    expect(page.locator(f"#visit-{visit.item.uuid} [data-status='completed']")).to_be_visible()
    assert finger.clicks == 4, "one a step"


@by("touch-fr", "touch-en")
def test_what_changed_is_marked_until_she_has_seen_it(stage: Stage, book: Book, how: How) -> None:
    house, words = _early(stage.house), WORDS[how[1]]
    soon, late = visit_at(stage, book, minutes=25, on_grid=True), book("17:00")
    accept(house, late, house.therese)
    note_look(house.therese, [soon.item.uuid, late.item.uuid])
    let_go()
    finger = at_work(stage, house.therese, how)
    page, news = finger.page, finger.page.locator(".now-card .news")
    expect(page.locator(".now-card")).to_be_visible()
    expect(page.locator(".news")).to_have_count(0)

    desk = Actor.of_member(house.camille, door="agenda")
    let_go()
    move_booking(house.lutetia, booking=soon, move=Move(room=house.rooms[1]), by=desk)
    let_go()
    cancel_booking(house.lutetia, booking=late, reason="Malade", cancelled_by="guest", by=desk)
    let_go()
    expect(news).to_contain_text(re.compile(rf"{words['changed']}.*{words['was']}.* Cabine 1", re.DOTALL))
    expect(page.locator(".now-card")).to_contain_text("Cabine 2")
    gone = page.locator(f"#gone-{late.item.uuid}")
    expect(gone).to_contain_text(words["cancelled"])
    assert_accessible(page)

    finger.choose(news.get_by_role("button", name=words["got"]))
    expect(page.locator("#toasts .toast").last).to_contain_text(words["thanks"])
    expect(news.get_by_role("button")).to_have_count(0)
    finger.choose(gone.get_by_role("button", name=words["got"]))
    expect(gone).to_have_count(0)
    page.reload()
    expect(page.locator(".now-card .news button")).to_have_count(0)
    expect(gone).to_have_count(0)


def _early(house: House) -> House:
    """The spa is open from six on, and they work: it is eight by its clock."""
    house.lutetia.opening_time = time(6)
    for member in (house.therese, house.marc):
        make_shift(house.lutetia, member, house.day, start=time(6), end=time(9))
    return house


def _learns_of_her_health(finger: Hand, words: dict[str, str]) -> None:
    """Nothing is noted; she writes down what the guest says; the next look is recorded like the first."""
    page, sheet = finger.page, finger.page.locator("#sheet")
    finger.choose(page.locator(".now-card").get_by_role("button", name=words["none"]))
    expect(sheet.locator("h3")).to_be_focused()
    finger.choose(sheet.locator("summary", has_text=words["write"]))
    finger.fill(sheet.get_by_label(words["allergies"]), NEEDLE)
    finger.choose(sheet.get_by_label(re.compile(words["agrees"])))
    assert_accessible(page)
    finger.choose(sheet.get_by_role("button", name=words["keep"]))
    expect(sheet.locator("section")).to_have_count(0)
    reading = page.locator(".now-card").get_by_role("button", name=words["read"])
    expect(reading).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(NEEDLE)
    finger.choose(reading)
    expect(sheet).to_contain_text(NEEDLE)
    finger.choose(sheet.get_by_role("link", name=words["close"]))
    expect(sheet.locator("section")).to_have_count(0)
    expect(reading).to_be_focused()
    let_go()
    assert db.session.scalar(select(func.count()).where(AuditEntry.verb == "care:read")) == 2
    let_go()


def _another_guest_needs_the_room(house: House, visit: Booking, book: Book) -> None:
    db.session.refresh(visit.item)
    place = Move(starts_at=visit.item.ends_at, room=house.rooms[0], therapist=house.marc)
    desk = Actor.of_member(house.camille, door="agenda")
    let_go()
    booking = book("15:00")
    let_go()
    move_booking(house.lutetia, booking=booking, move=place, by=desk)
    let_go()


def _assert_within_reach(button: Locator) -> None:
    """Big enough for an oily thumb, and on the first screen above the bar."""
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= BIG
    assert box["y"] + box["height"] <= NAV_TOP, f"{button} lies below the first screen"
