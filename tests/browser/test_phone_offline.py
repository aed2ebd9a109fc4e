"""Without network, with the real service worker: the day can be read, answers wait, nobody reads another one's day."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from portal.clock import frozen
from tests.bookings.conftest import Book, accept, book, offer_to
from tests.browser.conftest import Stage
from tests.browser.hands import How, at_work, by, let_go
from tests.factories import PASSWORD, make_customer
from tests.support.browser import assert_accessible

__all__ = ["book"]

pytestmark = [
    pytest.mark.browser,
    # What a browser keeps is its own business: one database is enough.
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
WORDS = {
    "fr": {
        "accept": "Accepter", "decline": "Refuser", "read": r"Lu à \d\d:\d\d, hors ligne",
        "saved": "Pas encore à vous", "kept": "Personne ne le sait encore", "yours": "C’est pour vous.",
        "late": "Un·e collègue vient de l’accepter.",
        "declined": "Vous avez refusé.", "none": "Pas de réseau", "out": "Se déconnecter",
    },
    "en": {
        "accept": "Accept", "decline": "Decline", "read": r"Read \d\d:\d\d, offline", "saved": "Not yours yet",
        "kept": "Nobody knows it yet", "yours": "It's yours.", "late": "Just taken by a colleague.",
        "declined": "You declined.", "none": "No network", "out": "Sign out",
    },
}  # fmt: skip
IS_KEPT = """async () => navigator.serviceWorker.controller && Boolean(
    await caches.has("day") && await (await caches.open("day")).match("/my/day")
)"""
KEPT = """async () => {
    const found = [];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) found.push(await (await cache.match(request)).text());
    }
    return found.join() + JSON.stringify(localStorage) + JSON.stringify(sessionStorage);
}"""


@pytest.fixture(autouse=True)
def lost_network(complaints: list[str]) -> Iterator[None]:
    """What browser and htmx say about a network that is away is no complaint of ours."""
    yield
    complaints[:] = [told for told in complaints if "net::ERR" not in told and "Failed to fetch" not in told]


@by("touch-fr", "touch-en")
def test_the_day_is_readable_and_answers_wait_for_the_server(stage: Stage, book: Book, how: How) -> None:
    house, words = stage.house, WORDS[how[1]]
    _visit_of_lea(stage, book)
    late, mine, no = book("14:00"), book("16:00"), book("18:00")
    finger = at_work(stage, house.therese, how, service_workers="allow")
    page, network = finger.page, finger.page.context
    _wait_until_kept(page)

    network.set_offline(True)
    expect(page.locator(".offline-note")).to_contain_text(re.compile(words["read"]))
    page.reload()
    expect(page.locator(".offline-note")).to_contain_text(re.compile(words["read"]))
    expect(page.locator("#my-day .day-item")).to_contain_text("Léa")
    assert_accessible(page)
    cards = [
        page.locator(f"[id^=offer-]:has(time[datetime='{one.starts_at.isoformat()}'])") for one in (late, mine, no)
    ]
    for waiting in cards[:2]:
        finger.choose(waiting.get_by_role("button", name=words["accept"]))
        expect(waiting.locator(".offer-waits")).to_contain_text(words["saved"])
    finger.choose(cards[2].get_by_role("button", name=words["decline"], exact=True))
    expect(cards[2].locator(".offer-waits")).to_contain_text(words["kept"])
    page.reload()
    expect(cards[1].locator(".offer-waits")).to_contain_text(words["saved"])
    assert_accessible(page)
    accept(house, late, house.marc)
    missed = offer_to(book("12:00"), house.therese).uuid
    let_go()

    network.set_offline(False)
    expect(cards[0].locator(".offer-answer")).to_contain_text(words["late"])
    expect(cards[1].locator(".offer-answer")).to_contain_text(words["yours"])
    expect(cards[2].locator(".offer-answer")).to_contain_text(words["declined"])
    expect(page.locator(f"#offer-{missed}")).to_be_visible()
    expect(page.locator(".offline-note")).to_be_hidden()
    expect(page.locator("body")).to_have_attribute("data-live", "on")
    page.reload()
    expect(page.locator("#my-day .day-item", has_text="16:00")).to_be_visible()


@by("touch-fr", "touch-en")
def test_nothing_stays_on_the_phone_for_whoever_comes_next(stage: Stage, book: Book, how: How) -> None:
    house, words = stage.house, WORDS[how[1]]
    _visit_of_lea(stage, book)
    finger = at_work(stage, house.therese, how, service_workers="allow")
    page, network = finger.page, finger.page.context
    _wait_until_kept(page)
    assert "Léa" in page.evaluate(KEPT)

    page.goto("/my/settings")
    finger.choose(page.get_by_role("button", name=words["out"]).last)
    expect(page).to_have_url(re.compile("/login"))
    assert "Léa" not in page.evaluate(KEPT)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    network.set_offline(True)
    page.goto("/my/day")  # nothing is left but the page that says so
    expect(page.get_by_role("heading", name=words["none"])).to_be_visible()
    assert "Léa" not in page.evaluate(KEPT)
    network.set_offline(False)

    page.goto("/login")
    page.fill("[name=email]", house.marc.email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page).to_have_url(re.compile("/my/day"))
    _wait_until_kept(page)
    network.set_offline(True)
    page.reload()
    expect(page.locator(".offline-note")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Léa")
    assert "Léa" not in page.evaluate(KEPT)


@by("touch-fr")
def test_an_ended_session_leaves_no_day_behind(stage: Stage, book: Book, how: How) -> None:
    """Her session was ended from elsewhere: the first answer of the server says so, and the phone forgets."""
    _visit_of_lea(stage, book)
    page = at_work(stage, stage.house.therese, how, service_workers="allow").page
    _wait_until_kept(page)
    page.context.clear_cookies(name="thermes")
    page.goto("/my/day")
    expect(page).to_have_url(re.compile("/login"))
    page.context.set_offline(True)
    page.goto("/my/day")
    expect(page.locator("h1")).to_have_text(WORDS["fr"]["none"])
    assert "Léa" not in page.evaluate(KEPT)


def _visit_of_lea(stage: Stage, book: Book) -> None:
    house = stage.house
    with frozen(house.at("00:30")):
        lea = make_customer(house.organisation, first_name="Léa", last_name="Martin")
        accept(house, book("11:00", customer=lea), house.therese)


def _wait_until_kept(page: Page) -> None:
    for _ in range(100):
        if page.evaluate(IS_KEPT):
            return
        page.wait_for_timeout(50)
    raise AssertionError("The phone does not keep the day.")
