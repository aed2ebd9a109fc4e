"""Everything of hers is in it, nothing of anybody else; health notes for the right eyes, and the look is noted."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from sqlalchemy import select

from portal.audit import Actor
from portal.care.queries import list_looks
from portal.database import db
from portal.models import AuditEntry
from portal.persons.export import HEALTH, WITHHELD, export_person
from portal.persons.map import MAP
from tests.factories import House, make_customer
from tests.persons.conftest import Life, desk, maud
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

Lives = tuple[Life, Life]


def test_all_of_hers_and_nothing_of_others(house: House, lives: Lives) -> None:
    hers, others = lives
    export = export_person(house.organisation, customer=others.customer, by=maud(house))
    told = export.as_json()
    assert set(export.parts) == {one.told for one in MAP if one.told} | {HEALTH, "linked_people"}
    assert "nadel" not in told
    assert str(hers.customer.uuid) not in told
    assert "Paul" in str(export.parts["linked_people"])
    for part in set(export.parts) - {"trail", "treated_by", "linked_people", "places", "payments", "treatments"}:
        assert "faden" in str(export.parts[part]) or part in {"history", "merged", "tickets", "profile"}, part
    assert export.parts["profile"][0]["email"] == "faden@example.org"
    [booking] = export.parts["bookings"]
    assert (booking["venue"], booking["therapist"], booking["price_minor"]) == ("Spa Lutèce", "Thérèse", 9500)
    assert {one["treatment"] for one in export.parts["treatments"]} == {"Massage relaxant"}
    assert json.loads(told)["bookings"][0]["id"] == str(others.booking.uuid)


def test_that_it_was_handed_out_is_noted(house: House, lives: Lives) -> None:
    customer = lives[0].customer
    export_person(house.organisation, customer=customer, by=maud(house))
    query = select(AuditEntry.actor_name).where(AuditEntry.verb == "customer:exported")
    assert db.session.scalars(query).all() == [house.maud.name]
    look = list_looks(house.organisation, customer.uuid)[0]
    assert (look.verb, look.actor_name) == ("care:read", house.maud.name)


def test_health_is_not_for_everybody(house: House, lives: Lives) -> None:
    customer = lives[1].customer
    assert export_person(house.organisation, customer=customer, by=maud(house)).parts[HEALTH][0]["allergies"] == "faden"
    for member in (house.camille, house.marc):
        export = export_person(house.organisation, customer=customer, by=Actor.of_member(member, door="agenda"))
        assert export.parts[HEALTH] == [{"notes": WITHHELD}]


def test_somebody_of_whom_nothing_is_known(house: House) -> None:
    lea = make_customer(house.organisation)
    assert set(export_person(house.organisation, customer=lea, by=desk(house)).parts) == {"profile"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_zip_holds_a_page_and_a_file(house: House, lives: Lives, client: PageClient, language: str) -> None:
    customer = lives[1].customer
    sign_in(client, house.maud)
    client.get(f"/v/lutetia/guests/{customer.uuid}/data?lang={language}")
    answer = client.submit(".//form[@id='export-form']")
    assert answer.mimetype == "application/zip"
    assert 'filename="fadena-fadenissime.zip"' in answer.headers["Content-Disposition"]
    box = zipfile.ZipFile(io.BytesIO(answer.data))
    page = box.read("fadena-fadenissime.html").decode()
    assert json.loads(box.read("fadena-fadenissime.json"))["profile"][0]["first_name"] == "fadena"
    assert f'<html lang="{language}">' in page
    assert {"fr": "95,00\u00a0€", "en": "€95.00"}[language] in page
    assert "fadena" in page
