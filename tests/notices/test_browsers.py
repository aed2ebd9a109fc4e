"""Which browsers are told: switched on and off through the page, handed on with the telephone, never another's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.clock import frozen, now
from portal.database import db
from portal.models import AuditEntry, LoginSession, PushSubscription, StaffMember
from portal.notices.browsers import MOST_BROWSERS
from portal.notices.page import name_of_browser
from portal.worker import forget
from tests.factories import House
from tests.matrix.bad_values import BAD
from tests.notices.conftest import keep
from tests.notices.push_service import Browser, PushService
from tests.support.client import PageClient
from tests.support.language import in_english
from tests.support.sign_in import open_session, sign_in

KEEP = ".//form[@action='/my/push']"


@pytest.fixture
def browser(push: PushService) -> Browser:
    return Browser(f"{push.url}/a")


@pytest.fixture
def therese(client: PageClient, house: House, push: PushService) -> PageClient:
    """Her phone, on the page “Me”."""
    sign_in(client, house.therese)
    client.get("/my/settings")
    return client


def rows() -> list[PushSubscription]:
    db.session.rollback()
    query = select(PushSubscription).order_by(PushSubscription.id).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def login_of(member: StaffMember) -> LoginSession:
    return open_session(member)[1]


def test_switching_on_and_off_without_htmx(house: House, therese: PageClient, browser: Browser) -> None:
    answer = therese.submit(KEEP, browser.form)
    assert (answer.status_code, answer.location) == (303, "/my/settings")
    (row,) = rows()
    assert (row.member_id, row.endpoint, row.ended_at) == (house.therese.id, browser.endpoint, None)
    therese.get("/my/settings")
    assert "This device" in therese.page.text
    therese.submit(f".//form[@action='/my/push/{row.uuid}/end']")
    assert rows()[0].ended_at is not None
    therese.get("/my/settings")
    assert "This device" not in therese.page.text


def test_with_htmx_the_list_comes_back(therese: PageClient, browser: Browser) -> None:
    answer = therese.hx("/my/push", method="POST", data=browser.form)
    assert answer.status_code == 200
    assert therese.page.one(".//li[@data-here]") is not None
    assert therese.page.root.find(".//form[@id='choices']") is None, "a fragment, not the page"


def test_the_same_browser_twice_is_one(house: House, therese: PageClient, browser: Browser) -> None:
    for _ in range(2):
        assert therese.submit(KEEP, browser.form).status_code == 303
        therese.get("/my/settings")
    assert len(rows()) == 1
    kept = select(AuditEntry).where(AuditEntry.verb == "member:browser_kept")
    assert len(db.session.scalars(kept).all()) == 1


def test_it_belongs_to_whoever_signed_in_last(house: House, push: PushService, browser: Browser) -> None:
    keep(browser, login_of(house.therese))
    keep(browser, login_of(house.marc))
    (row,) = rows()
    assert (row.member_id, row.session_id) == (house.marc.id, row.session_id)
    keep(browser, login_of(house.eve))
    assert rows()[0].organisation_id == house.neighbour.id


def test_coming_back_hers_goes_on_in_the_new_session(house: House, therese: PageClient, browser: Browser) -> None:
    old = login_of(house.therese)
    keep(browser, old)
    answer = therese.hx("/my/push/known", method="POST", data={"endpoint": browser.endpoint})
    assert answer.status_code == 204
    assert rows()[0].session_id != old.id
    assert rows()[0].is_open(now())


def test_somebody_elses_is_ended_by_who_has_the_phone_now(house: House, therese: PageClient, browser: Browser) -> None:
    keep(browser, login_of(house.marc))
    assert therese.hx("/my/push/known", method="POST", data={"endpoint": browser.endpoint}).status_code == 404
    assert rows()[0].ended_at is not None
    assert therese.hx("/my/push/known", method="POST", data={"endpoint": browser.endpoint}).status_code == 404


def test_a_colleagues_browser_cannot_be_switched_off(
    house: House, therese: PageClient, new_client: Callable[[], PageClient], push: PushService
) -> None:
    marcs = keep(Browser(f"{push.url}/m"), login_of(house.marc))
    eves = keep(Browser(f"{push.url}/e"), login_of(house.eve))
    for other in (marcs, eves):
        assert therese.hx(f"/my/push/{other.uuid}/end", method="POST").status_code == 404
    assert [row.ended_at for row in rows()] == [None, None]


def test_of_too_many_the_oldest_are_dropped(house: House, push: PushService) -> None:
    for number in range(MOST_BROWSERS + 2):
        keep(Browser(f"{push.url}/{number}"), login_of(house.therese))
    assert [row.ended_at is None for row in rows()] == [False] * 2 + [True] * MOST_BROWSERS


@pytest.mark.parametrize("field", ["endpoint", "p256dh", "auth"])
def test_what_is_no_browser_is_refused(therese: PageClient, browser: Browser, field: str) -> None:
    for name, bad in BAD.items():
        value = bad.encode("utf-8", "surrogatepass")
        answer = therese.hx("/my/push", method="POST", data={**browser.form, field: value})
        assert answer.status_code == 422, name
        assert "This browser cannot be reached." in answer.headers["HX-Trigger"], name
        assert therese.hx("/my/push/known", method="POST", data={"endpoint": value}).status_code == 404, name
    assert rows() == []


def test_a_longer_address_than_is_kept(therese: PageClient, browser: Browser) -> None:
    answer = therese.hx("/my/push", method="POST", data={**browser.form, "endpoint": browser.endpoint + "x" * 1000})
    assert answer.status_code == 422


def test_what_is_long_gone_is_forgotten_and_stands_in_nobodys_way(
    house: House, push: PushService, browser: Browser
) -> None:
    keep(browser, login_of(house.therese))
    with frozen(now() + timedelta(days=61)):
        forget()
    assert rows() == []


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit Version/18.1 Mobile Safari/604.1",
         "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel) AppleWebKit Chrome/142.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko Firefox/144.0", "Firefox, Linux"),
        ("", "Unknown browser"),
        (None, "Unknown browser"),
    ],
)  # fmt: skip
def test_what_people_call_it(house: House, agent: str | None, name: str) -> None:
    assert in_english(lambda: name_of_browser(agent)) == name
