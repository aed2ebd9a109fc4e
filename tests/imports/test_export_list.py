"""The list of guests as a file: as it is filtered, safe in a spreadsheet, noted, and read again as it was."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import select

from portal.customers.finding.queries import MOST
from portal.database import db
from portal.imports.cells import guarded, unguarded
from portal.imports.service import check_lines, go_on_with_imports, take_in
from portal.models import AuditEntry
from portal.models.guest_import import SAME
from tests.factories import House, make_customer
from tests.persons.conftest import maud
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


@pytest.mark.parametrize("text", ["=1+1", "+33612345678", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text
    assert [guarded(one) for one in ("Léa", "d'Arcy", "'t Hooft", "")] == ["Léa", "d'Arcy", "'t Hooft", ""]
    assert unguarded("'t Hooft") == "'t Hooft"


def test_as_it_is_filtered_and_back_again(house: House, client: PageClient) -> None:
    make_customer(
        house.organisation, first_name="Zoé", last_name="d'Arcy; Fils", name_key="zoe d'arcy", language="en",
        phone="+33612345678",
    )  # fmt: skip
    make_customer(house.organisation, first_name="Paul", last_name="Ami", language="fr")
    sign_in(client, house.maud)
    client.get("/v/lutetia/guests?language=en")
    answer = client.submit(".//form[@id='export-list']")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert [row[:3] for row in rows[1:]] == [["d'Arcy; Fils", "Zoé", "'+33612345678"]]
    line = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "customer:list_exported")).one()
    assert (line.actor_name, line.details) == (house.maud.name, {"language": "en"})

    text = answer.data.replace(b"d'Arcy; Fils", b"d'Arcy")
    batch = take_in(house.lutetia, content=text, file_name="a.csv", by=maud(house))
    check_lines(house.lutetia, batch=batch, columns=batch.columns)
    go_on_with_imports()
    db.session.expire_all()
    assert batch.counts == {SAME: 1}


def test_a_search_is_taken_out_whole_however_many_it_finds(house: House, client: PageClient) -> None:
    many = MOST + 3
    for number in range(many):
        make_customer(house.organisation, first_name=f"X{number:03d}", last_name="Martin", email=None)
    make_customer(house.organisation, first_name="Paul", last_name="Ami")
    sign_in(client, house.maud)
    client.get("/v/lutetia/guests?q=martin&page=4&lang=en")
    assert f"The first {MOST} are shown" in client.page.text
    answer = client.submit(".//form[@id='export-list']")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert len({tuple(row) for row in rows[1:]}) == many
    assert {row[0] for row in rows[1:]} == {"Martin"}


def test_managers_only(house: House, client: PageClient) -> None:
    sign_in(client, house.camille)
    client.get("/v/lutetia/guests")
    assert not client.page.all(".//form[@id='export-list']")
    token = client.page.csrf_token
    assert client.post("/v/lutetia/guests/export.csv", data={"csrf_token": token}).status_code == 403
