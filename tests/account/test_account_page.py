"""One's own account, through its page: password, second step, sessions; what is dangerous asks for the password."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.session.factor.service import secret_of
from tests.factories import PASSWORD, House
from tests.session.doorstep import knock
from tests.session.test_second_factor import code_of
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

NewClient = Callable[[], PageClient]
NEW = "plenty of warm water"


def form(name: str) -> str:
    return f".//form[@action='/my/account/{name}']"


def change(client: PageClient, current: str, password: str = NEW, again: str = NEW) -> int:
    client.get("/my/account/")
    words = {"password-current": current, "password-password": password, "password-again": again}
    return client.submit(form("password"), words).status_code


def test_a_new_password_needs_the_old_one_and_ends_all_other_sessions(new_client: NewClient, house: House) -> None:
    here, there = new_client(), new_client()
    for client in (here, there):
        sign_in(client, house.camille)
    assert change(here, "not mine") == 422
    assert "This is not your password." in here.page.text
    assert change(here, PASSWORD) == 303
    assert here.get("/my/account/").status_code == 200
    assert there.get("/my/account/").status_code == 303
    assert knock(there, house.camille.email, NEW).status_code == 303


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [("short", "short", "12 to 1024"), (NEW, "another", "two different"), ("", "", "choose a password")],
)
def test_a_bad_choice_is_told_beside_the_field(
    client: PageClient, house: House, password: str, again: str, told: str
) -> None:
    sign_in(client, house.camille)
    assert change(client, PASSWORD, password, again) == 422
    assert told in client.page.text
    assert NEW not in client.page.html


def test_guessing_the_password_within_a_session_waits(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    assert [change(client, "wrong") for _time in range(11)] == [422] * 10 + [429]
    assert change(client, PASSWORD) == 429


def test_the_second_step_is_set_up_and_turned_off(new_client: NewClient, house: House) -> None:
    client = new_client()
    sign_in(client, house.therese)
    client.get("/my/account/")
    assert client.submit(form("second-step"), {"factor-current": "wrong"}).status_code == 422
    assert client.submit(form("second-step"), {"factor-current": PASSWORD}).status_code == 303
    client.get("/my/account/")
    assert "factor-picture" in client.page.html
    secret = secret_of(house.therese)
    assert secret is not None
    assert client.submit(form("second-step/confirm"), {"confirm-code": "000000"}).status_code == 422
    assert client.submit(form("second-step/confirm"), {"confirm-code": code_of(secret)}).status_code == 200
    codes = client.page.all(".//ul[@class='factor-codes']/li")
    assert len(codes) == 10
    client.get("/my/account/")
    assert secret not in client.page.html.replace("-", "")
    assert "10 recovery codes are left." in client.page.text

    words = {"factor-current": PASSWORD}
    assert client.submit(form("second-step/codes"), words).status_code == 200
    answer = client.post("/my/account/second-step/end", data={"csrf_token": client.page.csrf_token, **words})
    assert answer.status_code == 303
    assert knock(new_client(), house.therese.email).location == "/my/day"


def test_she_reads_where_she_is_signed_in_and_ends_one(new_client: NewClient, house: House) -> None:
    here, there = new_client(), new_client()
    sign_in(here, house.camille)
    other = sign_in(there, house.camille)
    sign_in(new_client(), house.maud)
    here.get("/my/account/")
    assert len(here.page.all(".//li[@data-session]")) == 2
    assert here.submit(form(f"sessions/{other.uuid}/end")).status_code == 303
    assert there.get("/my/account/").status_code == 303
    assert here.get("/my/account/").status_code == 200


def test_somebody_elses_session_is_not_there(client: PageClient, house: House, new_client: NewClient) -> None:
    sign_in(client, house.camille)
    theirs = sign_in(new_client(), house.maud)
    client.get("/my/account/")
    answer = client.post(f"/my/account/sessions/{theirs.uuid}/end", data={"csrf_token": client.page.csrf_token})
    assert answer.status_code == 404


def test_all_others_are_ended_at_once(new_client: NewClient, house: House) -> None:
    here, *others = [new_client() for _one in range(3)]
    for client in (here, *others):
        sign_in(client, house.camille)
    here.get("/my/account/")
    assert here.submit(form("sessions/end")).status_code == 303
    assert [client.get("/my/account/").status_code for client in (here, *others)] == [200, 303, 303]
