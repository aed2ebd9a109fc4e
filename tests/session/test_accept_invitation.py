"""An invitation opens an account once, and never touches one that exists."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.audit import SYSTEM
from portal.clock import frozen, now
from portal.models import LoginLink, StaffMember
from portal.models.account import INVITATION
from portal.session.onetime.errors import DeadLink
from portal.session.onetime.queries import find_link
from portal.session.onetime.service import accept_invitation, make_link, open_link
from portal.session.queries import find_member
from portal.session.service import hash_token
from tests.factories import House, make_member, save
from tests.session.doorstep import knock
from tests.session.post import Post
from tests.support.client import PageClient

FORM, NEW, ADDRESS = ".//main//form", "plenty of warm water", "ines@example.org"


@pytest.fixture
def ines(house: House) -> StaffMember:
    """Invited, and nothing else yet."""
    return make_member(
        house.organisation, house.lutetia, first_name="Inès", email=None, password_hash=None, invited_as=ADDRESS
    )


@pytest.fixture
def link(ines: StaffMember, post: Post) -> str:
    """What her letter leads to."""
    make_link(ines, INVITATION, by=SYSTEM)
    return post.link()


def join(client: PageClient, link: str) -> int:
    client.get(link)
    return client.submit(FORM, {"password": NEW, "again": NEW}).status_code


def test_she_chooses_a_password_and_signs_in(client: PageClient, link: str) -> None:
    assert knock(client, ADDRESS, NEW).status_code == 422
    assert client.get(link).status_code == 200
    assert "Inès" in client.page.text
    assert find_member(ADDRESS) is None, "looking changes nothing"
    assert join(client, link) == 303
    assert knock(client, ADDRESS, NEW).location == "/my/day"
    assert client.get(link).status_code == 404


def test_it_is_good_for_three_days(client: PageClient, link: str) -> None:
    with frozen(now() + timedelta(hours=71)):
        assert client.get(link).status_code == 200
    with frozen(now() + timedelta(hours=73)):
        assert client.get(link).status_code == 404


def test_an_account_that_exists_keeps_its_password(client: PageClient, house: House, post: Post) -> None:
    """However such a link came about: it opens nothing."""
    make_link(house.camille, INVITATION, by=SYSTEM)
    link = post.link()
    before = find_member(house.camille.email)
    assert before is not None
    password = before.password_hash
    assert client.get(link).status_code == 404
    found = find_link(hash_token(link.rpartition("/")[2]))
    assert found is not None
    with pytest.raises(DeadLink):
        accept_invitation(found, NEW)
    after = find_member(house.camille.email)
    assert after is not None
    assert after.password_hash == password


def test_a_link_for_one_thing_opens_no_other(client: PageClient, link: str) -> None:
    assert client.get(link.replace("/invitation/", "/password/")).status_code == 404
    assert client.get(link.replace("/invitation/", "/address/")).status_code == 404


def test_an_address_that_signs_in_elsewhere_is_not_taken_over(client: PageClient, house: House, link: str) -> None:
    make_member(house.neighbour, house.chamonix, email=ADDRESS)
    assert join(client, link) == 409
    assert "There is an account with this address already" in client.page.text
    found = find_member(ADDRESS)
    assert found is not None
    assert found.organisation_id == house.neighbour.id


def test_the_invitation_to_an_older_address_opens_nothing(client: PageClient, ines: StaffMember, link: str) -> None:
    found = save(ines)
    found.invited_as = "somebody-else@example.org"
    assert client.get(link).status_code == 404


def test_two_who_open_it_at_once_make_one_account(link: str) -> None:
    token = link.rpartition("/")[2]
    opened: list[LoginLink] = [open_link(token, INVITATION) for _one in range(2)]
    accept_invitation(opened[0], NEW)
    with pytest.raises(DeadLink):
        accept_invitation(opened[1], "something else entirely")
