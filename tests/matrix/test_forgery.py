"""Forged writes: without our token 400, from another site 403, and nothing is changed, by whoever's browser."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.matrix.asking import address
from tests.matrix.declared import OK, PAGES
from tests.matrix.fingerprint import changed, fingerprint
from tests.matrix.people import Person
from tests.matrix.world import World

# Tokens and origins are looked at before any database is asked: one of them is enough.
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True, scope="session")

MEMBERS = ("therese", "marc", "ada", "camille")
# What nobody is let into by being signed in has its own secret in the address, and its own tests.
FORMS = [
    route
    for route, page in PAGES.items()
    if route.startswith("POST") and any(next(iter(page.rows.values()))[member] == OK for member in MEMBERS)
]
FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)


@pytest.mark.parametrize("route", FORMS)
def test_without_a_good_token(app: Flask, world: World, people: dict[str, Person], route: str) -> None:
    before = fingerprint()
    person, url = people[_allowed(route)], address(app, route, world, _place(route))
    for forged in ({}, {"csrf_token": ""}, {"csrf_token": people["eve"].token}, {"csrf_token": "é\x00" * 50}):
        for headers in ({}, {"HX-Request": "true"}, {"HX-Request": "true", "X-CSRFToken": "é" * 50}):
            answer = person.client.post(url, data={**PAGES[route].form, **forged}, headers=headers)
            assert answer.status_code == 400, f"{route} with {forged} {headers}: {answer.status}"
            assert answer.data or answer.headers["HX-Trigger"], f"{route}: nothing to read"
    assert not changed(before, fingerprint()), f"{route} changed {changed(before, fingerprint())} without a token"


@pytest.mark.parametrize("route", FORMS)
def test_from_another_site(app: Flask, world: World, people: dict[str, Person], route: str) -> None:
    before = fingerprint()
    person, url = people[_allowed(route)], address(app, route, world, _place(route))
    for headers in FOREIGN:
        form = {**PAGES[route].form, "csrf_token": person.token}
        answer = person.client.post(url, data=form, headers=headers)
        assert answer.status_code == 403, f"{route} from {headers}: {answer.status}"
    assert not changed(before, fingerprint()), f"{route} changed {changed(before, fingerprint())} for another site"


def _place(route: str) -> str:
    return next(iter(PAGES[route].rows))


def _allowed(route: str) -> str:
    """Someone whom the route would let in."""
    row = PAGES[route].rows[_place(route)]
    return next(actor for actor in MEMBERS if row[actor] == OK)
