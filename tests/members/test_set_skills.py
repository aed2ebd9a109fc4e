"""Who can do what: ticked in a matrix; none ticked means all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from portal.members.errors import NewerMember
from portal.members.skills.queries import pairs_of
from portal.members.skills.service import set_skills, state_of
from tests.factories import House, make_member, make_treatment, qualify
from tests.members.people import as_desk
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import Statements

CountStatements = Callable[[], AbstractContextManager[Statements]]
URL, FORM = "/v/lutetia/team/skills", ".//form[@action='/v/lutetia/team/skills']"


def test_what_is_ticked_is_what_she_can_do(house: House) -> None:
    facial = make_treatment(house.lutetia)
    changed = set_skills(house.lutetia, {house.therese.id: [facial.id]}, by=as_desk(house.maud))
    assert [one.id for one in changed] == [house.therese.id]
    assert pairs_of(house.lutetia) == {(house.therese.id, facial.id)}
    assert set_skills(house.lutetia, {house.therese.id: [facial.id]}, by=as_desk(house.maud)) == []
    set_skills(house.lutetia, {house.therese.id: []}, by=as_desk(house.maud))
    assert pairs_of(house.lutetia) == set()


def test_other_venues_and_other_people_stay_as_they_are(house: House) -> None:
    elsewhere = make_treatment(house.marais)
    zoe = make_member(house.organisation, house.lutetia, house.marais)
    qualify(zoe, elsewhere)
    set_skills(house.lutetia, {zoe.id: [house.massage.id, elsewhere.id]}, by=as_desk(house.maud))
    assert pairs_of(house.lutetia) == {(zoe.id, elsewhere.id), (zoe.id, house.massage.id)}
    set_skills(house.lutetia, {zoe.id: []}, by=as_desk(house.maud))
    assert pairs_of(house.lutetia) == {(zoe.id, elsewhere.id)}


def test_over_a_newer_change_nothing_is_written(house: House) -> None:
    seen = state_of(pairs_of(house.lutetia))
    set_skills(house.lutetia, {house.marc.id: [house.massage.id]}, by=as_desk(house.ada))
    with pytest.raises(NewerMember):
        set_skills(house.lutetia, {house.marc.id: []}, seen=seen, by=as_desk(house.maud))
    assert pairs_of(house.lutetia) == {(house.marc.id, house.massage.id)}


def test_through_the_page(client: PageClient, house: House) -> None:
    facial = make_treatment(house.lutetia, name="Soin du visage")
    sign_in(client, house.maud)
    client.get(URL)
    assert len(client.page.all(".//input[@name='can']")) == 4
    words = {
        "csrf_token": client.page.csrf_token, "seen": state_of(pairs_of(house.lutetia)),
        "of": [str(house.therese.uuid), str(house.marc.uuid)], "can": [f"{house.marc.uuid} {facial.uuid}"],
    }  # fmt: skip
    assert client.post(URL, data=words).status_code == 303
    assert pairs_of(house.lutetia) == {(house.marc.id, facial.id)}
    assert client.post(URL, data=words).status_code == 409, "it was ticked on what is no more"
    sign_in(client, house.camille)
    client.get(URL)
    assert all(box.get("disabled") is not None for box in client.page.all(".//input[@name='can']"))


def test_a_large_matrix_costs_no_more(client: PageClient, house: House, statements: CountStatements) -> None:
    for _number in range(8):
        make_member(house.organisation, house.lutetia)
        make_treatment(house.lutetia)
    sign_in(client, house.maud)
    with statements() as sent:
        client.get(URL)
    sent.at_most(9)
