"""The theme: chosen in the menu, remembered by the browser and for the member."""

from __future__ import annotations

import pytest

from tests.factories import House
from tests.session.doorstep import audit_lines, knock
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


def shown(client: PageClient, path: str = "/login") -> str | None:
    client.get(path)
    return client.page.root.get("data-theme")


def choose(client: PageClient, value: str, *, at: str = "/login") -> int:
    client.get(at)
    answer = client.post("/theme", data={"theme": value, "next": at, "csrf_token": client.page.csrf_token})
    assert answer.location in {at, None}
    return answer.status_code


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_it_is_shown_and_remembered(client: PageClient, theme: str) -> None:
    assert shown(client) == "auto"
    assert choose(client, theme) == 303
    assert shown(client) == theme


@pytest.mark.parametrize("value", ["", "blue", "DARK", "dark light", "\x00"])
def test_other_themes_are_refused(client: PageClient, value: str) -> None:
    assert choose(client, value) == 422
    assert shown(client) == "auto"


def test_nonsense_in_the_cookie_is_as_the_device(client: PageClient) -> None:
    client.set_cookie("thermes-theme", '"><script>')
    assert shown(client) == "auto"


def test_a_member_keeps_it_on_every_device(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    agenda = client.get("/").location or ""
    choose(client, "dark", at=agenda)
    choose(client, "dark", at=agenda)
    client.delete_cookie("thermes-theme")
    assert shown(client, agenda) == "dark"
    assert [(line.verb, line.details) for line in audit_lines()] == [("member:theme_chosen", {"theme": "dark"})]


def test_what_was_chosen_on_the_sign_in_page_holds_inside(client: PageClient, house: House) -> None:
    choose(client, "dark")
    assert shown(client, knock(client, house.camille.email).location or "") == "dark"
    assert house.camille.theme == "dark"


def test_without_the_forms_token_nothing_changes(client: PageClient) -> None:
    assert client.post("/theme", data={"theme": "dark"}).status_code == 400
    assert shown(client) == "auto"
