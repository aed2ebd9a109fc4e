"""Inviting: she stands in the team at once; a manager invites for her venues, and nobody above a therapist or desk."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.database import db
from portal.errors import Invalid
from portal.members.errors import AlreadyInTeam, NotOverYou
from portal.members.service import invite_again, invite_member
from portal.models import StaffMember
from portal.team.queries import therapists_of
from tests.factories import House, make_member
from tests.members.people import as_desk, new
from tests.session.post import Post, link_in
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

ADDRESS, FORM = "ines@example.org", ".//main//form"


def test_she_can_be_planned_at_once_and_signs_in_after_the_letter(client: PageClient, house: House, post: Post) -> None:
    at = {house.lutetia.id: 2}
    ines = invite_member(house.organisation, f" {ADDRESS.upper()}", new(venues=at), by=as_desk(house.maud))
    assert ines in therapists_of(house.lutetia)
    assert not ines.has_account
    (letter,) = post.collect()
    assert (letter.to, letter.language) == (ADDRESS, "fr")
    client.get(link_in(letter))
    words = {"password": "plenty of warm water", "again": "plenty of warm water"}
    assert client.submit(FORM, words).status_code == 303
    found = db.session.scalars(select(StaffMember).where(StaffMember.email == ADDRESS)).one()
    assert found.has_account


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_a_manager_makes_nobody_her_equal(house: House, role: str) -> None:
    with pytest.raises(NotOverYou):
        invite_member(house.organisation, ADDRESS, new(role=role, venues={house.lutetia.id: 1}), by=as_desk(house.maud))


def test_a_manager_places_nobody_at_a_venue_that_is_not_hers(house: House) -> None:
    for venue in (house.marais, house.chamonix):
        with pytest.raises(NotOverYou):
            invite_member(house.organisation, ADDRESS, new(venues={venue.id: 1}), by=as_desk(house.maud))


def test_an_address_of_the_house_is_told_and_that_of_another_is_not(house: House, post: Post) -> None:
    at = {house.lutetia.id: 1}
    with pytest.raises(AlreadyInTeam):
        invite_member(house.organisation, house.camille.email.upper(), new(venues=at), by=as_desk(house.ada))
    invite_member(house.organisation, house.eve.email, new(venues=at), by=as_desk(house.ada))
    with pytest.raises(AlreadyInTeam):
        invite_member(house.organisation, house.eve.email, new(venues=at), by=as_desk(house.ada))
    assert len(post.collect()) == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"last_name": "x" * 101}, "last_name"),
        ({"first_name": "a\0b"}, "first_name"),
        ({"role": "owner"}, "role"),
        ({"gender": "x"}, "gender"),
        ({"venues": {}}, "venues"),
    ],
)
def test_what_cannot_be_is_told_with_its_field(house: House, given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        invite_member(
            house.organisation, ADDRESS, new(**{"venues": {house.lutetia.id: 1}, **given}), by=as_desk(house.ada)
        )
    assert refusal.value.field == field


def test_sent_again_the_older_letter_opens_nothing(client: PageClient, house: House, post: Post) -> None:
    ines = invite_member(house.organisation, ADDRESS, new(venues={house.lutetia.id: 1}), by=as_desk(house.maud))
    older = post.link()
    other = "ines.benali@example.org"
    invite_again(house.organisation, db.session.merge(ines), other, by=as_desk(house.maud))
    (letter,) = post.collect()
    assert letter.to == other
    assert client.get(older).status_code == 404
    assert client.get(link_in(letter)).status_code == 200


def test_through_the_page(client: PageClient, house: House, post: Post) -> None:
    sign_in(client, house.maud)
    client.get("/o/maison-lutece/team/invite")
    words = {"email": ADDRESS, "first_name": "Inès", "last_name": "Benali", "phone": "06 12 34 56 78"}
    answer = client.submit(FORM, words)
    assert answer.status_code == 303, client.page.text
    assert "Invited" in client.get(answer.location).text
    assert "+33 6 12 34 56 78" in client.page.html
    assert client.get("/o/maison-lutece/team/invite").status_code == 200
    assert client.submit(FORM, {**words, "email": "none", "phone": "none"}).status_code == 422
    assert "not a telephone number" in client.page.text
    assert client.page.one(".//input[@name='first_name']").get("value") == "Inès"


def test_who_was_invited_is_no_stranger_to_the_list(client: PageClient, house: House) -> None:
    make_member(house.organisation, house.lutetia, email=None, password_hash=None, invited_as=ADDRESS)
    sign_in(client, house.camille)
    client.get("/v/lutetia/team/")
    assert ADDRESS in client.page.text
    assert "Invited" in client.page.text
