"""Every page as everybody may see it: nothing for axe to find, nothing wider than the window, no word of the console.

In both languages, both colour schemes, on a phone and on a desk. Colours cannot depend on the language, nor structure
on the colours: the whole of axe runs once per language and width, the rule on contrast once more in the dark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask_babel import force_locale
from playwright.sync_api import Page, Route, expect

from portal.database import db
from tests.absences.conftest import ask_off
from tests.absences.swapping import ask, colleague, shift_of
from tests.bookings.conftest import Book, accept, book
from tests.browser.conftest import Stage
from tests.factories import make_member
from tests.support.browser import assert_accessible, assert_no_sideways_scroll

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # How a page looks does not depend on the database: one is enough for what takes longest here.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
LANGUAGES = ("fr", "en")
WIDTHS = {390: 844, 1440: 900}
PHONES = {390: 844}
NARROWEST = 360
Look = Callable[[Page, str], Path]
Step = Callable[[Page], None]


def test_pages_of_the_desk(stage: Stage, book: Book, look: Look) -> None:
    house = stage.house
    booking = book("10:00", notes="Doux, s’il vous plaît", test=True)
    accept(house, book("12:00"), house.therese)
    day = f"/v/lutetia/agenda/{house.day}"
    empty_day = f"/v/lutetia/agenda/{house.day.replace(year=house.day.year + 1)}"
    camille = stage.enter(house.camille)
    sweep(camille, look, {
        "agenda": (day, _open_menus),
        "rooms": (f"{day}?by=room", _as_it_is),
        "panel": (f"{day}?booking={booking.uuid}", _send_nothing),
        "booking": (f"/v/lutetia/bookings/{booking.uuid}", _as_it_is),
        "search": ("/v/lutetia/search?q=dupont", _as_it_is),
        "search for nothing": ("/v/lutetia/search?q=nemo", _as_it_is),
        "new guest": ("/v/lutetia/guests/new", _create_nobody),
        "print": (f"{day}/print", _as_it_is),
        "rota": (f"/v/lutetia/rota/{house.day}", _as_it_is),
        "rota on paper": (f"/v/lutetia/rota/{house.day}/print", _as_it_is),
        "empty agenda": (empty_day, _as_it_is),
        "empty print": (f"{empty_day}/print", _as_it_is),
        "nothing here": ("/v/lutetia/agenda/nonsense", _as_it_is),
        "not allowed": ("/my/day", _as_it_is),
    })  # fmt: skip


def test_pages_of_the_phone_and_the_door(stage: Stage, book: Book, look: Look, portal: Flask) -> None:
    house = stage.house
    marc = stage.phone(house.marc)
    sweep(marc, look, {"nothing to do": ("/my/day", _as_it_is)})
    for clock in ("10:00", "12:00"):
        accept(house, book(clock, notes="Doux, s’il vous plaît"), house.therese)
    book("15:00", gender_preference="female", test=True)
    book("16:00", variant=house.duo, guest_count=2, guest_language="en")
    therese = stage.phone(house.therese)
    sweep(therese, look, {"my day": ("/my/day", _unfold)})
    visitor = stage.open_browser(base_url=stage.server.url)
    visitor.route("**/broken?*", lambda route: route.fulfill(body=_broken(portal, route), content_type="text/html"))
    sweep(visitor, look, {
        "sign in": ("/login", _as_it_is),
        "wrong": ("/login", _sign_in_wrongly),
        "expired": ("/login", _wait_too_long),
        "broken": ("/broken", _as_it_is),
    })  # fmt: skip
    newcomer = stage.enter(make_member(house.organisation, role="manager"), live=False)
    sweep(newcomer, look, {"no venue": ("/", _as_it_is)})


def test_a_therapist_s_other_pages(stage: Stage, book: Book, look: Look) -> None:
    house = stage.house
    accept(house, book("10:00"), house.therese)
    off = ask_off(house, house.therese)
    colleague(house)
    ask(house, shift_of(house, house.therese))
    later = shift_of(house, house.therese, 1).uuid
    db.session.commit()
    sweep(stage.phone(house.therese), look, {
        "week": ("/my/week", _unfold),
        "time off": (f"/my/time-off?day={house.day}", _as_it_is),
        "request": (f"/my/time-off/{off.uuid}", _as_it_is),
        "swap": (f"/my/shifts/{later}/swap", _as_it_is),
        "me": ("/my/settings", _unfold),
        "calendar": ("/my/calendar", _make_an_address),
    }, widths=PHONES)  # fmt: skip


def test_pages_of_guests_accounts_and_members(stage: Stage, book: Book, look: Look) -> None:
    house = stage.house
    guest = book("10:00").customer
    assert guest is not None
    sweep(stage.enter(house.maud), look, {
        "guests": ("/v/lutetia/guests", _as_it_is),
        "guest": (f"/v/lutetia/guests/{guest.uuid}", _as_it_is),
        "my account": ("/my/account", _as_it_is),
        "member": (f"/o/{house.organisation.slug}/team/{house.marc.uuid}", _as_it_is),
        "blocks of the venue": ("/v/lutetia/settings/blocks/new", _as_it_is),
    })  # fmt: skip


def sweep(page: Page, look: Look, pages: dict[str, tuple[str, Step]], *, widths: Mapping[int, int] = WIDTHS) -> None:
    """AssertionError with the page's name and all that is wrong with it."""
    for name, (path, step) in pages.items():
        for language in LANGUAGES:
            page.set_viewport_size({"width": 1440, "height": 900})
            page.emulate_media(color_scheme="light")
            page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
            expect(page.locator("html")).to_have_attribute("lang", language)
            step(page)
            for width, height in widths.items():
                page.set_viewport_size({"width": width, "height": height})
                assert_accessible(page)
            if language == "fr":
                _in_the_dark(page, look, name, widths)
            page.set_viewport_size({"width": NARROWEST, "height": 800})
            assert_no_sideways_scroll(page)


def _in_the_dark(page: Page, look: Look, name: str, widths: Mapping[int, int]) -> None:
    for width, height in widths.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark")
        assert_accessible(page, "color-contrast")
        look(page, f"{name}-{width}-dark")
        page.emulate_media(color_scheme="light")
        look(page, f"{name}-{width}-light")


def _as_it_is(_page: Page) -> None:
    return


def _open_menus(page: Page) -> None:
    for summary in page.locator(".topbar details.menu summary, details.menu:has(.avatar) summary").all():
        summary.evaluate("summary => summary.parentElement.open = true")


def _send_nothing(page: Page) -> None:
    """The form without a reason: the panel says what is missing."""
    page.locator("#panel summary.danger").click()
    page.locator(".cancel form button.danger").click()
    expect(page.locator("#panel .summary")).to_be_visible()


def _create_nobody(page: Page) -> None:
    """The form without a name: it says what is missing."""
    page.locator("#guest-form p.actions button").click()
    expect(page.locator("#guest-form .summary")).to_be_visible()


def _unfold(page: Page) -> None:
    for summary in page.locator("main summary").all():
        summary.evaluate("summary => summary.parentElement.open = true")


def _make_an_address(page: Page) -> None:
    page.locator("#feed form button.primary, #feed form[hx-post$='/calendar'] button").first.click()
    expect(page.locator("[data-address]")).to_be_visible()


def _sign_in_wrongly(page: Page) -> None:
    page.fill("[name=email]", "nobody@example.org")
    page.fill("[name=password]", "wrong")
    page.press("[name=password]", "Enter")
    expect(page.get_by_role("alert")).to_be_visible()


def _wait_too_long(page: Page) -> None:
    """The form's token has gone with its cookie."""
    page.context.clear_cookies(name="thermes-form")
    page.locator("main form").evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    expect(page.get_by_text("400")).to_be_visible()


def _broken(portal: Flask, route: Route) -> str:
    """The page of a bug, which no test can make happen on a server that works."""
    language = parse_qs(urlsplit(route.request.url).query)["lang"][0]
    with portal.test_request_context(), force_locale(language):
        return portal.jinja_env.get_template("errors/500.html").render(current_locale=language, reference="1a2b3c4d")
