"""Methods: those that a route does not know are 405, and asking with HEAD or OPTIONS changes nothing."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.errors import JsonDoor
from portal.front_door import JSON_DOORS
from tests.matrix.asking import address, routes
from tests.matrix.declared import DECLARED
from tests.matrix.fingerprint import changed, fingerprint
from tests.matrix.people import Person
from tests.matrix.world import World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "BREW")
DOORS: dict[str, JsonDoor] = JSON_DOORS


def test_unknown_methods_are_refused(app: Flask, world: World, people: dict[str, Person]) -> None:
    before = fingerprint()
    for path, known in _known(app, world).items():
        for method in sorted(set(METHODS) - known):
            answer = people["ada"].client.open(path, method=method)
            asked = f"{method} {path}"
            assert answer.status_code == 405, f"{asked}: {answer.status}"
            allowed = set(answer.headers["Allow"].replace(" ", "").split(","))
            assert allowed >= known - {"OPTIONS"}, f"{asked}: Allow says {allowed}, the routes know {known}"
            is_json = any(path.startswith(door) for door in DOORS)
            assert answer.mimetype == ("application/json" if is_json else "text/html"), asked
    assert not changed(before, fingerprint())


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_asking_about_a_page_changes_nothing(app: Flask, world: World, people: dict[str, Person], method: str) -> None:
    before = fingerprint()
    for path in _known(app, world):
        for actor in ("anonymous", "therese", "ada"):
            answer = people[actor].client.open(path, method=method)
            assert answer.status_code < 500 or _is_stream(path), f"{method} {path}: {answer.status}"
            assert method != "HEAD" or not answer.data, f"HEAD {path} has a body"
            answer.close()
    assert not changed(before, fingerprint()), f"{method} changed {changed(before, fingerprint())}"


def _known(app: Flask, world: World) -> dict[str, set[str]]:
    """Every address with the methods that the routes there know together."""
    router = app.url_map.bind("localhost")
    places = {route: "lutetia" if "lutetia" in DECLARED[route].rows else "nowhere" for route in routes(app)}
    paths = {address(app, route, world, place) for route, place in places.items()}
    return {path: set(router.allowed_methods(path)) for path in sorted(paths)}


def _is_stream(path: str) -> bool:
    """Whoever asks for the head of a stream is sent to poll."""
    return path.startswith("/live/")
