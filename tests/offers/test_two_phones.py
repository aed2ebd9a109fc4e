"""Thérèse and Marc with a real phone each: who taps first has it, the other one sees it go."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from portal.database import db
from portal.models import Booking, StaffMember
from tests.bookings.conftest import Book, offer_to
from tests.factories import House
from tests.support.browser import PHONE, OpenBrowser, assert_accessible, assert_no_sideways_scroll
from tests.support.server import LiveServer
from tests.support.sign_in import COOKIE, new_cookie

pytestmark = pytest.mark.browser
SMALL = {"viewport": {"width": 360, "height": 740}}


def test_an_offer_goes_from_the_other_phone_by_itself(
    house: House, book: Book, live_server: LiveServer, open_browser: OpenBrowser
) -> None:
    booking = book("15:00")
    therese, marc = (_phone(open_browser, live_server, member) for member in (house.therese, house.marc))
    his = marc.locator(f"[data-offer='{_offer(booking, house.marc)}']")
    expect(his).to_be_visible()

    therese.locator("[data-offer]").get_by_role("button", name="Accept").click()

    expect(therese.locator("[data-offer]")).to_contain_text("It's yours. Tomorrow 15:00, Cabine 1.")
    expect(his).to_have_count(0, timeout=2000)
    expect(marc.get_by_text("Just taken by a colleague.")).to_be_visible()
    expect(therese.locator("#my-day ~ section .day-item")).to_contain_text("15:00")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True, scope="session")  # nothing of it differs
def test_a_new_offer_arrives_by_itself_and_leaves_what_is_open_alone(
    house: House, book: Book, live_server: LiveServer, open_browser: OpenBrowser
) -> None:
    book("15:00")
    therese = _phone(open_browser, live_server, house.therese)
    reasons = therese.locator("details.offer-why")
    reasons.locator("summary").click()
    reasons.locator("summary").focus()

    book("12:00")

    expect(therese.locator("[data-offer]")).to_have_count(2, timeout=2000)
    expect(therese.locator("details.offer-why[open]")).to_have_count(1)
    expect(therese.locator("details.offer-why[open] summary")).to_be_focused()


def test_a_second_tap_does_not_hit_the_next_offer(
    house: House, book: Book, live_server: LiveServer, open_browser: OpenBrowser
) -> None:
    first, second = book("12:00"), book("15:00")
    therese = _phone(open_browser, live_server, house.therese)
    card = therese.locator(f"#offer-{_offer(first, house.therese)}")
    button = card.get_by_role("button", name="Accept")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    before = card.bounding_box()
    assert box is not None
    assert before is not None

    place = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    therese.touchscreen.tap(*place)
    expect(card).to_contain_text("It's yours.")
    therese.wait_for_timeout(700)  # the rest of the page has been read again by now
    therese.touchscreen.tap(*place)
    therese.wait_for_timeout(300)

    assert card.bounding_box() == before
    expect(therese.locator(f"#offer-{_offer(second, house.therese)} button")).not_to_have_count(0)


def test_the_late_tap_is_answered_where_it_was(
    house: House, book: Book, live_server: LiveServer, open_browser: OpenBrowser
) -> None:
    book("15:00")
    therese, marc = (_phone(open_browser, live_server, member) for member in (house.therese, house.marc))
    marc.evaluate("dispatchEvent(new Event('pagehide'))")  # his stream is cut
    therese.locator("[data-offer]").get_by_role("button", name="Accept").click()
    expect(therese.locator("[data-offer]")).to_contain_text("It's yours.")
    late = marc.locator("article.offer")

    late.get_by_role("button", name="Accept").click()

    expect(late).to_contain_text("Just taken by a colleague. Nothing to do.")
    expect(late.locator(".offer-answer")).to_be_focused()
    expect(marc.locator("#toasts")).to_contain_text("Just taken by a colleague.")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True, scope="session")  # nothing of it differs
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everyone_can_read_it(
    house: House, book: Book, live_server: LiveServer, open_browser: OpenBrowser, theme: str
) -> None:
    for clock in ("10:00", "12:00"):
        book(clock, gender_preference="female", guest_language="fr")
    therese = _phone(open_browser, live_server, house.therese, color_scheme=theme, **SMALL)
    therese.locator("[data-offer]").first.get_by_role("button", name="Accept").click()
    expect(therese.locator(".offer.is-mine")).to_be_visible()
    for unfolds in therese.locator("#day details summary").all():
        if unfolds.is_visible():
            unfolds.click()

    assert_accessible(therese)
    assert_no_sideways_scroll(therese)


def _offer(booking: Booking, member: StaffMember) -> UUID:
    offer = offer_to(booking, member).uuid
    db.session.commit()  # on SQLite, reading on would hold up the server's writing
    return offer


def _phone(open_browser: OpenBrowser, server: LiveServer, member: StaffMember, **options: object) -> Page:
    page = open_browser(PHONE, base_url=server.url, **options)
    page.context.add_cookies([{"name": COOKIE, "value": new_cookie(member), "url": server.url}])
    page.goto("/my/day")
    expect(page.locator("body[data-live=on]")).to_be_attached()
    return page
