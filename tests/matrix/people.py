"""Who knocks: every role, and everyone whose session is no longer good, each in a browser with a CSRF token."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from portal.clock import now
from portal.models import LoginSession, StaffMember
from portal.session.service import hash_token
from tests.factories import House, make_member, save
from tests.matrix.world import World, make_world
from tests.support.client import PageClient
from tests.support.sign_in import COOKIE, issue_form, open_session

MEMBERS = ("therese", "marc", "camille", "maud", "ada", "eve")
OUTSIDERS = (
    "anonymous",
    "a partner's key",
    "expired therapist",
    "expired admin",
    "ended therapist",
    "ended admin",
    "deactivated therapist",
    "deactivated admin",
)
ACTORS = (*OUTSIDERS, *MEMBERS)
NewClient = Callable[[], PageClient]


@dataclass(frozen=True)
class Badge:
    """What somebody's browser holds: the token of its forms with the cookie that goes with it, and her session."""

    form: str
    form_cookie: str
    session: str | None = None


@dataclass(frozen=True)
class Stage:
    """The world with everyone's badge: all of it is rows and plain text, and can be put back as it was."""

    world: World
    badges: dict[str, Badge]


@dataclass(frozen=True)
class Person:
    """A browser, with the token that its forms carry."""

    client: PageClient
    token: str
    headers: dict[str, str]


def make_stage() -> Stage:
    """The world, and everybody signed in."""
    world = make_world()
    return Stage(world, {name: Badge(*issue_form(current_app), held) for name, held in _sessions(world.house).items()})


def make_people(stage: Stage, new_client: NewClient) -> dict[str, Person]:
    """A browser for each of ACTORS."""
    people = {name: _with_badge(new_client(), badge) for name, badge in stage.badges.items()}
    people["a partner's key"].headers["Authorization"] = f"Bearer {stage.world.house.key}"
    return people


def _with_badge(client: PageClient, badge: Badge) -> Person:
    client.set_cookie(client.application.config["SESSION_COOKIE_NAME"], badge.form_cookie)
    if badge.session is not None:
        client.set_cookie(COOKIE, badge.session)
    return Person(client, badge.form, {})


def _sessions(house: House) -> dict[str, str | None]:
    held: dict[str, str | None] = dict.fromkeys(ACTORS)
    held |= {name: open_session(getattr(house, name))[0] for name in MEMBERS}
    for kind, member in (("therapist", house.therese), ("admin", house.ada)):
        held[f"expired {kind}"] = _login(member, days_ago=31)
        held[f"ended {kind}"] = _login(member, days_ago=0, ended=True)
        held[f"deactivated {kind}"] = _login(_gone(house, kind), days_ago=0)
    return held


def _login(member: StaffMember, *, days_ago: int, ended: bool = False) -> str:
    token, at = secrets.token_urlsafe(32), now() - timedelta(days=days_ago)
    login = LoginSession.start(member, token_hash=hash_token(token), address=None, user_agent=None, at=at)
    if ended:
        login.end(now())
    save(login)
    return token


def _gone(house: House, role: str) -> StaffMember:
    return make_member(house.organisation, house.lutetia, role=role, first_name="Gone", active=False)
