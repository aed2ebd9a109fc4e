"""Another time, on two screens: she suggests it with one tap, the desk sees its ghost and takes it, and undoes it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.audit import Actor
from portal.blocks.service import block_time
from portal.database import db
from tests.bookings.conftest import Book, book
from tests.factories import House
from tests.support.browser import PHONE, OpenBrowser, assert_accessible, assert_no_sideways_scroll
from tests.support.server import LiveServer
from tests.support.sign_in import COOKIE, new_cookie

__all__ = ["book"]

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True, scope="session")  # nothing of it differs
def test_one_tap_on_the_phone_one_click_at_the_desk(
    house: House, book: Book, live_server: LiveServer, open_browser: OpenBrowser
) -> None:
    resource = house.therese.resource
    assert resource is not None
    block_time(
        house.lutetia, resources=[resource], starts_at=house.at("09:00"), ends_at=house.at("15:00"), kind="break",
        by=Actor.of_member(house.maud, door="agenda"),
    )  # fmt: skip
    house.therese.locale, house.camille.locale = "fr", "en"
    db.session.commit()
    phone, desk = open_browser(PHONE, base_url=live_server.url), open_browser(base_url=live_server.url)
    for page, member, where in (
        (phone, house.therese, "/my/day"),
        (desk, house.camille, f"/v/lutetia/agenda/{house.day}"),
    ):
        page.context.add_cookies([{"name": COOKIE, "value": new_cookie(member), "url": live_server.url}])
        page.goto(where)
        expect(page.locator("body")).to_have_attribute("data-live", "on")

    book("15:00")
    card = phone.locator("[data-offer]")
    choices = card.locator("button[name=starts_at]")
    expect(choices).to_have_text(["15:30", "16:00", "16:30"], timeout=5000)
    box = choices.nth(1).bounding_box()
    assert box is not None
    assert box["height"] >= 56
    assert_no_sideways_scroll(phone)
    assert_accessible(phone)
    choices.nth(1).tap()
    expect(card).to_contain_text("Vous avez suggéré 16:00.")

    ghost, told = desk.locator("a.is-ghost"), desk.locator("[data-proposal]")
    expect(ghost).to_contain_text("Hélène Dupont", timeout=5000)
    expect(told).to_contain_text("suggests tomorrow 16:00 instead of 15:00")
    assert_accessible(desk)
    ghost.click()
    expect(desk.locator("#panel .suggested")).to_contain_text("Thérèse Test")
    desk.locator("#panel .suggested").get_by_role("button", name="Move it there").click()
    expect(desk.get_by_text("The booking has moved. Thérèse Test has it.")).to_be_visible()
    expect(ghost).to_have_count(0)
    expect(told).to_have_count(0)
    expect(desk.locator(f"[data-column='{house.therese.uuid}'] .card")).to_contain_text("Hélène Dupont")

    expect(phone.locator("[data-offer]")).to_contain_text("C’est pour vous. Demain 16:00", timeout=5000)
    desk.locator("#toasts .undo:visible").click()
    expect(ghost).to_have_count(1, timeout=5000)
    expect(card).to_contain_text("Vous avez suggéré 16:00.", timeout=5000)
