"""Told in time: a push that the real service worker shows and acknowledges, a letter whose link needs no password."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.database import db
from portal.vapid import new_private_key
from tests.browser.conftest import Stage, card, expect_status
from tests.browser.hands import How, at_work, by
from tests.notices.conftest import keep, said
from tests.notices.push_service import Browser, PushService, serve_push
from tests.support.browser import PHONE, assert_accessible
from tests.support.databases import Database
from tests.support.server import LiveServer, serve
from tests.support.sign_in import open_session
from tests.support.smtpd import MailServer, serve_mail

pytestmark = [
    pytest.mark.browser,
    # What is tapped is the browser's business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
WORDS = {
    "fr": {
        "test": "M’envoyer un essai", "works": "Cela fonctionne", "here": "M’informer sur cet appareil",
        "shown": "arrivé", "accept": "Accepter", "yours": "C’est pour vous.", "taken": "collègue",
        "email": "e-mail envoyé", "answered": "répondu",
    },
    "en": {
        "test": "Send me a test", "works": "It works", "here": "Tell me on this device", "shown": "arrived",
        "accept": "Accept", "yours": "It's yours.", "taken": "colleague", "email": "e-mail sent",
        "answered": "answered",
    },
}  # fmt: skip


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with serve_mail() as server:
        yield server


@pytest.fixture
def push() -> Iterator[PushService]:
    with serve_push() as service:
        yield service


@pytest.fixture
def live_server(app: Flask, database: Database, tmp_path: Path, mail: MailServer) -> Iterator[LiveServer]:
    """One that sends: with a mail server, and a key by which push services know it."""
    db.session.commit()
    with serve(database.url, tmp_path, jobs=True, vapid_private_key=new_private_key(), mail_url=mail.url) as server:
        yield server


@by("touch-fr", "touch-en")
def test_send_me_a_test_is_shown_by_the_phone_and_comes_by_letter(
    stage: Stage, push: PushService, mail: MailServer, how: How
) -> None:
    house, words = stage.house, WORDS[how[1]]
    subscription = Browser(f"{push.url}/therese")
    house.therese.locale = how[1]
    keep(subscription, open_session(house.therese)[1])
    options: dict[str, Any] = {"at": "/my/settings", "service_workers": "allow", "permissions": ["notifications"]}
    finger = at_work(stage, house.therese, how, **options)
    page = finger.page
    registration = _registration(page)
    expect(page.get_by_role("button", name=words["here"])).to_be_visible()
    assert_accessible(page)

    finger.choose(page.get_by_role("button", name=words["test"]))
    assert finger.clicks == 1
    _wait_for(page, lambda: bool(push.pushes and mail.letters))
    told = subscription.open(push.pushes[0])
    assert told["title"] == words["works"]
    assert words["works"] in str(mail.letters[0]["Subject"])
    _deliver(page, stage.server.url, registration, told)
    shown = "navigator.serviceWorker.ready.then(one => one.getNotifications()).then(all => all.map(one => one.title))"
    _wait_for(page, lambda: page.evaluate(shown) == [words["works"]])
    expect(page.locator(".ways li")).to_contain_text([words["shown"], re.compile(r"\w")])
    assert_accessible(page)


@by("touch-fr", "touch-en")
def test_the_link_in_a_letter_accepts_without_password(stage: Stage, mail: MailServer, how: How) -> None:
    house, words = stage.house, WORDS[how[1]]
    house.marc.locale = how[1]
    camille = at_work(stage, house.camille, ("mouse", how[1]))
    page = stage.open_browser(PHONE, base_url=stage.server.url)
    first = stage.book("10:00")
    _open_link(page, mail, "10:00", house.marc.email)
    expect(page.locator("html")).to_have_attribute("lang", how[1])
    assert not re.search(r"Léa|Martin|\+?33", page.locator("main").inner_text()), "private before he accepts"
    box = page.get_by_role("button", name=words["accept"]).bounding_box()
    assert box is not None
    assert box["height"] >= 56
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert_accessible(page)
    page.get_by_role("button", name=words["accept"]).tap()
    expect(page.locator(".offer-answer")).to_contain_text(words["yours"])
    page.reload()
    expect(page.locator(".offer-answer")).to_contain_text(words["yours"])
    assert not [one for one in page.context.cookies() if one["name"] == "thermes"], "the link opens no session"
    expect_status(camille.page, first, "confirmed")
    camille.choose(card(camille.page, first))
    camille.choose(camille.page.locator("#panel-asked details summary").first)
    his = camille.page.locator("#panel-asked .asked li", has_text="Marc")
    expect(his).to_contain_text(re.compile(f"{words['email']}.*{words['answered']}", re.DOTALL))

    second = stage.book("15:00")
    _open_link(page, mail, "15:00", house.marc.email)
    therese = at_work(stage, house.therese, how).page
    therese.locator("[data-offer]").get_by_role("button", name=words["accept"]).tap()
    expect_status(camille.page, second, "confirmed")
    page.get_by_role("button", name=words["accept"]).tap()
    expect(page.locator(".offer-answer")).to_contain_text(words["taken"])
    expect(page.get_by_role("button", name=words["accept"])).to_have_count(0)


def _open_link(page: Page, mail: MailServer, clock: str, to: str) -> None:
    """The link of the letter to him about the offer at that time."""
    hour = re.compile(clock.replace(":", r"(\sh\s|:)"))
    found: list[str] = []

    def look() -> bool:
        for letter in list(mail.letters):
            if letter["To"].addresses[0].addr_spec == to and hour.search(said(letter)):
                found[:] = re.findall(r"http\S+/offer/\S+", said(letter))
        return bool(found)

    _wait_for(page, look)
    page.goto(found[0])


def _registration(page: Page) -> str:
    """What Chromium calls the page's service worker."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    known: list[str] = []
    session = page.context.new_cdp_session(page)
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: known.extend(one["registrationId"] for one in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    _wait_for(page, lambda: bool(known))
    return known[-1]


def _deliver(page: Page, origin: str, registration: str, told: dict[str, Any]) -> None:
    """What the browser's push service does once it has decrypted a message."""
    session = page.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": registration, "data": json.dumps(told)},
    )


def _wait_for(page: Page, come_true: Callable[[], bool]) -> None:
    for _ in range(200):
        if come_true():
            return
        page.wait_for_timeout(50)
    raise AssertionError("It did not come true in time.")
