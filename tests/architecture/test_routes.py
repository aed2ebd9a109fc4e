"""Every route says who may use it, or stands in PUBLIC with a reason."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

from portal.front_door import PUBLIC, ROOMS, Guard

STAMPS = ("permission", "scope")
READING = {"GET", "HEAD", "OPTIONS"}


def test_every_route_has_a_stamp(portal: Flask) -> None:
    bare = sorted(rule.endpoint for rule in _routes(portal) if not _stamp(portal, rule) and rule.endpoint not in PUBLIC)
    assert not bare, f"Put @requires(Permission.…) on these views, or list them in PUBLIC with a reason: {bare}"


def test_public_lists_only_what_is_there_and_bare(portal: Flask) -> None:
    bare = {rule.endpoint for rule in _routes(portal) if not _stamp(portal, rule)}
    assert not set(PUBLIC) - bare, f"Remove from PUBLIC, gone or guarded by now: {sorted(set(PUBLIC) - bare)}"


def test_public_gives_reasons() -> None:
    assert all(len(reason.split()) >= 3 for reason in PUBLIC.values()), "Say in PUBLIC why it is open to everyone."


def test_every_room_stands_in_the_front_door(portal: Flask) -> None:
    listed = {blueprint.name for blueprint, _prefix, _guard in ROOMS}
    assert set(portal.blueprints) == listed, "Register blueprints in portal/front_door.py only."


def test_pages_write_by_post(portal: Flask) -> None:
    json = {blueprint.name for blueprint, _prefix, guard in ROOMS if guard is Guard.KEY}
    odd = [
        f"{sorted(rule.methods or ())} {rule.rule}"
        for rule in _routes(portal)
        if rule.endpoint.split(".")[0] not in json and (rule.methods or set()) - READING - {"POST"}
    ]
    assert not odd, f"A page writes by POST, so that it works without JavaScript: {odd}"


def _routes(portal: Flask) -> Iterator[Rule]:
    rules = list(portal.url_map.iter_rules())
    assert len(rules) > 10, "The route map is nearly empty: this test would prove nothing."
    return iter(rules)


def _stamp(portal: Flask, rule: Rule) -> object:
    view = portal.view_functions[rule.endpoint]
    return next((value for name in STAMPS if (value := getattr(view, name, None))), None)
