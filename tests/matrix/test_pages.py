"""Every page and form × everyone × every place: the declared answer, no foreign word, no change by a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.database import db
from portal.live.hub import hub_of
from tests.live.conftest import empty
from tests.matrix.asking import address, places_of
from tests.matrix.conftest import Scene
from tests.matrix.declared import LOGIN, OK, PAGES, Verdict
from tests.matrix.fingerprint import changed, fingerprint
from tests.matrix.people import ACTORS, MEMBERS, OUTSIDERS, Person
from tests.matrix.world import NAMES, PLACES, World, found

READING = [route for route in PAGES if route.startswith("GET")]
WRITING = [route for route in PAGES if route.startswith("POST")]
# A server with threads: without them the live stream sends pages to poll.
THREADS = {"wsgi.multithread": True}
# Which venues a member may enter; an outsider's page may not even name one.
ENTERS = {"ada": ("lutetia", "marais"), "eve": ("chamonix",), **dict.fromkeys(OUTSIDERS, ())}
# What a write may touch without getting into the way of the next one.
HARMLESS = {"login_session", "staff_member"}


@pytest.fixture(autouse=True)
def no_stream_stays(app: Flask) -> Iterator[None]:
    """Each test leaves an empty hub behind."""
    yield
    empty(hub_of(app, db.engine))


@pytest.mark.parametrize("route", READING)
def test_reading(app: Flask, world: World, people: dict[str, Person], route: str) -> None:
    before = fingerprint()
    for place, actor, verdict in _cases(route):
        answer = ask(app, world, people[actor], route, place)
        judge(world, route, place, actor, verdict, answer)
    assert not changed(before, fingerprint()), f"{route} reads, but it changed {changed(before, fingerprint())}"


@pytest.mark.parametrize("route", WRITING)
def test_a_refused_write(app: Flask, world: World, people: dict[str, Person], route: str) -> None:
    before = fingerprint()
    for place in PAGES[route].rows:
        for _place, actor, verdict in _cases(route):
            if _place == place and verdict != OK:
                judge(world, route, place, actor, verdict, ask(app, world, people[actor], route, place))
        difference = changed(before, fingerprint())
        assert not difference, f"{route} at {place} was refused to all, and yet it changed {difference}"


@pytest.mark.parametrize("route", WRITING)
def test_a_write_that_is_let_in(app: Flask, anew: Callable[[], Scene], route: str) -> None:
    world, people = anew()
    before = fingerprint()
    for place, actor, verdict in _cases(route):
        if verdict == OK:
            judge(world, route, place, actor, verdict, ask(app, world, people[actor], route, place))
            if {name.split()[0] for name in changed(before, fingerprint())} - HARMLESS:
                world, people = anew()
                before = fingerprint()


def ask(app: Flask, world: World, person: Person, route: str, place: str) -> TestResponse:
    method = route.split(maxsplit=1)[0]
    form = {"csrf_token": person.token, **PAGES[route].form} if method == "POST" else None
    url = address(app, route, world, place)
    return person.client.open(
        url, method=method, data=form, headers=person.headers, environ_overrides=THREADS, buffered=False
    )


def judge(world: World, route: str, place: str, actor: str, verdict: Verdict, answer: TestResponse) -> None:
    """Raise AssertionError when the answer is another one than declared, or tells what it must not tell."""
    asked = f"{route} at {place} by {actor}"
    status = {OK: PAGES[route].status, LOGIN: 303}.get(str(verdict), verdict)
    assert answer.status_code == status, f"{asked}: declared is {verdict} ({status}), answered was {answer.status}"
    if verdict == LOGIN:
        assert str(answer.location).startswith("/login"), f"{asked}: led to {answer.location}"
    text = _text(answer).replace(answer.request.path, "")  # what was asked for is no news to whoever asks
    allowed = _allowed(world, place, actor) if verdict == OK else set()
    canaries = {word for slug in PLACES for word in (*world.canaries(slug), NAMES[slug])}
    told = found(canaries - allowed - {NAMES[slug] for slug in ENTERS.get(actor, ("lutetia",))}, text)
    assert not told, f"{asked} ({answer.status}) tells {sorted(told)}, which is none of their business:\n{text[:2000]}"
    if verdict == OK:
        _judge_shown(world, route, place, actor, text)


def _judge_shown(world: World, route: str, place: str, actor: str, text: str) -> None:
    """A canary that stands nowhere would prove nothing."""
    for kind in PAGES[route].shows:
        words = set(world.places[next(places_of(place), "lutetia")].canaries[kind]) - (
            world.secrets if actor == "therese" else set()
        )
        assert found(words, text), f"{route} at {place} shows {actor} nothing of {kind}: {sorted(words)}"


def _allowed(world: World, place: str, actor: str) -> set[str]:
    slugs = list(places_of(place)) or (["lutetia"] if actor in {"therese", "marc"} else [])
    return {word for slug in slugs for word in world.canaries(slug, eyes=actor)}


def _text(answer: TestResponse) -> str:
    """Status line, headers and body; of a stream only its greeting."""
    if answer.mimetype == "text/event-stream":
        body = next(iter(answer.response))
        text = body.decode() if isinstance(body, bytes) else str(body)
    else:
        text = answer.get_data().decode(errors="replace")
    answer.close()
    return f"{answer.headers}\n{text}"


def _cases(route: str) -> list[tuple[str, str, Verdict]]:
    """Who is asked where. A session that is no longer good is found so before the place: one place shows it."""
    rows = PAGES[route].rows
    first = next(iter(rows))
    return [
        (place, actor, rows[place][actor])
        for place in rows
        for actor in ACTORS
        if place == first or actor in {"anonymous", *MEMBERS}
    ]
