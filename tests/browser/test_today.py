"""The Today board in real browsers: one click a step, by mouse, by keys and by touch, live for the others."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.models import Booking
from tests.bookings.conftest import Book, book
from tests.browser.conftest import Stage
from tests.browser.hands import Hand, How, at_work, by
from tests.browser.visits import visit_at
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
WORDS = {
    "fr": {
        "late": r"En retard, 1[23] min", "too_early": "C’est trop tôt : la visite commence à",
        "no_show": "Absence", "empty": "Plus personne n’est attendu.",
    },
    "en": {
        "late": r"Late, 1[23] min", "too_early": "It is too early for that: the visit begins at",
        "no_show": "No-show", "empty": "Nobody is expected any more.",
    },
}  # fmt: skip


@pytest.fixture
def late(stage: Stage, book: Book) -> Booking:
    """Hélène Dupont, whom Thérèse has expected for twelve minutes."""
    return visit_at(stage, book, minutes=-12)


@by("mouse-fr", "keys-en", "touch-fr")
def test_a_guest_goes_through_the_board_before_a_colleague_s_eyes(stage: Stage, late: Booking, how: How) -> None:
    maud, camille = _board(stage, ("mouse", how[1]), maud=True), _board(stage, how)
    page = camille.page
    expect(_card(page, late, "expected")).to_contain_text(re.compile(WORDS[how[1]]["late"]))
    if how[0] == "touch":
        assert_no_sideways_scroll(page)
    assert_accessible(page)

    camille.choose(_step(page, late))
    assert camille.clicks == 1, "ux.md §2.4: checked in with one"
    expect(_card(page, late, "arrived")).to_contain_text(re.compile(r"\b[01] min"))
    expect(_card(maud.page, late, "arrived")).to_be_visible()
    expect(page.locator("#column-expected")).to_contain_text(WORDS[how[1]]["empty"])
    _the_focus_follows(camille, late)
    if how[0] == "keys":
        camille.press("z")
    else:
        camille.choose(page.locator("#toasts .undo:visible").last)
    assert camille.clicks == 2, "ux.md §2.4: and back with one"
    expect(_card(maud.page, late, "expected")).to_be_visible()
    expect(_card(page, late, "expected")).to_be_visible()

    for column in ("arrived", "treated", "to_settle", "done"):
        camille.choose(_step(page, late))
        expect(_card(page, late, column)).to_be_visible()
        expect(_card(maud.page, late, column)).to_be_visible()
        _the_focus_follows(camille, late)
    assert camille.clicks == 6, "one a step, from the door to the bill"
    assert_accessible(page)


def test_a_double_click_is_one_step(stage: Stage, late: Booking, book: Book) -> None:
    other = visit_at(stage, book, minutes=-5, to=1)
    page = _board(stage, ("mouse", "fr")).page
    _step(page, late).dblclick()
    expect(_card(page, late, "arrived")).to_be_visible()
    expect(page.locator("#board.is-settling")).to_have_count(0)
    expect(_card(page, other, "expected")).to_be_visible()
    expect(_card(page, late, "arrived")).to_be_visible()


@by("mouse-en", "keys-fr")
def test_no_show_is_one_click_from_the_start_on_and_refused_before(
    stage: Stage, late: Booking, book: Book, how: How
) -> None:
    soon = visit_at(stage, book, minutes=30, to=1)
    words, hand = WORDS[how[1]], _board(stage, how)
    page = hand.page
    expect(_card(page, soon).get_by_role("button", name=words["no_show"])).to_have_count(0)
    action = _step(page, late).locator("xpath=..").get_attribute("hx-post") or ""
    page.locator(f"#visit-{soon.uuid} form").first.evaluate(
        "(form, to) => form.setAttribute('action', to)",
        action.replace(str(late.uuid), str(soon.uuid)).replace("arrived", "no-show"),
    )
    page.locator(f"#visit-{soon.uuid} form").first.evaluate("form => form.submit()")
    expect(page.locator("#toasts")).to_contain_text(words["too_early"])
    expect(_card(page, soon, "expected")).to_be_visible()

    hand.choose(_card(page, late).get_by_role("button", name=words["no_show"]))
    assert hand.clicks == 1, "ux.md §2.4 allows two"
    expect(_card(page, late, "done")).to_contain_text(words["no_show"])


def _board(stage: Stage, how: How, *, maud: bool = False) -> Hand:
    return at_work(stage, stage.house.maud if maud else stage.house.camille, how, at="/v/lutetia/today")


def _card(page: Page, booking: Booking, column: str = "") -> Locator:
    place = f"#column-{column} " if column else ""
    return page.locator(f"{place}.visit[data-booking='{booking.uuid}']")


def _step(page: Page, booking: Booking) -> Locator:
    return _card(page, booking).locator(".btn.primary")


def _the_focus_follows(hand: Hand, booking: Booking) -> None:
    """Who is blind, or has no mouse, goes on with the same guest."""
    expect(_card(hand.page, booking).locator("h3 a")).to_be_focused()
