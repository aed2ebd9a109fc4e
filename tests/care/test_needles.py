"""Fifty needles are written into health notes through both doors, and nowhere is one of them found in the clear."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from portal.care import service
from portal.database import Base, db
from portal.models import Booking, Customer
from portal.persons.export import export_person
from tests.bookings.conftest import Book, accept, book
from tests.bookings.test_move_booking import desk
from tests.factories import House, make_customer
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

__all__ = ["book"]

NEEDLES = [f"aiguille{number:02d}q7c4" for number in range(51)]
FIELDS = ("allergies", "contraindications", "remarks")


@pytest.fixture
def guests(house: House) -> list[Customer]:
    return [make_customer(house.organisation, last_name=f"Caron{chr(97 + number)}") for number in range(9)]


@pytest.fixture
def visit(house: House, book: Book, guests: list[Customer]) -> Booking:
    booking = book("10:00", customer=guests[0])
    accept(house, booking, house.therese)
    return booking


def test_none_is_found(
    client: PageClient,
    house: House,
    guests: list[Customer],
    visit: Booking,
    caplog: pytest.LogCaptureFixture,
) -> None:
    _write(client, house, guests, visit)
    assert _found(house, guests, caplog.text) == set()


def test_without_sealing_they_are_found(
    client: PageClient, house: House, guests: list[Customer], visit: Booking,
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The control: were the notes not sealed, this search would see them."""
    monkeypatch.setattr(service, "seal", _as_it_is)
    monkeypatch.setattr(service, "unseal", lambda sealed, **_where: sealed.decode())
    _write(client, house, guests, visit)
    # Of the first guest only what was written last still stands there.
    assert _found(house, guests, caplog.text) >= set(NEEDLES[3:27]) | set(NEEDLES[-3:])


def _write(client: PageClient, house: House, guests: list[Customer], visit: Booking) -> None:
    needles = iter(NEEDLES)
    sign_in(client, house.maud)
    for guest in guests:
        page = f"/v/lutetia/guests/{guest.uuid}"
        client.get(page)
        client.submit(f".//form[@action='{page}/health']")
        answer = client.submit(f".//form[@action='{page}/health/write']", _words(needles))
        assert answer.status_code == 303
    sign_in(client, house.therese)
    client.get("/my/day")
    care = f"/v/lutetia/my/visits/{visit.items[0].uuid}/care"
    for version in range(1, 9):
        data = {**_words(needles), "version": str(version)}
        assert client.hx(f"{care}/write", method="POST", data=data).status_code == 200, version
    assert next(needles, None) is None


def _as_it_is(written: str, **_where: str) -> tuple[str, bytes]:
    return "none", written.encode()


def _words(needles: Iterator[str]) -> dict[str, str]:
    return {**{field: next(needles) for field in FIELDS}, "consent": "y"}


def _found(house: House, guests: list[Customer], logs: str) -> set[str]:
    """Which needles stand in the clear: in any table, in the database's files, in logs, in what others are handed."""
    db.session.commit()
    others = guests[1], make_customer(house.organisation, last_name="Ailleurs")
    exports = [export_person(house.organisation, customer=one, by=desk(house)).as_json() for one in others]
    seen = [logs, *_tables(), *_files(), *exports]
    return {needle for needle in NEEDLES if any(needle in place for place in seen)}


def _tables() -> Iterator[str]:
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')):  # noqa: S608  (names of our own)
                yield "\n".join(map(_plain, row))


def _files() -> Iterator[str]:
    url = db.engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    path = Path(url.database)
    for file in path.parent.glob(f"{path.name}*"):
        yield file.read_bytes().decode("latin-1")


def _plain(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return json.dumps(value, default=str, ensure_ascii=False)
