"""Partners: made, renamed, listed; names are theirs alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from portal.models import Partner
from portal.partners.errors import NameTaken
from portal.partners.queries import find_named, partners_of
from portal.partners.service import create_partner, partner_named, rename_partner
from portal.settings.errors import Stale
from tests.factories import House, make_key
from tests.partners.conftest import admin, home, send, trail
from tests.support.client import PageClient
from tests.support.statements import Statements

ALL = "/o/maison-lutece/partners/"


def test_made_once_by_name_and_renamed_with_from_and_to(house: House) -> None:
    made = create_partner(house.organisation, name="ClassPass", by=admin(house))
    with pytest.raises(NameTaken):
        create_partner(house.organisation, name="ClassPass", by=admin(house))
    create_partner(house.neighbour, name="ClassPass", by=admin(house))
    rename_partner(house.organisation, partner=made, name="ClassPass France", version=made.version, by=admin(house))
    with pytest.raises(Stale):
        rename_partner(house.organisation, partner=made, name="X", version=1, by=admin(house))
    name = house.key_row.partner.name
    with pytest.raises(NameTaken):
        rename_partner(house.organisation, partner=made, name=name, version=None, by=admin(house))
    assert trail("partner:changed") == [{"changes": {"name": ["ClassPass", "ClassPass France"]}}]


def test_named_by_a_command_it_is_found_or_made(house: House) -> None:
    first = partner_named(house.organisation, "Hôtel")
    assert partner_named(house.organisation, "Hôtel") is first
    assert partner_named(house.neighbour, "Hôtel").organisation_id == house.neighbour.id


def test_the_list_in_few_statements(
    ada: PageClient, house: House, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    for name in ("ClassPass", "hôtel du Nord", "Accor"):
        create_partner(house.organisation, name=name, by=admin(house))
    make_key(house.organisation, name="Later")
    create_partner(house.neighbour, name="Secret", by=admin(house))
    with statements() as sent:
        page = ada.get(ALL).text
    sent.at_most(9)
    assert page.index("Accor") < page.index("ClassPass") < page.index("hôtel du Nord")
    assert "Secret" not in page
    assert [one.name for one in partners_of(house.neighbour)] == ["Secret"]


def test_the_page_makes_and_renames_and_says_what_is_wrong(ada: PageClient, house: House) -> None:
    assert send(ada, f"{ALL}new", {"name": "ClassPass"}).status_code == 303
    for bad in ("", "   ", "\x00", "x" * 201, "ClassPass"):
        answer = send(ada, f"{ALL}new", {"name": bad})
        assert answer.status_code == 422, bad
        assert 'aria-invalid="true"' in answer.text
    found = find_named(house.organisation, "ClassPass")
    assert isinstance(found, Partner)
    assert send(ada, f"{ALL}{found.uuid}", {"name": "CP", "version": "1"}).status_code == 303
    late = send(ada, f"{ALL}{found.uuid}", {"name": "Mine", "version": "1", "drawn": '{"name": "ClassPass"}'})
    assert late.status_code == 409
    assert "Mine" in late.text
    assert "CP" in late.text


def test_a_neighbours_partner_is_nowhere(ada: PageClient, house: House) -> None:
    theirs = create_partner(house.neighbour, name="Secret", by=admin(house))
    assert ada.get(f"{ALL}{theirs.uuid}").status_code == 404
    assert ada.get(f"{ALL}{theirs.uuid}/keys/{house.key_row.uuid}").status_code == 404
    assert ada.get(home(house)).status_code == 200
