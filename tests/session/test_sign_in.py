"""Signing in: who may, where it leads, and that the answer never tells who exists."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from portal import create_app
from portal.database import atomic, db
from portal.errors import Unavailable
from portal.models import LoginSession
from portal.session import passwords
from portal.session.queries import find_member
from tests.factories import PASSWORD, House, make_member
from tests.session.doorstep import FORM, audit_lines, knock
from tests.support.client import PageClient
from tests.support.page import Page
from tests.support.portal_app import SETTINGS, make_app
from tests.support.statements import Statements

NewClient = Callable[[], PageClient]
CountStatements = Callable[[], AbstractContextManager[Statements]]


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every hash that a password was compared with."""
    seen: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            seen.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "QUICK", Watched(time_cost=1, memory_cost=8, parallelism=1))
    return seen


def test_the_desk_lands_on_todays_agenda(client: PageClient, house: House) -> None:
    answer = knock(client, house.camille.email)
    assert answer.status_code == 303
    assert answer.location == f"/v/lutetia/agenda/{house.lutetia.today()}"
    assert client.get(answer.location).status_code == 200


def test_a_therapist_lands_on_her_offers_and_day(client: PageClient, house: House) -> None:
    answer = knock(client, house.therese.email)
    assert answer.location == "/my/day"
    assert client.get(answer.location).status_code == 200


def test_an_admin_lands_at_the_first_venue_of_the_organisation(client: PageClient, house: House) -> None:
    assert knock(client, house.ada.email).location == f"/v/lutetia/agenda/{house.lutetia.today()}"


def test_one_who_works_nowhere_yet_reads_whom_to_ask(client: PageClient, house: House) -> None:
    new = make_member(house.organisation, role="receptionist")
    assert knock(client, new.email).location == "/"
    assert client.get("/").status_code == 200
    assert "ask a manager" in client.page.text


@pytest.mark.parametrize("typed", ["  CAMILLE@maison-lutece.EXAMPLE ", "Camille@Maison-Lutece.Example"])
def test_an_address_is_the_same_in_capitals_and_with_spaces(client: PageClient, house: House, typed: str) -> None:
    assert knock(client, typed).status_code == 303


def test_the_start_page_asks_to_sign_in(client: PageClient, house: House) -> None:
    assert client.get("/").location == "/login"


def test_who_is_signed_in_does_not_see_the_page_again(client: PageClient, house: House) -> None:
    knock(client, house.camille.email)
    assert client.get("/login").location == "/"


def strangers(house: House) -> dict[str, tuple[str, str]]:
    """Address and password of those who may not come in."""
    inactive = make_member(house.organisation, house.lutetia, active=False)
    without = make_member(house.organisation, house.lutetia, password_hash=None)
    return {
        "unknown": ("nobody@maison-lutece.example", PASSWORD),
        "wrong password": (house.camille.email, "not the password"),
        "inactive": (inactive.email, PASSWORD),
        "no password": (without.email, PASSWORD),
        "strange characters": ("camille\x00@maison-lutece.example", PASSWORD),
    }


def test_all_refusals_are_alike(
    new_client: NewClient, house: House, verified: list[str], statements: CountStatements
) -> None:
    """Same status and text, no cookie, one hash with the same parameters, the same statements in the same order."""
    told = {}
    for case, (email, password) in strangers(house).items():
        client = new_client()
        client.get("/login")
        with statements() as sent:
            answer = client.submit(FORM, {"email": email, "password": password})
        parameters = [stored.split("$")[:4] for stored in verified]
        verified.clear()
        alert = client.page.text_of(client.page.one(".//main//*[@role='alert']"))
        told[case] = (answer.status_code, alert, "thermes=" in str(answer.headers), parameters, list(sent))
    for case, what in told.items():
        assert what == told["unknown"], case
    assert told["unknown"][0] == 422
    assert told["unknown"][3] == [["", "argon2id", "v=19", "m=8,t=1,p=1"]]
    assert db.session.scalars(select(LoginSession)).all() == []


def test_a_form_with_nothing_in_it_says_what_is_missing(client: PageClient, house: House) -> None:
    answer = knock(client, "", "")
    assert answer.status_code == 422
    assert "Please enter your e-mail address." in client.page.text
    assert "Please enter your password." in client.page.text


def test_the_address_stays_typed_and_the_password_does_not(client: PageClient, house: House) -> None:
    knock(client, house.camille.email, "a-wrong-secret")
    assert client.page.one(f"{FORM}//input[@name='email']").get("value") == house.camille.email
    assert "a-wrong-secret" not in client.page.html


def test_without_the_forms_token_nothing_happens(client: PageClient, house: House) -> None:
    answer = client.post("/login", data={"email": house.camille.email, "password": PASSWORD})
    assert answer.status_code == 400
    assert db.session.scalars(select(LoginSession)).all() == []


def test_the_forms_token_changes_at_sign_in(client: PageClient, house: House) -> None:
    client.get("/login")
    before = client.page.csrf_token
    knock(client, house.camille.email)
    answer = client.post("/logout", data={"csrf_token": before})
    assert answer.status_code == 400


def test_a_hash_with_old_parameters_is_renewed(new_client: NewClient, house: House) -> None:
    house.camille.password_hash = passwords.STRONG.hash(PASSWORD)
    for client in (new_client(), new_client()):
        assert knock(client, house.camille.email).status_code == 303
        assert house.camille.password_hash.split("$")[3] == "m=8,t=1,p=1"


def test_a_hash_that_is_none_lets_nobody_in(client: PageClient, house: House) -> None:
    house.camille.password_hash = "plain text from an import"
    assert knock(client, house.camille.email, "plain text from an import").status_code == 422


def test_a_password_that_changes_while_it_is_checked_does_not_open(
    client: PageClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = house.camille.email

    @atomic
    def verify(stored: str | None, password: str) -> bool:
        camille = find_member(email)
        assert camille is not None
        camille.password_hash = passwords.QUICK.hash("something else")
        return stored is not None

    monkeypatch.setattr(passwords, "verify", verify)
    assert knock(client, email).status_code == 422


def test_accents_are_the_same_however_they_are_typed(client: PageClient, house: House) -> None:
    house.camille.password_hash = passwords.hash_password("thé à la menthe")
    assert knock(client, house.camille.email, "the\u0301 a\u0300 la menthe").status_code == 303


def test_real_passwords_cost_what_they_should() -> None:
    """Argon2id with 19 MiB, two passes, one lane outside the tests; the dummy costs the same."""
    with create_app(environment="production", secret_key=SETTINGS["secret_key"]).app_context():
        made = passwords.hash_password("correct horse battery staple")
        assert made.split("$")[1:4] == ["argon2id", "v=19", "m=19456,t=2,p=1"]
        assert passwords._dummy().split("$")[1:4] == made.split("$")[1:4]
        assert len(passwords._dummy()) == len(made)
        assert passwords.verify(made, "correct horse battery staple")
        assert not passwords.verify(made, "correct horse battery")
        assert not passwords.verify(None, "correct horse battery staple")


@pytest.mark.parametrize(
    ("environment", "base_url", "right"),
    [
        ("production", "https://desk.example", False),
        ("production", "http://desk.example:8000", False),
        ("production", "http://127.0.0.1:8000", True),
        ("demo", "https://demo.example", True),
        ("testing", "https://desk.example", True),
    ],
)
def test_the_password_of_the_demo_is_refused_where_others_can_reach_it(
    environment: str, base_url: str, right: bool
) -> None:
    app = create_app(environment=environment, base_url=base_url, secret_key=SETTINGS["secret_key"])
    with app.app_context():
        assert passwords.verify(passwords.QUICK.hash(PASSWORD), PASSWORD) is right


def test_too_many_hashes_at_once_are_refused_not_queued_for_ever(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_PATIENCE", 0.01)
    with passwords._turn(), passwords._turn(), pytest.raises(Unavailable):
        passwords.hash_password("anything at all")
    assert passwords.hash_password("anything at all")


def test_only_the_demo_shows_its_logins(client: PageClient, house: House) -> None:
    client.get("/login")
    assert house.camille.email not in client.page.html
    assert PASSWORD not in client.page.html
    demo = make_app(db.engine.url.render_as_string(hide_password=False), environment="demo")
    page = Page(demo.test_client().get("/login").text)
    with demo.app_context():
        db.engine.dispose()
    links = page.all(".//main//li/a")
    assert [Page.text_of(link) for link in links[:2]] == [house.camille.email, house.therese.email]
    assert links[0].get("href") == "/login?email=camille@maison-lutece.example"
    assert PASSWORD in page.text


def test_a_link_of_the_demo_fills_in_the_address(client: PageClient, house: House) -> None:
    client.get("/login?email=camille@maison-lutece.example&next=/my/day")
    assert Page.values_of(client.page.one(FORM)) == {
        "csrf_token": client.page.csrf_token,
        "next": "/my/day",
        "email": "camille@maison-lutece.example",
        "password": "",
    }


@pytest.mark.parametrize("name", ["email", "next"])
def test_what_no_keyboard_sends_does_not_come_back(client: PageClient, name: str) -> None:
    client.get(f"/login?{name}=%00%1bx")
    assert client.page.one(f"{FORM}//input[@name='{name}']").get("value") == ""


def test_both_are_in_the_trail_and_no_address_of_a_stranger_is(client: PageClient, house: House) -> None:
    knock(client, "stranger@elsewhere.example")
    knock(client, house.camille.email, "wrong")
    knock(client, house.camille.email)
    lines = audit_lines()
    assert [(line.verb, line.subject) for line in lines] == [
        ("member:sign_in_refused", None),
        ("member:sign_in_refused", house.camille.uuid),
        ("member:signed_in", house.camille.uuid),
    ]
    assert lines[2].actor == house.camille.uuid
    assert not any("stranger" in str([line.actor_name, line.details]) for line in lines)
