"""Signing out: at once, for good, and leaving nothing behind but language and theme."""

from __future__ import annotations

from portal.clock import now
from tests.factories import House
from tests.session.doorstep import audit_lines, knock
from tests.support.client import PageClient
from tests.support.sign_in import COOKIE, sign_in

BUTTON = ".//form[@action='/logout']"


def test_the_next_request_is_a_strangers(client: PageClient, house: House) -> None:
    agenda = knock(client, house.camille.email).location or ""
    client.get(agenda)
    answer = client.submit(BUTTON)
    assert (answer.status_code, answer.location) == (303, "/login")
    assert client.get(agenda).location == f"/login?next={agenda}"


def test_the_old_cookie_is_worth_nothing(client: PageClient, house: House) -> None:
    agenda = knock(client, house.camille.email).location or ""
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    client.get(agenda)
    client.submit(BUTTON)
    assert client.get_cookie(COOKIE) is None
    client.set_cookie(COOKIE, cookie.value)
    assert client.get(agenda).status_code == 303


def test_the_browser_forgets_our_pages_and_keeps_the_language(client: PageClient, house: House) -> None:
    client.get("/login?lang=en")
    agenda = knock(client, house.camille.email).location or ""
    client.get(agenda)
    answer = client.submit(BUTTON)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    kept = client.get_cookie("thermes-lang")
    assert kept is not None
    assert kept.value == "en"


def test_the_other_sessions_of_the_member_stay(client: PageClient, house: House) -> None:
    other = sign_in(client, house.camille)
    knock_agenda = client.get("/").location or ""
    client.get(knock_agenda)
    sign_in(client, house.camille)
    client.submit(BUTTON)
    assert other.is_open(now())


def test_twice_is_harmless(client: PageClient, house: House) -> None:
    client.get(knock(client, house.camille.email).location or "")
    client.submit(BUTTON)
    assert client.submit(BUTTON).location == "/login"
    assert [line.verb for line in audit_lines()] == ["member:signed_in", "member:signed_out"]


def test_a_link_cannot_sign_anybody_out(client: PageClient, house: House) -> None:
    login = sign_in(client, house.camille)
    assert client.get("/logout").status_code == 405
    assert client.post("/logout").status_code == 400
    assert login.is_open(now())


def test_a_message_for_one_is_not_shown_to_the_next(client: PageClient, house: House) -> None:
    client.get(knock(client, house.camille.email).location or "")
    with client.session_transaction() as forms:
        forms["_flashes"] = [("success", "The booking of Hélène Dupont is cancelled.")]
    client.submit(BUTTON)
    client.get("/login")
    assert "Hélène" not in client.page.html


def test_htmx_is_sent_to_the_sign_in_page(client: PageClient, house: House) -> None:
    client.get(knock(client, house.camille.email).location or "")
    assert client.hx("/logout", method="POST").headers["HX-Redirect"] == "/login"
