"""The language: chosen in the menu or by `?lang=`, remembered by the browser and for the member."""

from __future__ import annotations

import pytest

from tests.factories import House
from tests.session.doorstep import audit_lines, knock
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


def shown(client: PageClient, path: str = "/login") -> str | None:
    client.get(path)
    return client.page.root.get("lang")


def choose(client: PageClient, value: str, *, at: str = "/login") -> str | None:
    client.get(at)
    token = client.page.csrf_token
    return client.post("/lang", data={"lang": value, "next": at, "csrf_token": token}).location


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_address_switches_and_is_remembered(client: PageClient, language: str) -> None:
    assert shown(client, f"/login?lang={language}") == language
    assert shown(client) == language
    cookie = client.get_cookie("thermes-lang")
    assert cookie is not None
    assert (cookie.value, cookie.max_age) == (language, 365 * 24 * 3600)


def test_the_menu_switches_and_goes_back(client: PageClient) -> None:
    assert choose(client, "fr") == "/login"
    assert shown(client) == "fr"


def test_the_menu_wins_over_the_address_it_was_used_on(client: PageClient) -> None:
    assert choose(client, "en", at="/login?lang=fr&next=/my/day") == "/login?next=%2Fmy%2Fday"
    assert shown(client) == "en"


@pytest.mark.parametrize("value", ["de", "", "FR", "fr\x00", "../fr"])
def test_other_languages_are_refused(client: PageClient, value: str) -> None:
    client.get("/login")
    data = {"lang": value, "csrf_token": client.page.csrf_token}
    assert client.post("/lang", data=data).status_code == 422
    assert shown(client, f"/login?lang={value.strip(chr(0))[:1]}x") == "en"
    assert client.get_cookie("thermes-lang") is None


def test_a_member_keeps_the_choice_on_every_device(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    agenda = client.get("/").location or ""
    client.get(f"{agenda}?lang=fr")
    assert client.page.root.get("lang") == "fr"
    assert house.camille.locale == "fr"
    client.delete_cookie("thermes-lang")
    assert shown(client, agenda) == "fr"


def test_it_is_written_only_when_it_changes(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    agenda = client.get("/").location or ""
    for language in ("en", "fr", "fr", "fr"):
        client.get(f"{agenda}?lang={language}")
    assert [(line.verb, line.details) for line in audit_lines()] == [("member:language_chosen", {"language": "fr"})]


def test_a_redirect_remembers_too(client: PageClient) -> None:
    assert client.get("/?lang=fr").location == "/login"
    assert shown(client) == "fr"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_was_chosen_on_the_sign_in_page_holds_inside(client: PageClient, house: House, language: str) -> None:
    house.camille.locale = "en" if language == "fr" else "fr"
    choose(client, language)
    agenda = knock(client, house.camille.email).location or ""
    assert shown(client, agenda) == language
    assert house.camille.locale == language


def test_the_cookie_of_a_colleague_does_not_change_mine(client: PageClient, house: House) -> None:
    house.camille.locale = "en"
    client.set_cookie("thermes-lang", "fr")
    agenda = knock(client, house.camille.email).location or ""
    assert shown(client, agenda) == "en"


def test_a_style_sheet_or_an_api_answer_does_not_remember(client: PageClient) -> None:
    for path in ("/static/favicon.svg?lang=fr", "/healthz?lang=fr"):
        with client.get(path) as answer:
            assert "Set-Cookie" not in answer.headers


def test_htmx_reloads_the_page_it_was_chosen_on(client: PageClient) -> None:
    client.get("/login")
    answer = client.hx("/lang", method="POST", data={"lang": "fr", "next": "/login"})
    assert answer.headers["HX-Redirect"] == "/login"


def test_without_the_forms_token_nothing_changes(client: PageClient) -> None:
    assert client.post("/lang", data={"lang": "fr"}).status_code == 400
    assert client.get_cookie("thermes-lang") is None
