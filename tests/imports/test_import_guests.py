"""A file of guests: nothing is done before it was tried, then all of it or nothing, however often a worker dies."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

import portal.imports.service as service
from portal.clock import frozen, now
from portal.customers.queries import find_guests
from portal.database import db
from portal.imports.errors import NotNow, WrongColumns, WrongFile
from portal.imports.service import call_off, check_lines, forget_imports, go_on_with_imports, take_in, take_over
from portal.imports.table import MOST_BYTES, shape_of
from portal.models import (
    AuditEntry,
    Customer,
    CustomerConsent,
    CustomerKey,
    CustomerNote,
    GuestImport,
    GuestImportLine,
    GuestMerge,
    OutboxEvent,
)
from portal.models.guest_import import CREATE, ERROR, SAME, UPDATE
from tests.factories import House, make_customer, save
from tests.persons.conftest import desk, maud

HEAD = "Prénom;Nom;Téléphone;E-mail;Langue;Note;Newsletter;Date du consentement\n"


def sent(house: House, text: str | bytes) -> GuestImport:
    content = text if isinstance(text, bytes) else text.encode()
    return take_in(house.lutetia, content=content, file_name="clients.csv", by=maud(house))


def tried(house: House, text: str | bytes, **columns: int) -> GuestImport:
    batch = sent(house, text)
    check_lines(house.lutetia, batch=batch, columns=columns or batch.columns)
    while go_on_with_imports():
        pass
    db.session.expire_all()
    return batch


def taken_over(house: House, text: str | bytes) -> GuestImport:
    batch = tried(house, text)
    take_over(house.lutetia, batch=batch, by=maud(house))
    while go_on_with_imports():
        pass
    db.session.expire_all()
    return batch


def lines(batch: GuestImport) -> dict[int, str]:
    rows = db.session.execute(
        select(GuestImportLine.number, GuestImportLine.action).where(GuestImportLine.import_id == batch.id)
    )
    return {row[0]: row[1] for row in rows}


def faults(batch: GuestImport) -> dict[int, list[str]]:
    rows = db.session.scalars(select(GuestImportLine).where(GuestImportLine.action == ERROR))
    return {row.number: [one["code"] for one in row.faults] for row in rows}


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_any_spreadsheet(encoding: str, sign: str) -> None:
    text = f"Prénom{sign}Nom{sign}Téléphone\nZoé{sign}Müller{sign}06 12 34 56 78\n\nÉlie{sign}Çelik{sign}\n"
    shape = shape_of(text.encode(encoding))
    assert (shape.encoding, shape.delimiter) == (encoding, sign)
    assert shape.header == ["Prénom", "Nom", "Téléphone"]
    assert (shape.total, shape.sample[0]) == (2, ["Zoé", "Müller", "06 12 34 56 78"])


def test_what_a_line_does(house: House) -> None:
    """The domain's rule: the phone first, then the address of a guest without phone, else a new one."""
    own = {"name_key": "lea martin", "first_name": "Léa", "last_name": "Martin"}
    by_phone = make_customer(house.organisation, phone="+33612345678", email=None, **{**own, "last_name": None})
    by_mail = make_customer(house.organisation, phone=None, email="A@example.org", email_key="a@example.org", **own)
    other = make_customer(house.organisation, email="b@example.org", email_key="b@example.org", first_name="Paul")
    batch = taken_over(
        house,
        HEAD
        + "Zoé;Petit;+33 6 99 99 99 99;zoe@example.org;en;Aime le silence;oui;01/02/2026\n"
        + "X;Martin;06.12.34.56.78;lea@example.org;;;;\n"
        + "Léa;Martin;0698765432;a@EXAMPLE.org;;;;\n"
        + "Ines;Roux;;b@example.org;;;;\n"
        + ";Durand;;;;;;\n"
        + "Zoé;Petit;0699999999;;;;;\n",
    )
    assert lines(batch) == {2: CREATE, 3: UPDATE, 4: UPDATE, 5: ERROR, 6: CREATE, 7: ERROR}
    assert faults(batch) == {5: ["others"], 7: ["twice"]}
    assert batch.counts == {CREATE: 2, UPDATE: 2, ERROR: 2}
    assert (by_phone.first_name, by_phone.last_name, by_phone.email) == ("Léa", "Martin", "lea@example.org")
    assert by_mail.phone == "+33698765432"
    assert other.first_name == "Paul"
    [zoe] = find_guests(house.organisation, "0699999999")
    assert (zoe.language, zoe.email_consent, zoe.sms_consent) == ("en", True, False)
    assert db.session.scalars(select(CustomerNote.text)).all() == ["Aime le silence"]
    consent = db.session.scalars(select(CustomerConsent)).one()
    assert (consent.way, consent.given, consent.at.date().isoformat()) == ("import", True, "2026-02-01")
    assert find_guests(house.organisation, "petit") == [zoe]
    assert batch.content is None


def test_nothing_is_done_by_trying(house: House) -> None:
    before = count(Customer), count(AuditEntry), count(OutboxEvent)
    batch = tried(house, HEAD + "Zoé;Petit;0699999999;;;;;\n")
    assert (batch.status, batch.counts) == ("checked", {CREATE: 1})
    assert (count(Customer), count(AuditEntry), count(OutboxEvent)) == before


def test_the_same_file_twice_changes_nothing(house: House) -> None:
    text = HEAD + "Zoé;Petit;0699999999;z@example.org;;Calme;oui;\n;Durand;;;;;;\nInes;Roux;;i@example.org;;;;\n"
    taken_over(house, text)
    before = count(Customer), count(CustomerNote), count(CustomerConsent), count(CustomerKey)
    batch = taken_over(house, text)
    assert batch.counts == {SAME: 3}
    assert (count(Customer), count(CustomerNote), count(CustomerConsent), count(CustomerKey)) == before


def test_a_withdrawal_outlasts_a_file(house: House) -> None:
    lea = make_customer(house.organisation, phone="+33699999999", email="z@example.org", email_key="z@example.org")
    save(
        CustomerConsent(
            organisation_id=house.organisation.id, customer_id=lea.id, channel="email", given=False, way="reply",
            actor_name="Léa",
        )
    )  # fmt: skip
    batch = taken_over(house, HEAD + "Hélène;Dupont;0699999999;z@example.org;;;oui;\n")
    assert batch.counts == {SAME: 1}
    assert not lea.email_consent


def test_a_former_number_is_known(house: House) -> None:
    lea = make_customer(house.organisation)
    save(
        GuestMerge(
            organisation_id=house.organisation.id, customer_id=lea.id, lost=house.camille.uuid, phone="+33699999999",
            by_name="M",
        )
    )  # fmt: skip
    batch = taken_over(house, HEAD + "Hélène;Dupont;0699999999;;;;;\n")
    assert batch.counts == {SAME: 1}


def test_bad_lines_say_why(house: House) -> None:
    batch = tried(
        house,
        HEAD
        + ";;0612345678;;;;;\n"
        + "123;Martin;;;;;;\n"
        + f"{'x' * 101};Martin;;;;;;\n"
        + "Zoé;Petit;pas un numéro;;;;;\n"
        + "Zoé;Petit;;pas une adresse;;;;\n"
        + "Zoé;Petit;;;klingon;;;\n"
        + "Zoé;Petit;;;;;peut-être;\n"
        + "Zoé;Petit;;;;;oui;31/02/2026\n"
        + "Zoé;Petit;;;;;oui;01/01/2999\n"
        + f"Zoé;Petit;;;;{'n' * 10_000};;\n"
        + '=HYPERLINK("x");Petit;;;;;;\n',
    )
    assert faults(batch) == {
        2: ["missing"], 3: ["no_name"], 4: ["too_long"], 5: ["no_phone"], 6: ["no_email"], 7: ["no_language"],
        8: ["no_yes"], 9: ["no_date"], 10: ["no_date"], 11: ["too_long"], 12: ["no_name"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"", b"  \n ", b"\0\0\0", b"nom;tel\nA\0B;1\n", b"PK\x03\x04zip", b"nom;tel\n", b'nom;tel\n"A;1\nB;2\n',
        b"nom\n" + b"A\n" * 20_001, b"a" * (MOST_BYTES + 1), (";" * 100 + "\nx\n").encode(),
        b"\xff\xfe\x00",
    ],
    ids=["empty", "blank", "nul", "nul-in-cell", "zip", "no-line", "quote", "long", "large", "wide", "half"],
)  # fmt: skip
def test_a_broken_file_changes_nothing(house: House, content: bytes) -> None:
    with pytest.raises(WrongFile):
        sent(house, content)
    assert count(GuestImport) == 0


def test_columns(house: House) -> None:
    batch = sent(house, "Client;Mobile;Courriel\nZoé Petit;0699999999;z@example.org\n")
    assert batch.columns == {"full_name": 0, "phone": 1, "email": 2}
    for wrong in ({"phone": 1}, {"first_name": 0, "last_name": 0}, {"last_name": 7}, {"nonsense": 0, "last_name": 1}):
        with pytest.raises(WrongColumns):
            check_lines(house.lutetia, batch=batch, columns=wrong)
    with pytest.raises(NotNow):
        take_over(house.lutetia, batch=batch, by=maud(house))


def test_five_thousand_lines(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """With progress shown in between; in less than twenty seconds of work, however busy the machine."""
    text = HEAD + "".join(
        f"Prénom{_letters(n)};Nom{_letters(n)};06{n:08d};guest{n}@example.org;fr;Note {n};oui;01/02/2025\n"
        for n in range(5000)
    )
    begun = time.process_time()
    batch = sent(house, text)
    check_lines(house.lutetia, batch=batch, columns=batch.columns)
    seen = _progress(monkeypatch)
    while go_on_with_imports():
        pass
    take_over(house.lutetia, batch=batch, by=maud(house))
    while go_on_with_imports():
        pass
    assert time.process_time() - begun < 20
    db.session.expire_all()
    assert (batch.status, batch.counts) == ("done", {CREATE: 5000})
    assert count(Customer) == count(CustomerNote) == count(CustomerConsent) == 5000
    assert seen == list(range(500, 5001, 500))


def test_a_worker_that_dies_doubles_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    text = HEAD + "".join(f"A;Nom{_letters(n)};06{n:08d};;;;;\n" for n in range(30)) + "B;Twin;0600000003;;;;;\n"
    monkeypatch.setattr(service, "CHUNK", 7)
    batch = sent(house, text)
    check_lines(house.lutetia, batch=batch, columns=batch.columns)
    _die_after(monkeypatch, "_check_some", 3)
    with pytest.raises(KeyboardInterrupt):
        go_on_with_imports()
    db.session.expire_all()
    assert (batch.status, batch.processed) == ("checking", 21)
    assert go_on_with_imports() == 0, "It is leased still."
    with frozen(now() + timedelta(minutes=2)):
        while go_on_with_imports():
            pass
    db.session.expire_all()
    assert batch.counts == {CREATE: 30, ERROR: 1}
    assert faults(batch) == {32: ["twice"]}

    take_over(house.lutetia, batch=batch, by=maud(house))
    _die_after(monkeypatch, "_write", 2)
    with pytest.raises(KeyboardInterrupt):
        go_on_with_imports()
    assert count(Customer) == 0, "Half of a file was taken over."
    with frozen(now() + timedelta(minutes=4)):
        while go_on_with_imports():
            pass
    assert count(Customer) == 30


def test_what_cannot_be_done_fails_in_the_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = tried(house, HEAD + "Zoé;Petit;0699999999;;;;;\n")
    take_over(house.lutetia, batch=batch, by=maud(house))
    _die_after(monkeypatch, "_write", 0, for_good=True)
    for attempt in range(6):
        with frozen(now() + timedelta(minutes=2 * attempt)):
            try:
                go_on_with_imports()
            except KeyboardInterrupt:
                db.session.rollback()
    db.session.expire_all()
    assert (batch.status, batch.content, count(Customer)) == ("failed", None, 0)


def test_who_came_in_between_is_not_doubled(house: House) -> None:
    batch = tried(house, HEAD + "Zoé;Petit;0699999999;;;;;\n")
    make_customer(house.organisation, first_name="Zoé", last_name="Petit", phone="+33699999999")
    take_over(house.lutetia, batch=batch, by=maud(house))
    go_on_with_imports()
    db.session.expire_all()
    assert (batch.counts, count(Customer)) == ({SAME: 1}, 1)


def test_cancelled(house: House) -> None:
    batch = tried(house, HEAD + "Zoé;Petit;0699999999;;;;;\n")
    call_off(house.lutetia, batch=batch)
    call_off(house.lutetia, batch=batch)
    assert (batch.status, batch.content, count(GuestImportLine)) == ("cancelled", None, 0)
    with pytest.raises(NotNow):
        take_over(house.lutetia, batch=batch, by=desk(house))


def test_forgotten(house: House) -> None:
    waits, done = tried(house, HEAD + "Zoé;Petit;0699999999;;;;;\n"), taken_over(house, HEAD + "A;B;;;;;;\n")
    assert forget_imports(at=now() + timedelta(days=6)) == 0
    forget_imports(at=now() + timedelta(days=31))
    db.session.expire_all()
    assert (waits.status, waits.content, done.status, count(GuestImportLine)) == ("cancelled", None, "done", 0)


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:04d}")


def _progress(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    seen: list[int] = []
    check = service._check_some

    def noting(*given: Any) -> int:
        taken = check(*given)
        seen.append(db.session.scalar(select(GuestImport.processed)) or 0)
        return taken

    monkeypatch.setattr(service, "_check_some", noting)
    return seen


def _die_after(monkeypatch: pytest.MonkeyPatch, name: str, times: int, *, for_good: bool = False) -> None:
    real, calls = getattr(service, name), [0]

    def dying(*given: Any) -> Any:
        calls[0] += 1
        if calls[0] == times + 1 or (for_good and calls[0] > times):
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(service, name, dying)
