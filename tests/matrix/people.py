"""Who knocks: every role, and everyone whose session is no longer good, each in a browser with a CSRF token."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from portal.clock import now
from portal.models import LoginSession, StaffMember
from portal.session.service import hash_token
from tests.factories import House, make_member, save
from tests.matrix.world import World
from tests.support.client import PageClient
from tests.support.sign_in import COOKIE, new_form, sign_in

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
class Person:
    """A browser, with the token that its forms carry."""

    client: PageClient
    token: str
    headers: dict[str, str]


def make_people(world: World, new_client: NewClient) -> dict[str, Person]:
    """A browser for each of ACTORS."""
    house = world.house
    people = {name: _visitor(new_client()) for name in ACTORS}
    people["a partner's key"].headers["Authorization"] = f"Bearer {house.key}"
    for name in MEMBERS:
        sign_in(people[name].client, getattr(house, name))
    for kind, member in (("therapist", house.therese), ("admin", house.ada)):
        _hand_in(people[f"expired {kind}"], _login(member, days_ago=31))
        _hand_in(people[f"ended {kind}"], _login(member, days_ago=0, ended=True))
        _hand_in(people[f"deactivated {kind}"], _login(_gone(house, kind), days_ago=0))
    return people


def _visitor(client: PageClient) -> Person:
    return Person(client, new_form(client), {})


def _login(member: StaffMember, *, days_ago: int, ended: bool = False) -> str:
    token, at = secrets.token_urlsafe(32), now() - timedelta(days=days_ago)
    login = LoginSession.start(member, token_hash=hash_token(token), address=None, user_agent=None, at=at)
    if ended:
        login.end(now())
    save(login)
    return token


def _hand_in(person: Person, token: str) -> None:
    person.client.set_cookie(COOKIE, token)


def _gone(house: House, role: str) -> StaffMember:
    return make_member(house.organisation, house.lutetia, role=role, first_name="Gone", active=False)
