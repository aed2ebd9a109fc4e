"""The settings: an example that follows what is typed, a saved page, another time zone looked at; nothing for axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.database import db
from portal.settings.policy.tiers import Step, steps_of
from tests.bookings.conftest import Book, book
from tests.browser.conftest import Stage
from tests.browser.hands import How, at_work, by, let_go
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What is clicked and typed is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
SETTINGS = "/v/lutetia/settings"
HALF = {"fr": "20,00\u00a0€ remboursés", "en": "€20.00 back"}


@by("mouse-fr", "keys-en")
def test_what_goes_back_is_shown_while_it_is_typed(stage: Stage, how: How) -> None:
    hand = at_work(stage, stage.house.maud, how)
    page = hand.page
    hand.choose(page.locator(f".nav a[href='{SETTINGS}/']"))
    hand.choose(page.locator(f"main a[href='{SETTINGS}/cancellation/']"))
    for name, value in (("hours_1", "48"), ("percent_1", "100"), ("hours_2", "24"), ("percent_2", "50"), ("rest", "0")):
        hand.fill(page.locator(f"#{name}"), value)
    expect(page.locator("#example")).to_contain_text(HALF[how[1]])
    assert_accessible(page)
    hand.choose(page.locator("form .actions .primary"))
    expect(page.locator("#toasts .toast")).to_be_visible()
    let_go()
    db.session.refresh(stage.house.lutetia)
    expect(page.locator("#hours_1")).to_have_value("48")
    assert steps_of(stage.house.lutetia.cancellation_tiers) == [Step(48, 100), Step(24, 50), Step(0, 0)]


def test_every_page_on_a_phone_and_a_desk(stage: Stage, book: Book) -> None:
    house = stage.house
    book("15:00")
    maud = stage.enter(house.maud, at=f"{SETTINGS}/")
    pages = (
        "/", "/venue", "/hours/", "/hours/special", "/rules", "/cancellation/", "/timezone/?timezone=Asia/Tokyo",
        "/rooms/", f"/rooms/{house.duo_room.uuid}", "/rooms/types/new", "/treatments/", "/treatments/new",
        f"/treatments/{house.massage.uuid}", f"/treatments/{house.massage.uuid}/variants/{house.single.uuid}",
    )  # fmt: skip
    for width in (390, 1440):
        maud.set_viewport_size({"width": width, "height": 900})
        for path in pages:
            maud.goto(f"{SETTINGS}{path}")
            assert_accessible(maud)
            assert_no_sideways_scroll(maud)
