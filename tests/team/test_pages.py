"""Who works at a venue, and who for the organisation: read by the desk, the whole of it by admins."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from tests.factories import House, make_member
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import Statements

CountStatements = Callable[[], AbstractContextManager[Statements]]
VENUE, ALL = "/v/lutetia/team/", "/o/maison-lutece/team/"


def test_the_desk_reads_who_works_at_the_venue(client: PageClient, house: House) -> None:
    make_member(house.organisation, house.marais, first_name="Zoé")
    sign_in(client, house.camille)
    assert client.get(VENUE).status_code == 200
    for name in ("Thérèse", "Marc", "Camille", "Maud"):
        assert name in client.page.text
    assert "Zoé" not in client.page.text


def test_an_admin_reads_of_everybody(client: PageClient, house: House) -> None:
    make_member(house.organisation, house.marais, first_name="Zoé")
    sign_in(client, house.ada)
    assert client.get(ALL).status_code == 200
    for name in ("Thérèse", "Zoé", "Ada", "Spa du Marais"):
        assert name in client.page.text
    assert house.eve.email not in client.page.text


def test_who_has_left_stands_apart(client: PageClient, house: House) -> None:
    make_member(house.organisation, house.lutetia, first_name="Lou", active=False)
    sign_in(client, house.maud)
    client.get(VENUE)
    assert "Lou" not in client.page.text
    client.get(f"{VENUE}?left=yes")
    assert "Lou" in client.page.text
    assert "Marc" not in client.page.text


def test_the_organisation_of_others_is_not_there(client: PageClient, house: House) -> None:
    sign_in(client, house.eve)
    assert client.get(ALL).status_code == 404
    assert client.get("/o/nobody/team/").status_code == 404
    assert client.get("/o/%00/team/").status_code == 404
    assert client.get("/o/alpes-bien-etre/team/").status_code == 200


def test_a_long_list_costs_no_more(client: PageClient, house: House, statements: CountStatements) -> None:
    sign_in(client, house.ada)
    for _number in range(12):
        make_member(house.organisation, house.lutetia, house.marais)
    with statements() as sent:
        client.get(ALL)
    sent.at_most(7)
