"""The house at work today, and what people do in their browsers."""

from __future__ import annotations

import json
import os
import signal
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import delete

from portal.clock import now, today
from portal.database import db
from portal.models import Shift, StaffMember
from tests.api.wishes import make_wish
from tests.factories import PASSWORD, House, make_shift
from tests.support.browser import PHONE, OpenBrowser, Options
from tests.support.server import LiveServer
from tests.support.sign_in import COOKIE, new_cookie

MORNING = 8


@pytest.fixture
def morning(house: House) -> House:
    """The house on its working day, which is today: the spa lies where it is now eight in the morning."""
    offset = (MORNING - now().hour + 12) % 24 - 12
    house.lutetia.timezone = f"Etc/GMT{-offset:+d}"
    house.day = today(house.lutetia.timezone)
    db.session.execute(delete(Shift))  # they were planned for where it lay before
    for offset in range(7):
        for member in (house.therese, house.marc):
            make_shift(house.lutetia, member, house.day + timedelta(days=offset))
    for member in (house.therese, house.marc, house.camille, house.maud, house.ada):
        member.locale = None
    db.session.commit()
    return house


class Stage:
    """The running portal with everybody's browsers."""

    def __init__(self, house: House, server: LiveServer, open_browser: OpenBrowser) -> None:
        self.house, self.server, self.open_browser = house, server, open_browser

    def enter(self, member: StaffMember, *kinds: Options, at: str = "/", live: bool = True, **options: Any) -> Page:
        """A browser in which the member is signed in, and whose page is connected unless it is not `live`."""
        page = self.open_browser(*kinds, base_url=self.server.url, **options)
        page.context.add_cookies([{"name": COOKIE, "value": new_cookie(member), "url": self.server.url}])
        page.goto(at)
        return self._connected(page, live=live and options.get("java_script_enabled", True))

    def sign_in(self, member: StaffMember, *kinds: Options, **options: Any) -> Page:
        """The same through the door, as people do."""
        page = self.open_browser(*kinds, base_url=self.server.url, **options)
        page.goto("/login")
        page.fill("[name=email]", member.email)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return self._connected(page, live=options.get("java_script_enabled", True))

    def phone(self, member: StaffMember, **options: Any) -> Page:
        return self.enter(member, PHONE, **options)

    def book(self, at: str = "10:00", **members: Any) -> dict[str, Any]:
        """A partner books over HTTP; AssertionError unless the answer is 201."""
        status, answer = self.call("/v1/venues/lutetia/bookings", make_wish(self.house, at, **members))
        assert status == 201, answer
        return dict(answer["data"])

    def cut_connections(self) -> None:
        """The server's processes die, and with them every open stream; gunicorn starts new ones."""
        master = self.server.processes[0].pid
        for path in Path(f"/proc/{master}/task").glob("*/children"):
            for child in path.read_text().split():
                os.kill(int(child), signal.SIGKILL)

    def call(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """What the partner API answers to the house's key."""
        headers = {"Authorization": f"Bearer {self.house.key}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.server.url}{path}", data, headers)  # noqa: S310  (our own server)
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, json.load(answer)

    def _connected(self, page: Page, *, live: bool) -> Page:
        if live:
            expect(page.locator("body")).to_have_attribute("data-live", "on")
        return page


@pytest.fixture
def stage(morning: House, live_server: LiveServer, open_browser: OpenBrowser) -> Stage:
    """`stage.enter(house.camille)` opens a browser; `stage.book("10:00")` books as the partner does."""
    return Stage(morning, live_server, open_browser)


def card(page: Page, booking: dict[str, Any]) -> Locator:
    """The card of a booking on the agenda."""
    return page.locator(f".card[data-booking='{booking['id']}']")


def expect_status(page: Page, booking: dict[str, Any], status: str, **options: Any) -> None:
    """The booking's one card says this by and by.

    Columns are read again one by one: a card that leaves one for another may stand in both for a moment, or in none.
    """
    expect(card(page, booking).and_(page.locator(f"[data-status={status}]"))).to_have_count(1, **options)
    expect(card(page, booking)).to_have_count(1, **options)
