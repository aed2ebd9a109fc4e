"""Sessions: the token, how long they live, and that ending one is felt by the very next request."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.audit import SYSTEM
from portal.clock import frozen, now
from portal.database import db
from portal.errors import Invalid
from portal.models import LoginSession, StaffMember
from portal.session.queries import find_session
from portal.session.service import change_password, end_all_sessions, end_session, hash_token
from tests.factories import PASSWORD, House, save
from tests.session.doorstep import knock
from tests.support.client import PageClient
from tests.support.portal_app import make_app
from tests.support.sign_in import COOKIE, sign_in
from tests.support.statements import Statements

NewClient = Callable[[], PageClient]
Ending = Callable[[LoginSession], object]


def is_inside(client: PageClient) -> bool:
    return client.get("/login").location == "/"


def deactivate(login: LoginSession) -> None:
    login.member.active = False
    db.session.commit()


ENDINGS: dict[str, Ending] = {
    "ended": lambda login: end_session(login, by=SYSTEM),
    "all ended": lambda login: end_all_sessions(login.member, by=SYSTEM),
    "password changed": lambda login: change_password(login.member, "plenty of warm water", by=SYSTEM),
    "deactivated": deactivate,
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_very_next_request_is_a_strangers(client: PageClient, house: House, ending: str) -> None:
    for _ in range(20):
        house.camille.active = True
        login = sign_in(client, house.camille)
        assert is_inside(client)
        ENDINGS[ending](login)
        assert not is_inside(client)


def test_a_new_role_counts_from_the_very_next_request(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    agenda = client.get("/").location or ""
    assert client.get(agenda).status_code == 200
    house.camille.role = "therapist"
    assert client.get(agenda).status_code == 403


def test_the_token_is_256_bits_and_stored_as_a_hash(client: PageClient, house: House) -> None:
    knock(client, house.camille.email)
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    assert len(cookie.value) == 43
    login = db.session.scalars(select(LoginSession)).one()
    assert login.token_hash == hashlib.sha256(cookie.value.encode()).hexdigest()


def test_the_cookie_is_for_us_alone(client: PageClient, house: House) -> None:
    answer = knock(client, house.camille.email)
    header = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith(f"{COOKIE}="))
    assert {part.strip() for part in header.split(";")} >= {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=50400"}
    assert "Domain" not in header


def test_with_https_the_browser_guards_the_cookie_too(house: House) -> None:
    url = db.engine.url.render_as_string(hide_password=False)
    portal = make_app(url, base_url="https://portal.example")
    secure = portal.test_client()
    page = secure.get("/login", base_url="https://portal.example").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"email": house.camille.email, "password": PASSWORD, "csrf_token": token}
    answer = secure.post("/login", base_url="https://portal.example", data=data)
    cookies = answer.headers.getlist("Set-Cookie")
    with portal.app_context():
        db.engine.dispose()
    assert any(value.startswith("__Host-thermes=") for value in cookies)
    assert all("Secure" in value and "HttpOnly" in value and "Path=/" in value for value in cookies)


def test_signing_in_never_adopts_a_token_that_was_there(client: PageClient, house: House) -> None:
    """Session fixation: a token planted by somebody else, or an older one of the same browser, dies."""
    client.set_cookie(COOKIE, "planted-by-somebody-else")
    knock(client, house.camille.email)
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.value != "planted-by-somebody-else"
    assert find_session(hash_token("planted-by-somebody-else")) is None


def test_signing_in_again_in_the_same_browser_ends_the_first_session(client: PageClient, house: House) -> None:
    client.get("/login")
    token = client.page.csrf_token
    first = sign_in(client, house.camille)
    data = {"email": house.maud.email, "password": PASSWORD, "csrf_token": token}
    assert client.post("/login", data=data).status_code == 303
    assert not first.is_open(now())
    assert is_inside(client)


@pytest.mark.parametrize("token", ["", "x", "x" * 4000, "é", "'; DROP TABLE login_session; --", "\x7f"])
def test_nonsense_in_the_cookie_is_nobody(client: PageClient, house: House, token: str) -> None:
    client.set_cookie(COOKIE, token)
    assert client.get("/login").status_code == 200


def lives(login: LoginSession, after: timedelta) -> bool:
    return login.is_open(login.created_at + after)


@pytest.mark.parametrize(
    ("who", "idle", "absolute"),
    [
        ("camille", timedelta(hours=4), timedelta(hours=14)),
        ("maud", timedelta(hours=4), timedelta(hours=14)),
        ("ada", timedelta(hours=4), timedelta(hours=14)),
        ("therese", timedelta(days=14), timedelta(days=30)),
    ],
)
def test_a_session_ends_unused_and_at_last(
    client: PageClient, house: House, who: str, idle: timedelta, absolute: timedelta
) -> None:
    login = sign_in(client, getattr(house, who))
    with frozen(login.created_at + idle - timedelta(seconds=1)):
        assert is_inside(client)
    step, at = idle - timedelta(minutes=1), login.created_at
    while at + step < login.created_at + absolute:
        at += step
        with frozen(at):
            assert is_inside(client), at
    with frozen(login.created_at + absolute):
        assert not is_inside(client)
    again = sign_in(client, getattr(house, who))
    with frozen(again.created_at + idle):
        assert not is_inside(client)


def test_a_therapist_who_becomes_receptionist_keeps_no_month_long_session(client: PageClient, house: House) -> None:
    login = sign_in(client, house.therese)
    with frozen(login.created_at + timedelta(hours=15)):
        assert is_inside(client)
        house.therese.role = "receptionist"
        assert not is_inside(client)


def test_use_is_noted_once_a_minute_and_not_by_static_files(
    client: PageClient, house: House, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    login = sign_in(client, house.camille)
    start = login.created_at
    with frozen(start + timedelta(seconds=59)):
        client.get("/")
    assert login.last_seen_at == start
    with frozen(start + timedelta(seconds=61)):
        client.get("/static/favicon.svg").close()
        assert login.last_seen_at == start
        client.get("/login")
        assert login.last_seen_at == now()
        db.session.rollback()
        with statements() as sent:
            client.get("/login")
    assert not [sql for sql in sent if sql.startswith("UPDATE")]


def test_who_is_there_takes_one_statement(
    client: PageClient, house: House, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    token = "0123456789"
    save(LoginSession.start(house.camille, token_hash=hash_token(token), address=None, user_agent=None, at=now()))
    db.session.expunge_all()
    with statements() as sent:
        login = find_session(hash_token(token))
        assert login is not None
        assert login.member.organisation.slug == "maison-lutece"
        assert len(login.member.venue_links) == 1
    sent.at_most(1)


def test_a_stranger_without_a_cookie_takes_none(
    client: PageClient, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    with statements() as sent:
        client.get("/login")
    sent.at_most(0)


def test_a_new_password_keeps_the_session_it_was_chosen_in(new_client: NewClient, house: House) -> None:
    here, there = new_client(), new_client()
    kept = sign_in(here, house.camille)
    sign_in(there, house.camille)
    before = house.camille.password_hash
    change_password(house.camille, "plenty of warm water", by=SYSTEM, keep=kept)
    assert house.camille.password_hash != before
    assert is_inside(here)
    assert not is_inside(there)
    assert knock(there, house.camille.email, "plenty of warm water").status_code == 303


@pytest.mark.parametrize(
    "weak", ["short", "x" * 1025, "aaaaaaaaaaaa", "Password2026!", "1234 thermes 99", "camille1234", PASSWORD]
)
def test_a_password_that_is_tried_first_is_refused(house: House, weak: str) -> None:
    before = house.camille.password_hash
    with pytest.raises(Invalid) as refusal:
        change_password(house.camille, weak, by=SYSTEM)
    assert refusal.value.field == "password"
    assert house.camille.password_hash == before


def test_sessions_long_past_are_forgotten(client: PageClient, house: House) -> None:
    long_ago = now() - timedelta(days=61)
    save(LoginSession.start(house.camille, token_hash="0" * 64, address=None, user_agent=None, at=long_ago))
    knock(client, house.camille.email)
    count = select(func.count()).select_from(LoginSession).join(StaffMember)
    assert db.session.scalar(count.where(StaffMember.id == house.camille.id)) == 1
