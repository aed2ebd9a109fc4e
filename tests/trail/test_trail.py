"""The audit trail: a sentence for every verb, filters, pages without gaps, a safe file, nothing of health."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask_babel import force_locale
from sqlalchemy import Connection, event, insert, select, text

import portal.audit as audit
from portal.access import Permission
from portal.audit import SYSTEM, Actor
from portal.clock import now
from portal.database import db
from portal.models import AuditEntry
from portal.partners.scopes import SURFACES
from portal.session.onetime.service import LIVES
from portal.trail.queries import Wanted, lines_of
from portal.trail.words import KINDS, SENTENCES, sentence
from tests.factories import House, make_customer, save
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.source import modules
from tests.support.statements import Statements

PAGE = "/o/maison-lutece/trail/"
VERB = re.compile(r"[a-z_]+:[a-z_]+")
# They look like verbs: channels of open pages, a program, rights, scopes.
NO_VERBS = {"wsgi:app", "changed:offers", "changed:proposals", "changed:rota", "therapists:read"}

PUT_TOGETHER = {
    "customer:…": ("customer:blocked", "customer:deposit_required"),
    "member:…_link_made": tuple(f"member:{purpose}_link_made" for purpose in LIVES),
}
# Steps that are handed on before they are told: `session:{attended, missed, expected}`.
HANDED_ON = ("session:attended", "session:missed", "session:expected")


@pytest.fixture
def ada(client: PageClient, house: House) -> PageClient:
    sign_in(client, house.ada)
    return client


def line(house: House, verb: str = "booking:moved", *, ago: int = 1, **given: Any) -> AuditEntry:
    """A line so many minutes ago."""
    usual = {
        "organisation_id": house.organisation.id, "at": now() - timedelta(minutes=ago), "actor_kind": "member",
        "actor": house.camille.uuid, "actor_name": "Camille", "door": "agenda", "verb": verb, "details": {},
    }  # fmt: skip
    return save(AuditEntry(**usual | given))


def test_every_verb_has_its_sentence_in_both_languages(house: House) -> None:
    others = NO_VERBS | set(Permission) | {scope for scopes in SURFACES.values() for scope in scopes}
    written = {
        node.value
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and VERB.fullmatch(node.value)
    }
    # What is both a right and a verb stands in the list already.
    assert written - others - set(SENTENCES) == set(), "Say in portal/trail/words.py what these lines mean."
    nouns = {noun for _word, nouns in KINDS.values() for noun in nouns}
    assert {verb.partition(":")[0] for verb in SENTENCES} <= nouns, "Every noun is of a kind that can be asked for."
    told = {}
    for language in ("en", "fr"):
        with force_locale(language):
            told[language] = {verb: sentence(verb) for verb in SENTENCES}
    assert told["en"]["booking:moved"] == "Booking moved"
    assert [verb for verb in SENTENCES if told["fr"][verb] == told["en"][verb]] == []


def test_a_verb_put_together_is_known() -> None:
    """`f"customer:{…}"` hides from the test above: whoever writes one says here which verbs it can become."""
    told = {
        "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in call.args[1].values)
        for module in modules()
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).rpartition(".")[2] == "record"
        and len(call.args) > 1
        and isinstance(call.args[1], ast.JoinedStr)
    }
    assert told == set(PUT_TOGETHER), "Say in PUT_TOGETHER which verbs this can become."
    assert {verb for verbs in PUT_TOGETHER.values() for verb in verbs} | set(HANDED_ON) <= set(SENTENCES)


def test_it_tells_who_what_when_and_about_whom(ada: PageClient, house: House) -> None:
    guest = make_customer(house.organisation, first_name="Léa", last_name="Martin")
    with_link = Actor.of_member(house.camille, door="agenda")
    audit.record(with_link, "customer:edited", guest, fields=["phone"])
    audit.record(SYSTEM, "booking:completed", guest)
    line(house, "room:changed", details={"changes": {"name": ["Seine", "Loire"]}}, subject=house.rooms[0].uuid)
    line(house, "care:written", subject=guest.uuid, details={"text": "Noix"})
    line(house, "booking:moved", organisation_id=house.neighbour.id, actor_name="Stranger")
    db.session.commit()
    page = ada.get(PAGE, headers={"Accept-Language": "fr"}).text
    assert "Léa Martin" in page
    assert f"/guests/{guest.uuid}" in page
    assert "Seine → Loire" in page
    assert "Noix" not in page
    assert "Stranger" not in page


def test_found_by_person_kind_venue_time_and_subject(ada: PageClient, house: House) -> None:
    guest = make_customer(house.organisation)
    line(house, "booking:moved", actor_name="Qui", ago=5)
    line(house, "room:created", actor=house.maud.uuid, actor_name="Maud", venue_id=house.marais.id)
    line(house, "booking:completed", actor=None, actor_kind="system", actor_name="Thermes")
    line(house, "customer:noted", subject=guest.uuid)
    line(house, "shift:planned", ago=60 * 24 * 40)
    day = (now() - timedelta(days=40)).date()
    asked = {
        f"who={house.maud.uuid}": ["Room made"], "who=thermes": ["Booking completed"], "kind=settings": ["Room made"],
        "venue=marais": ["Room made"], f"about={guest.uuid}": ["Note about a guest written"],
        f"since={day - timedelta(days=1)}&until={day + timedelta(days=1)}": ["Shift planned"],
        "kind=guests&venue=marais": [],
    }  # fmt: skip
    for query, expected in asked.items():
        assert _said(ada, query) == expected, query
    assert len(_said(ada, "")) >= 4


def test_pages_leave_nothing_out_and_take_few_statements(
    ada: PageClient, house: House, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    moment = now() - timedelta(minutes=9)
    rows = [line(house, "booking:moved", at=moment, details={"n": number}) for number in range(120)]
    assert len(rows) == 120
    query, seen = f"who={house.camille.uuid}", 0
    for _page in range(3):
        with statements() as sent:
            text = ada.get(f"{PAGE}?{query}", headers={"Accept-Language": "en"}).text
        sent.at_most(20)
        seen += text.count("Booking moved")
        older = re.search(r'href="[^"]*[?]([^"]*before=[^"]*)"', text)
        query = older[1].replace("&amp;", "&") if older else ""
    assert (seen, query) == (120, ""), "Lines of the same instant are all told, once."


def test_however_long_it_is_an_index_leads_to_the_lines(house: House) -> None:
    guest = make_customer(house.organisation)
    many = [
        {
            "organisation_id": house.organisation.id, "at": now() - timedelta(minutes=number), "actor_kind": "system",
            "actor_name": "Thermes", "door": "worker", "verb": "booking:completed",
            "subject": guest.uuid if number == 7 else uuid4(),
        }
        for number in range(20_000)
    ]  # fmt: skip
    db.session.execute(insert(AuditEntry), many)
    db.session.execute(text("ANALYZE audit_entry"))
    year = Wanted(since=now() - timedelta(days=365), until=now() + timedelta(days=1))
    leading = {
        "ix_audit_entry_organisation_id_at": (year, replace(year, before=(now() - timedelta(days=5), 1))),
        "ix_audit_entry_subject": (replace(year, about=guest.uuid),),
    }
    for index, questions in leading.items():
        for wanted in questions:
            assert index in _plan(house, wanted)
            assert "Seq Scan on audit_entry" not in _plan(house, wanted)


@pytest.mark.parametrize(
    "query",
    [
        "who=x&venue=chamonix&kind=drop&since=2026-02-30&until=%00&about=1&before=~",
        "before=2026-01-01T00:00:00~1",
        "before=2026-01-01T00:00:00%2B00:00~9999999999999999999",
        "since=9999-12-31&until=0001-01-01",
        "kind=" + "x" * 5000,
    ],
)
def test_odd_questions_are_answered(ada: PageClient, query: str) -> None:
    assert ada.get(f"{PAGE}?{query}").status_code == 200


def test_the_file_is_safe_and_told(ada: PageClient, house: House) -> None:
    line(house, "booking:moved", actor=uuid4(), actor_name="=cmd|' /C calc'!A1")
    ada.get(PAGE)
    answer = ada.post(f"{PAGE}export", data={"csrf_token": ada.page.csrf_token, "kind": "bookings"})
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert "'=cmd" in answer.text
    assert ";=cmd" not in answer.text
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "trail:exported")).one().subject == UUID(
        str(house.ada.uuid)
    )


def _plan(house: House, wanted: Wanted) -> str:
    """How the database finds the lines."""
    sent: list[tuple[str, Any]] = []
    connection = db.session.connection()
    with listening(connection, sent):
        lines_of(house.organisation, wanted)
    explain = "EXPLAIN " if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + sent[0][0], sent[0][1]))


@contextmanager
def listening(connection: Connection, sent: list[tuple[str, Any]]) -> Iterator[None]:
    """What is sent meanwhile, with its values."""

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        sent.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", note)


def _said(client: PageClient, query: str) -> list[str]:
    """The sentences on the page, in English."""
    text = client.get(f"{PAGE}?{query}", headers={"Accept-Language": "en"}).text
    return re.findall(r'trail-what">\s*<span><b>([^<]*)</b>', text)
