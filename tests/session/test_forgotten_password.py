"""A forgotten password: a link by letter, once, for half an hour; and nobody learns who has an account."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.clock import frozen, now
from portal.database import db
from portal.models import LoginLink, OutboxEvent
from portal.session.service import hash_token
from tests.factories import PASSWORD, House, make_member, save
from tests.session.doorstep import audit_lines, knock
from tests.session.post import Post
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import Statements

NewClient = Callable[[], PageClient]
CountStatements = Callable[[], AbstractContextManager[Statements]]
ASK, CHOOSE = ".//main//form[@action='/password']", ".//main//form"
NEW = "plenty of warm water"


def ask(client: PageClient, address: str) -> int:
    client.get("/password")
    return client.submit(ASK, {"email": address}).status_code


def choose(client: PageClient, link: str, password: str = NEW, again: str | None = None) -> int:
    client.get(link)
    return client.submit(CHOOSE, {"password": password, "again": password if again is None else again}).status_code


def test_she_chooses_another_one_and_is_signed_out_everywhere(new_client: NewClient, house: House, post: Post) -> None:
    client, elsewhere = new_client(), new_client()
    sign_in(elsewhere, house.camille)
    assert ask(client, f"  {house.camille.email.upper()} ") == 200
    link = post.link()
    assert choose(client, link) == 303
    assert elsewhere.get("/my/account/").status_code == 303
    assert knock(client, house.camille.email).status_code == 422
    assert knock(client, house.camille.email, NEW).status_code == 303
    (letter,) = post.collect()
    assert letter.subject == "Your password was changed"


def test_the_answer_and_the_statements_are_the_same_for_every_address(
    new_client: NewClient, house: House, post: Post, statements: CountStatements
) -> None:
    gone = make_member(house.organisation, house.lutetia, active=False)
    invited = make_member(house.organisation, house.lutetia, password_hash=None)
    told = {}
    for address in ("nobody@example.org", house.camille.email, gone.email, invited.email, "no address at all"):
        client = new_client()
        client.get("/password")
        with statements() as sent:
            answer = client.submit(ASK, {"email": address})
        told[address] = (answer.status_code, client.page.text, list(sent))
    assert all(what == told["nobody@example.org"] for what in told.values()), told
    assert [letter.to for letter in post.collect()] == [house.camille.email]
    assert db.session.scalars(select(LoginLink.address)).all() == [house.camille.email], "of strangers nothing is kept"


def test_a_link_opens_once(client: PageClient, house: House, post: Post) -> None:
    ask(client, house.camille.email)
    link = post.link()
    assert choose(client, link) == 303
    assert client.get(link).status_code == 404
    again = {"csrf_token": client.page.csrf_token, "password": NEW, "again": NEW}
    assert client.post(link, data=again).status_code == 404


def test_a_link_is_good_for_half_an_hour(client: PageClient, house: House, post: Post) -> None:
    ask(client, house.camille.email)
    link = post.link()
    with frozen(now() + timedelta(minutes=29)):
        assert client.get(link).status_code == 200
    with frozen(now() + timedelta(minutes=31)):
        assert client.get(link).status_code == 404


def test_a_newer_link_takes_the_place_of_the_older(client: PageClient, house: House, post: Post) -> None:
    ask(client, house.camille.email)
    older = post.link()
    ask(client, house.camille.email)
    newer = post.link()
    assert client.get(older).status_code == 404
    assert client.get(newer).status_code == 200


def test_a_program_that_looks_at_links_uses_nothing_up(client: PageClient, house: House, post: Post) -> None:
    ask(client, house.camille.email)
    link = post.link()
    before = house.camille.password_hash
    for _time in range(3):
        answer = client.get(link)
        assert (answer.status_code, answer.headers["Referrer-Policy"]) == (200, "no-referrer")
        assert client.head(link).status_code == 200
    assert house.camille.password_hash == before
    assert choose(client, link) == 303


def test_the_token_stands_nowhere(client: PageClient, house: House, post: Post) -> None:
    ask(client, house.camille.email)
    token = post.link().rpartition("/")[2]
    rows = [
        str(vars(row)) for row in (*db.session.scalars(select(LoginLink)), *db.session.scalars(select(OutboxEvent)))
    ]
    rows += [str(vars(line)) for line in audit_lines()]
    assert any(hash_token(token) in row for row in rows)
    assert not any(token in row for row in rows)


def test_whoever_has_left_meanwhile_chooses_nothing(client: PageClient, house: House, post: Post) -> None:
    ask(client, house.camille.email)
    link = post.link()
    save(db.session.merge(house.camille)).active = False
    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("short", "short", "12 to 1024 characters"),
        (NEW, "something else", "two different passwords"),
        ("motdepasse123", "motdepasse123", "too easy to guess"),
        ("azertyazerty", "azertyazerty", "too easy to guess"),
        ("123456789012", "123456789012", "too easy to guess"),
        (PASSWORD, PASSWORD, "too easy to guess"),
    ],
)
def test_a_bad_choice_is_told_and_the_link_stays_good(
    client: PageClient, house: House, post: Post, password: str, again: str, told: str
) -> None:
    ask(client, house.camille.email)
    link = post.link()
    assert choose(client, link, password, again) == 422
    assert told in client.page.text
    assert choose(client, link) == 303


def test_the_fourth_letter_waits_whoever_has_the_address(client: PageClient, house: House, post: Post) -> None:
    for address in (house.camille.email, "nobody@example.org"):
        assert [ask(client, address) for _time in range(4)] == [200, 200, 200, 429]
    assert len(post.collect()) == 1, "what was asked for several times at once is written once"


def test_it_is_read_in_her_language(client: PageClient, house: House, post: Post) -> None:
    house.camille.locale = "fr"
    ask(client, house.camille.email)
    (letter,) = post.collect()
    assert letter.subject == "Un nouveau mot de passe"
    assert letter.language == "fr"
