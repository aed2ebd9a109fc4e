"""The page that gives out the address, once."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from portal.feeds.queries import feed_of
from portal.feeds.service import hash_of
from portal.models import AuditEntry
from tests.bookings.visits import count
from tests.factories import House
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.sign_in import sign_in


def test_the_address_is_shown_once_and_stored_nowhere(client: PageClient, house: House) -> None:
    sign_in(client, house.therese)
    client.get("/my/calendar")
    answer = client.send(_form(client, "/my/calendar"))
    assert answer.status_code == 200
    [address] = re.findall(r'value="(http[^"]+/calendar/[\w-]{43}\.ics)"', answer.text)
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    feed = feed_of(house.therese)
    assert feed is not None
    assert (feed.token_hash, feed.with_surname) == (hash_of(token), False)
    assert token not in client.get("/my/calendar").text
    assert client.get(f"/calendar/{token}.ics").status_code == 200
    client.get("/my/calendar")
    assert "Last read" in Page.text_of(client.page.one(".//main"))
    assert count(AuditEntry, verb="feed:renewed") == 1


def test_surnames_on_demand_and_an_end(client: PageClient, house: House) -> None:
    sign_in(client, house.therese)
    client.get("/my/calendar")
    client.send(_form(client, "/my/calendar"), {"surname": "yes"})
    feed = feed_of(house.therese)
    assert feed is not None
    assert feed.with_surname
    client.get("/my/calendar")
    assert client.send(_form(client, "/my/calendar/end")).status_code == 303
    assert feed_of(house.therese) is None
    client.get("/my/calendar")
    answer = client.hx("/my/calendar/end", method="POST")
    assert answer.status_code == 200, "a second click is harmless"


def _form(client: PageClient, action: str) -> Element:
    return next(form for form in client.page.all(".//form") if form.get("action") == action)
