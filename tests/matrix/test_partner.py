"""Every operation of the partner API × every kind of key × every place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.clock import now
from portal.partners.scopes import Scope
from tests.factories import House, make_key
from tests.matrix.asking import address, partner_words, places_of
from tests.matrix.conftest import Scene
from tests.matrix.declared import KEYS, OK, PARTNER, Verdict
from tests.matrix.fingerprint import changed, fingerprint
from tests.matrix.people import NewClient, Person
from tests.matrix.world import PLACES, World, found

READING = [route for route in PARTNER if route.startswith("GET")]
WRITING = [route for route in PARTNER if route.startswith("POST")]
REACH: dict[str, tuple[str, ...]] = {
    "key of lutetia": ("lutetia",),
    "key of marais": ("marais",),
    "neighbour's key": ("chamonix",),
}


@pytest.mark.parametrize("route", READING)
def test_reading(app: Flask, world: World, people: dict[str, Person], new_client: NewClient, route: str) -> None:
    held = hold_keys(world.house, PARTNER[route].scope)
    before = fingerprint()
    for place, key, verdict in _cases(route):
        judge(world, route, place, key, verdict, ask(app, world, people, new_client, route, place, held, key))
    assert not changed(before, fingerprint()), f"{route} reads, but it changed {changed(before, fingerprint())}"


@pytest.mark.parametrize("route", WRITING)
def test_a_refused_write(
    app: Flask, world: World, people: dict[str, Person], new_client: NewClient, route: str
) -> None:
    held = hold_keys(world.house, PARTNER[route].scope)
    before = fingerprint()
    for place, key, verdict in _cases(route):
        if verdict != OK:
            judge(world, route, place, key, verdict, ask(app, world, people, new_client, route, place, held, key))
    assert not changed(before, fingerprint()), f"{route} was refused, but it changed {changed(before, fingerprint())}"


@pytest.mark.parametrize("route", WRITING)
def test_a_write_that_is_let_in(app: Flask, anew: Callable[[], Scene], new_client: NewClient, route: str) -> None:
    for place, key, verdict in _cases(route):
        if verdict == OK:
            world, people = anew()
            held = hold_keys(world.house, PARTNER[route].scope)
            before = fingerprint()
            answer = ask(app, world, people, new_client, route, place, held, key)
            judge(world, route, place, key, verdict, answer)
            assert changed(before, fingerprint()), f"{route} at {place} by {key} said {answer.status} and did nothing"


def hold_keys(house: House, scope: Scope | None) -> dict[str, str | None]:
    """The key behind each name of KEYS, for an operation with this scope."""
    others = [str(one) for one in Scope if one is not scope]
    good = house.key
    made = {
        "revoked key": make_key(house.organisation, revoked_at=now()),
        "management key": make_key(house.organisation, surface="management"),
        "all scopes but its own": make_key(house.organisation, scopes=others),
        "its scope only": make_key(house.organisation, scopes=[str(scope)]),
        "test key": make_key(house.organisation, test=True),
        "key of lutetia": make_key(house.organisation, venue_id=house.lutetia.id),
        "key of marais": make_key(house.organisation, venue_id=house.marais.id),
        "neighbour's key": make_key(house.neighbour),
    }
    plain: dict[str, str | None] = {
        "no key": None,
        "no key but a session": None,
        "malformed key": good.upper(),
        "unknown key": f"sk_live_ffffffff_{good.rpartition('_')[2]}",
        "wrong secret": f"{good[:-4]}beef",
        "all scopes": good,
    }
    return plain | {name: key for name, (key, _row) in made.items()}


def ask(
    app: Flask, world: World, people: dict[str, Person], new_client: NewClient, route: str, place: str,
    held: dict[str, str | None], key: str,
) -> TestResponse:  # fmt: skip
    method = route.split(maxsplit=1)[0]
    client = people["ada"].client if key == "no key but a session" else new_client()
    headers = {"Authorization": f"Bearer {held[key]}"} if held[key] else {}
    return client.open(
        address(app, route, world, place), method=method, headers=headers, **partner_words(route, world, place)
    )


def judge(world: World, route: str, place: str, key: str, verdict: Verdict, answer: TestResponse) -> None:
    """Raise AssertionError when the answer is another one than declared, or tells what it must not tell."""
    asked = f"{route} at {place} with {key}"
    status = PARTNER[route].status if verdict == OK else verdict
    assert answer.status_code == status, f"{asked}: declared is {verdict} ({status}), answered was {answer.status}"
    assert answer.mimetype == "application/json", f"{asked}: {answer.mimetype}"
    text = f"{answer.headers}\n{answer.get_data(as_text=True)}"
    slugs = (list(places_of(place)) or REACH.get(key, ("lutetia", "marais"))) if verdict == OK else []
    allowed = {word for slug in slugs for word in world.canaries(slug)}
    told = found({word for slug in PLACES for word in world.canaries(slug)} - allowed, text)
    assert not told, f"{asked} ({answer.status}) tells {sorted(told)}, which is none of their business:\n{text[:2000]}"
    if verdict == OK:
        for kind in PARTNER[route].shows:
            words = set(world.places[slugs[0]].canaries[kind])
            assert found(words, text), f"{asked} shows nothing of {kind}: {sorted(words)}"


def _cases(route: str) -> list[tuple[str, str, Verdict]]:
    rows = PARTNER[route].rows
    return [(place, key, rows[place][key]) for place in rows for key in KEYS]
