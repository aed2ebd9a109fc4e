"""The matrix notices a door that was left open: a check that cannot fail would prove nothing."""

from __future__ import annotations

import pytest
from flask import Flask

from portal import access, tenancy
from portal.database import db
from portal.models import Venue
from tests.matrix.declared import OK, PAGES
from tests.matrix.people import Person
from tests.matrix.test_pages import ask, judge
from tests.matrix.world import World

DAY = "GET agenda.day"


def test_a_venue_that_lets_everybody_in(
    app: Flask, world: World, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenancy, "find_venue", lambda _member, slug: db.session.query(Venue).filter_by(slug=slug).one())
    with pytest.raises(AssertionError, match=r"GET agenda\.day at marais by camille: declared is 404"):
        _judge(app, world, people, "marais", "camille")


def test_a_role_that_may_everything(
    app: Flask, world: World, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "can", lambda _member, _permission: True)
    with pytest.raises(AssertionError, match=r"GET agenda\.day at lutetia by therese: declared is 403"):
        _judge(app, world, people, "lutetia", "therese")


def test_a_page_that_tells_of_another_venue(app: Flask, world: World, people: dict[str, Person]) -> None:
    page_of_marais = ask(app, world, people["ada"], DAY, "marais")
    with pytest.raises(AssertionError, match=r"tells .*inviteeqmar.*none of their business"):
        judge(world, DAY, "lutetia", "camille", OK, page_of_marais)


def test_a_page_that_shows_nothing(app: Flask, world: World, people: dict[str, Person]) -> None:
    with pytest.raises(AssertionError, match="shows ada nothing of guest"):
        judge(world, DAY, "lutetia", "ada", OK, people["ada"].client.get("/healthz"))


def _judge(app: Flask, world: World, people: dict[str, Person], place: str, actor: str) -> None:
    verdict = PAGES[DAY].rows[place][actor]
    judge(world, DAY, place, actor, verdict, ask(app, world, people[actor], DAY, place))
