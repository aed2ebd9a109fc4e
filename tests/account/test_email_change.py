"""Another address is hers once both the old and the new one agree; who has it already is told, and nobody else."""

from __future__ import annotations

from datetime import timedelta

from portal.clock import frozen, now
from portal.database import db
from portal.session.queries import find_member
from tests.factories import PASSWORD, House, make_member
from tests.session.doorstep import knock
from tests.session.post import Post, link_in
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

FORM, NEW = ".//form[@action='/my/account/address']", "camille@example.org"


def ask(client: PageClient, address: str = NEW, current: str = PASSWORD) -> int:
    client.get("/my/account/")
    return client.submit(FORM, {"address-address": address, "address-current": current}).status_code


def agree(client: PageClient, link: str) -> int:
    client.get(link)
    return client.submit(".//main//form").status_code


def test_both_agree_and_she_signs_in_with_the_new_one(client: PageClient, house: House, post: Post) -> None:
    old = house.camille.email
    sign_in(client, house.camille)
    assert ask(client) == 303
    letters = {letter.to: link_in(letter) for letter in post.collect()}
    assert set(letters) == {old, NEW}
    assert agree(client, letters[NEW]) == 200
    assert find_member(NEW) is None, "one of the two is not enough"
    client.get(letters[old])
    assert find_member(NEW) is None, "looking changes nothing"
    assert agree(client, letters[old]) == 200
    assert knock(client, old).status_code == 422
    assert knock(client, NEW).status_code == 303
    assert [(letter.to, letter.subject) for letter in post.collect()] == [(old, "Your address was changed")]


def test_it_needs_the_password(client: PageClient, house: House, post: Post) -> None:
    sign_in(client, house.camille)
    assert ask(client, current="wrong") == 422
    assert post.collect() == []


def test_what_is_no_address_or_her_own_is_told(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    for address, told in (("nonsense", "no e-mail address"), (house.camille.email.upper(), "your address already")):
        assert ask(client, address) == 422
        assert told in client.page.text.replace("not an e-mail", "no e-mail")


def test_whether_somebody_has_it_is_told_to_its_owner_alone(client: PageClient, house: House, post: Post) -> None:
    make_member(house.neighbour, house.chamonix, email=NEW)
    old = house.camille.email
    sign_in(client, house.camille)
    assert ask(client) == 303
    assert "Two letters are on their way" in client.get("/my/account/").text
    letters = {letter.to: letter for letter in post.collect()}
    assert letters[NEW].subject == "Nothing has changed"
    assert "/address/" not in letters[NEW].text
    assert agree(client, link_in(letters[old])) == 200
    assert find_member(old) is not None


def test_taken_meanwhile_it_stays_with_whoever_took_it(client: PageClient, house: House, post: Post) -> None:
    old = house.camille.email
    sign_in(client, house.camille)
    ask(client)
    letters = {letter.to: link_in(letter) for letter in post.collect()}
    assert agree(client, letters[NEW]) == 200
    make_member(db.session.merge(house.neighbour), email=NEW)
    assert agree(client, letters[old]) == 409
    assert find_member(old) is not None


def test_forgotten_the_links_open_nothing(client: PageClient, house: House, post: Post) -> None:
    sign_in(client, house.camille)
    ask(client)
    links = [link_in(letter) for letter in post.collect()]
    client.get("/my/account/")
    assert client.submit(".//form[@action='/my/account/address/forget']").status_code == 303
    assert [client.get(link).status_code for link in links] == [404, 404]


def test_a_day_later_the_links_open_nothing(client: PageClient, house: House, post: Post) -> None:
    sign_in(client, house.camille)
    ask(client)
    links = [link_in(letter) for letter in post.collect()]
    with frozen(now() + timedelta(hours=25)):
        assert [client.get(link).status_code for link in links] == [404, 404]
