"""Changing members: who may, what stands in the way, and two who do it at once."""

from __future__ import annotations

import pytest

from portal.access import may_give_role, may_manage_member, may_place_at, may_release_member
from portal.members.errors import LastAdmin, NewerMember, NotOverYou, StillTreats
from portal.members.service import change_member, reset_factor
from portal.session.factor.queries import find_factor
from tests.bookings.conftest import Book, accept, book
from tests.factories import PASSWORD, House, make_member
from tests.members.people import as_desk, but
from tests.session.doorstep import audit_lines
from tests.session.test_second_factor import set_up
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

__all__ = ["book"]


def test_the_rules_as_sentences(house: House) -> None:
    maud, ada = house.maud, house.ada
    deputy = make_member(house.organisation, house.lutetia, role="manager")
    zoe = make_member(house.organisation, house.lutetia, house.marais)
    away = make_member(house.organisation, house.marais)
    managed = [one for one in (house.therese, house.camille, zoe, away, deputy, maud, ada, house.eve)
               if may_manage_member(maud, one)]  # fmt: skip
    assert managed == [house.therese, house.camille, zoe], "those of her venue, neither beside nor above her"
    assert may_release_member(maud, house.therese)
    assert not may_release_member(maud, zoe), "who works elsewhere too is not hers to let go"
    assert all(may_manage_member(ada, one) for one in (house.therese, away, deputy, maud, ada))
    assert not may_manage_member(ada, house.eve)
    assert [role for role in ("receptionist", "therapist", "manager", "admin") if may_give_role(maud, role)] == [
        "receptionist",
        "therapist",
    ]
    assert may_place_at(maud, house.lutetia.id)
    assert not may_place_at(maud, house.marais.id)
    for nobody in (house.camille, house.therese):
        assert not may_manage_member(nobody, house.marc)
        assert not may_give_role(nobody, "therapist")
        assert not may_place_at(nobody, house.lutetia.id)


@pytest.mark.parametrize("whom", ["maud", "ada"])
def test_a_manager_changes_neither_herself_nor_an_admin(house: House, whom: str) -> None:
    with pytest.raises(NotOverYou):
        change_member(
            house.organisation, getattr(house, whom), but(getattr(house, whom), role="admin"), version=None,
            by=as_desk(house.maud),
        )  # fmt: skip


def test_a_manager_promotes_nobody(house: House) -> None:
    for role in ("manager", "admin"):
        with pytest.raises(NotOverYou):
            change_member(
                house.organisation, house.camille, but(house.camille, role=role), version=None, by=as_desk(house.maud)
            )


def test_another_role_is_in_force_at_once_and_she_signs_in_anew(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    change_member(
        house.organisation, house.camille, but(house.camille, role="manager"), version=1, by=as_desk(house.ada)
    )
    assert client.get("/v/lutetia/team/").status_code == 303
    assert house.camille.role == "manager"


def test_a_receptionist_who_treats_has_a_column_from_then_on(house: House) -> None:
    changed = change_member(
        house.organisation, house.camille, but(house.camille, role="therapist"), version=1, by=as_desk(house.maud)
    )
    assert changed.resource is not None
    assert changed.resource.name == changed.name


def test_the_last_admin_stays_one(house: House) -> None:
    with pytest.raises(LastAdmin):
        change_member(
            house.organisation, house.ada, but(house.ada, role="manager", venues={house.lutetia.id: 1}), version=None,
            by=as_desk(house.ada),
        )  # fmt: skip
    # Who was invited and never came could let nobody in.
    make_member(house.organisation, role="admin", email=None, password_hash=None)
    with pytest.raises(LastAdmin):
        change_member(
            house.organisation, house.ada, but(house.ada, role="manager", venues={house.lutetia.id: 1}), version=None,
            by=as_desk(house.ada),
        )  # fmt: skip


def test_whom_guests_expect_stays_where_she_is(house: House, book: Book) -> None:
    accept(house, book("10:00"), house.therese)
    therese, by = house.therese, as_desk(house.ada)
    with pytest.raises(StillTreats):
        change_member(house.organisation, therese, but(therese, role="receptionist"), version=None, by=by)
    with pytest.raises(StillTreats):
        change_member(house.organisation, therese, but(therese, venues={house.marais.id: 1}), version=None, by=by)
    both = {house.lutetia.id: 3, house.marais.id: 1}
    changed = change_member(house.organisation, therese, but(therese, venues=both), version=None, by=by)
    assert {link.venue_id: link.priority for link in changed.venue_links} == both


def test_a_manager_leaves_the_other_venue_as_it_is(house: House) -> None:
    zoe = make_member(house.organisation, house.lutetia, house.marais, first_name="Zoé")
    with pytest.raises(NotOverYou):
        change_member(
            house.organisation, zoe, but(zoe, venues={house.lutetia.id: 1}), version=None, by=as_desk(house.maud)
        )
    ranks = {house.lutetia.id: 5, house.marais.id: 1}
    changed = change_member(house.organisation, zoe, but(zoe, venues=ranks), version=None, by=as_desk(house.maud))
    assert {link.venue_id: link.priority for link in changed.venue_links} == ranks


def test_over_a_newer_change_nothing_is_written(house: House) -> None:
    change_member(house.organisation, house.marc, but(house.marc, first_name="Max"), version=1, by=as_desk(house.maud))
    with pytest.raises(NewerMember):
        change_member(
            house.organisation, house.marc, but(house.marc, first_name="Moritz"), version=1, by=as_desk(house.ada)
        )
    assert house.marc.first_name == "Max"
    lines = [line for line in audit_lines() if line.verb == "member:changed"]
    assert [line.details["fields"] for line in lines] == [["first_name"]]


def test_the_page_shows_both_and_asks(client: PageClient, house: House) -> None:
    sign_in(client, house.maud)
    url = f"/o/maison-lutece/team/{house.marc.uuid}"
    form = f".//form[@action='{url}']"
    client.get(url)
    drawn = client.page
    change_member(house.organisation, house.marc, but(house.marc, first_name="Max"), version=1, by=as_desk(house.ada))
    client.page = drawn
    assert client.submit(form, {"first_name": "Moritz"}).status_code == 409
    assert "Max" in client.page.text
    assert client.page.one(".//input[@name='first_name']").get("value") == "Moritz"
    assert client.submit(form).status_code == 303
    assert "Moritz" in client.get(url).text


def test_an_admin_resets_a_lost_second_step_with_her_own_password(client: PageClient, house: House) -> None:
    set_up(house.maud)
    url = f"/o/maison-lutece/team/{house.maud.uuid}"
    sign_in(client, house.ada)
    client.get(url)
    form = f".//form[@action='{url}/second-step/reset']"
    assert client.submit(form, {"reset-current": "wrong"}).status_code == 422
    assert find_factor(house.maud) is not None
    assert client.submit(form, {"reset-current": PASSWORD}).status_code == 303
    assert find_factor(house.maud) is None
    assert "member:second_factor_reset" in [line.verb for line in audit_lines()]


def test_nobody_resets_her_own_and_a_manager_nobodys(house: House) -> None:
    set_up(house.ada)
    for by in (house.ada, house.maud):
        with pytest.raises(NotOverYou):
            reset_factor(house.organisation, house.ada, by=as_desk(by))
    assert find_factor(house.ada) is not None
