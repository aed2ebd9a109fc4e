"""Text that people and partners wrote is text: markup in every column of every table stays words on every page."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, String, Table, update
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from portal.database import Base, db
from tests.matrix.asking import address
from tests.matrix.bad_values import LURE, MARKUP, TEMPLATE
from tests.matrix.declared import OK, PAGES
from tests.matrix.people import Person
from tests.matrix.quiet import judge
from tests.matrix.world import World
from tests.support.inspect_document import document_faults
from tests.support.page import Page

TEXT = f"{TEMPLATE}{MARKUP}'{LURE}<!--"
# Codes without which nothing works; other columns that hold codes refuse the text by themselves.
CODES = {
    "category", "currency", "door", "email", "email_key", "guest_language", "key", "locale", "name_key",
    "password_hash", "phone", "prefix", "secret_hash", "slug", "timezone", "token_hash", "type",
}  # fmt: skip
READING = [route for route in PAGES if route.startswith("GET") and not route.startswith(("GET live", "GET health"))]


@pytest.fixture
def scrawled(world: World) -> World:
    """The world with markup in every column that holds free text."""
    written = sum(
        _scrawl(table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and column.name not in CODES and not column.unique
    )
    db.session.commit()
    assert written > 20, "Hardly a column was written: this test would prove nothing."
    return world


def test_pages_show_it_as_text(app: Flask, scrawled: World, people: dict[str, Person]) -> None:
    shown = 0
    for route in READING:
        for place, row in PAGES[route].rows.items():
            for actor in ("therese", "camille", "ada"):
                if row[actor] != OK:
                    continue
                for query in ("", "?by=room", "?lang=fr"):
                    client = people[actor].client
                    client.look = _ignore  # type: ignore[method-assign]  # wording is not the point
                    answer = client.get(address(app, route, scrawled, place) + query)
                    judge(answer)
                    if answer.mimetype == "text/html" and answer.status_code == 200:
                        _assert_harmless(Page(answer.text), f"{route} at {place} by {actor}")
                        shown += "onload" in answer.text
                    answer.close()
    assert shown > 5, "The markup stands on hardly a page: this test would prove nothing."


def _scrawl(table: Table, column: Column[Any]) -> bool:
    text = TEXT[: column.type.length or None]  # type: ignore[attr-defined]  # of a String
    try:
        with db.session.begin_nested():
            db.session.execute(update(table).values({column: text}).where(column.is_not(None)))
    except IntegrityError:
        return False
    return True


def _ignore(response: TestResponse) -> None:
    """The page is looked at below."""


def _assert_harmless(page: Page, asked: str) -> None:
    faults = list(document_faults(page))
    lured = [element.tag for element in page.root.iter() if element.get("hx-get") == "/x"]
    assert not faults, f"{asked}: {faults}"
    assert not lured, f"{asked}: text became the attribute hx-get of {lured}"
