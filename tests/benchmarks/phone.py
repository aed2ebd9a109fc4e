"""(e) The therapist's phone: what the first sight of a full day costs on a slow network and a slow phone."""

from __future__ import annotations

import os
import shutil
import statistics
from collections.abc import Sequence
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from portal.audit import Actor
from portal.bookings.creation import request_booking
from portal.bookings.request import Request
from portal.bookings.service import accept_booking
from portal.database import db
from tests.benchmarks.report import Line, at_most
from tests.factories import House, make_customer, make_house
from tests.support.browser import FLAGS, PERSON, PHONE
from tests.support.load import Load, first_load
from tests.support.server import serve
from tests.support.sign_in import COOKIE, new_cookie

LOADS = 7
VISITS, OFFERS = range(9, 16), range(16, 19)
MOST_BYTES, LONGEST = 120_000, 1500


def measure(app: Flask, url: str, folder: Path) -> list[Load]:
    """A browser that knows nothing yet, again and again."""
    with app.app_context(), serve(url, folder) as server, sync_playwright() as playwright:
        house = make_house()
        _fill(house)
        cookie = {"name": COOKIE, "value": new_cookie(house.therese), "url": server.url}
        path = os.environ.get("PORTAL_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        loads = [_load(browser, f"{server.url}/my/day", cookie) for _ in range(LOADS)]
        browser.close()
        db.session.remove()
        db.engine.dispose()
    return loads


def describe(loads: Sequence[Load]) -> list[Line]:
    """The figures as lines of the table."""
    most, paint = max(load.total for load in loads), statistics.median(load.painted for load in loads) * 1000
    bytes_name = "(e) my day, first load, everything that is transferred"
    paint_name = f"(e) my day, first paint, median of {LOADS}, slow 4G and a phone four times as slow"
    return [
        at_most(bytes_name, f"{most / 1000:.1f} kB", most / 1000, MOST_BYTES / 1000, "kB"),
        at_most(paint_name, f"{paint:.0f} ms", paint, LONGEST, "ms"),
    ]


def _load(browser: Browser, address: str, cookie: dict[str, str]) -> Load:
    context = browser.new_context(**PERSON, **PHONE)
    context.add_cookies([cookie])  # type: ignore[list-item]  # Playwright's own dictionary
    load = first_load(context.new_page(), address, throttled=True)
    context.close()
    return load


def _fill(house: House) -> None:
    """A day of hers from nine to four, and three offers."""
    for hour in (*VISITS, *OFFERS):
        guest = make_customer(house.organisation, preferences={"pressure": "firm", "avoid": "Genou droit"})
        wish = Request(
            variant=house.single, starts_at=house.at(f"{hour:02}:00"), customer=guest, price_minor=9500,
            channel="partner", notes="Doux, s’il vous plaît",
        )  # fmt: skip
        booking = request_booking(house.lutetia, wish, by=Actor.of_key(house.key_row, door="partner"))
        if hour in VISITS:
            offer = next(one for one in booking.item.offers if one.member_id == house.therese.id)
            accept_booking(house.lutetia, offer=offer, by=Actor.of_member(house.therese, door="phone"))
    db.session.commit()
