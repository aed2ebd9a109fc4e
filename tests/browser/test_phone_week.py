"""A therapist's own time on her phone: time off, being sick, shifts that change hands; the desk and her colleague."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import delete

from portal.clock import frozen
from portal.database import db
from portal.models import Booking, Shift
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage
from tests.browser.hands import How, at_work, by
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is tapped is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
WORDS = {
    "fr": {
        "off": "Demander une absence", "day": "Jour", "ask": "Demander", "hit": "1 visite", "refuse": "Refuser",
        "why": "Motif", "approve": "Approuver", "sick": "Je suis malade", "today": "Aujourd’hui", "undo": "Annuler",
        "find": "Trouver des remplacements", "all": "Tout appliquer", "swap": "Échanger ou céder", "give": "Céder",
        "accept": "Accepter", "none": "Pas de service",
    },
    "en": {
        "off": "Ask for time off", "day": "Day", "ask": "Ask", "hit": "1 visit", "refuse": "Refuse", "why": "Reason",
        "approve": "Approve", "sick": "I am sick", "today": "Today", "undo": "Undo", "find": "Find replacements",
        "all": "Do all of this", "swap": "Swap or give away", "give": "Give it away", "accept": "Accept",
        "none": "No shift",
    },
}  # fmt: skip
WEEK, ABSENCES = "/my/week", "/v/lutetia/absences/"


@by("touch-fr", "touch-en")
def test_time_off_is_refused_with_a_reason_then_approved(stage: Stage, book: Book, how: How) -> None:
    house, words = stage.house, WORDS[how[1]]
    with frozen(house.at("00:30")):
        accept(house, book("11:00", starts_at=house.at("11:00", days=2)), house.therese)
    therese = at_work(stage, house.therese, how, at=WEEK)
    maud = at_work(stage, house.maud, ("mouse", how[1]), at=ABSENCES)
    page = therese.page
    assert_no_sideways_scroll(page)
    therese.choose(page.get_by_role("link", name=words["off"]))
    therese.fill(page.locator("#off-day"), str(house.day + timedelta(days=2)))
    page.locator("#off-day").dispatch_event("change")
    expect(page.locator("#impact")).to_contain_text(words["hit"])
    expect(page.locator("#impact")).to_contain_text("Marc")
    assert_accessible(page)
    therese.choose(page.get_by_role("button", name=words["ask"], exact=True))
    _status(page, "requested")

    maud.choose(maud.page.locator("[data-absence][data-status='requested']"))
    maud.choose(maud.page.locator("summary", has_text=words["refuse"]))
    maud.fill(maud.page.get_by_label(words["why"]), "Salon du bien-être")
    maud.choose(maud.page.get_by_role("button", name=words["refuse"], exact=True))
    _status(page, "refused")
    expect(page.locator("main")).to_contain_text("Salon du bien-être")
    assert_accessible(page)

    page.goto("/my/time-off")
    therese.fill(page.locator("#off-day"), str(house.day + timedelta(days=1)))
    therese.choose(page.get_by_role("button", name=words["ask"], exact=True))
    _status(page, "requested")
    maud.page.goto(ABSENCES)
    maud.choose(maud.page.locator("[data-absence][data-status='requested']"))
    maud.choose(maud.page.get_by_role("button", name=words["approve"]))
    _status(page, "approved")


@by("touch-fr", "touch-en")
def test_sick_in_two_taps_and_her_guests_have_others_at_once(stage: Stage, book: Book, how: How) -> None:
    house, words = stage.house, WORDS[how[1]]
    with frozen(house.at("00:30")):
        first, second = book("10:00"), book("14:00")
        for one in (first, second):
            accept(house, one, house.therese)
    therese, marc = (at_work(stage, house.therese, how, at=WEEK), at_work(stage, house.marc, how))
    camille = at_work(stage, house.camille, ("mouse", how[1]))
    page = therese.page
    therese.choose(page.locator("summary", has_text=words["sick"]))
    assert_accessible(page)
    therese.choose(page.get_by_role("button", name=words["today"], exact=True))
    _status(page, "approved")
    assert therese.clicks == 2

    camille.choose(camille.page.locator("#alarm").get_by_role("link", name=words["find"]))
    expect(camille.page.locator(".plan-row.is-kept, .plan-row")).to_have_count(2)
    assert_accessible(camille.page)
    camille.choose(camille.page.get_by_role("button", name=words["all"]))
    for one in (first, second):
        expect(_visit(marc.page, one)).to_have_count(1)
    assert camille.clicks <= 4, "ux.md §2.4: four for all"
    camille.choose(camille.page.locator("#toasts .undo:visible").last)
    for one in (first, second):
        expect(_visit(marc.page, one)).to_have_count(0)


@by("touch-fr", "touch-en")
def test_a_shift_is_given_away_accepted_and_approved(stage: Stage, how: How) -> None:
    house, words = stage.house, WORDS[how[1]]
    day = house.day + timedelta(days=1)
    db.session.execute(delete(Shift).where(Shift.member_id == house.marc.id, Shift.day == day))
    therese, marc = (at_work(stage, one, how, at=f"{WEEK}/{day}") for one in (house.therese, house.marc))
    maud = at_work(stage, house.maud, ("mouse", how[1]), at=ABSENCES)
    theirs = [one.page.locator(f"#day-{day}") for one in (therese, marc)]
    expect(theirs[1]).to_contain_text(words["none"])
    therese.choose(theirs[0].get_by_role("link", name=words["swap"]))
    giving = therese.page.get_by_role("button", name=words["give"], exact=True)
    expect(giving).to_be_visible()
    assert_accessible(therese.page)
    therese.choose(giving)
    expect(therese.page.locator("[data-swap]")).to_be_visible()
    therese.page.goto(f"{WEEK}/{day}")

    his, to_approve = marc.page.locator("[data-swap]"), maud.page.locator("[data-swap]")
    marc.choose(his.get_by_role("button", name=words["accept"]))
    expect(his).to_have_attribute("data-status", "accepted")
    assert_accessible(marc.page)
    maud.choose(to_approve.get_by_role("button", name=words["approve"]))
    expect(theirs[0]).to_contain_text(words["none"])
    expect(theirs[1]).to_contain_text(re.compile(r"09:00.20:00"))


def _status(page: Page, status: str) -> None:
    expect(page.locator("[data-absence]")).to_have_attribute("data-status", status)


def _visit(page: Page, booking: Booking) -> Locator:
    return page.locator(f"#day .day-item[data-booking='{booking.uuid}']")
