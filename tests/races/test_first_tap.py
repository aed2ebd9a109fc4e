"""Two phones accept the same offer at the same instant, two hundred times: one has it, the other reads so.

The control takes the lock away and demands that the answers are then no longer those.
"""

from __future__ import annotations

import html
import http.client
import multiprocessing
import re
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import guards
from portal.clock import now
from portal.database import db
from portal.models import Assignment, Booking, BookingItem, Claim, Offer
from tests.factories import PASSWORD, House, make_variant, save
from tests.support.databases import Database
from tests.support.server import serve

pytestmark = pytest.mark.race

ROUNDS, CONTROL_ROUNDS = 200, 20
LENGTH = timedelta(minutes=5)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
HERS, TAKEN = "200 It's yours.", "409 Just taken by a colleague."
Answers = list[tuple[str, str]]


def test_one_has_it_and_a_retry_says_the_same(app: Flask, house: House, database: Database, tmp_path: Path) -> None:
    paths = _asked(house, ROUNDS)
    with serve(database.url, tmp_path, workers=2, threads=4) as server:
        answers = _race(server.url, house, paths)

    assert Counter(map(_pair, *answers)) == {((HERS, HERS), (TAKEN, TAKEN)): ROUNDS}
    assert all(any(mine[0] == HERS for mine in phone) for phone in answers), "one phone was always first: no race"
    with db.engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(Booking.status == "confirmed")) == ROUNDS
        assert connection.scalar(select(func.count(Assignment.id)).where(Assignment.ended_at.is_(None))) == ROUNDS
        people = select(func.count(Claim.id)).where(Claim.active, Claim.resource.has(kind="person"))
        assert connection.scalar(people) == ROUNDS
        statuses = connection.execute(select(Offer.status, func.count()).group_by(Offer.status)).all()
        assert sorted(map(tuple, statuses)) == [("accepted", ROUNDS), ("taken", ROUNDS)]


@pytest.fixture
def no_guards(app: Flask) -> Iterator[None]:
    db.session.commit()
    with db.engine.execution_options(thermes_write=True).begin() as connection:
        guards.remove(connection)
    yield
    db.session.rollback()
    with db.engine.execution_options(thermes_write=True).begin() as connection:
        guards.install(connection)


def test_without_the_lock_the_answers_are_other_ones(
    house: House, no_guards: None, database: Database, tmp_path: Path
) -> None:
    paths = _asked(house, CONTROL_ROUNDS)
    unlocked = "tests.races.unlocked:app"
    with serve(
        database.url, tmp_path, workers=2, threads=4, application=unlocked, unsafe_without_guards=True
    ) as server:
        answers = _race(server.url, house, paths)

    told = Counter(map(_pair, *answers))
    assert set(told) != {((HERS, HERS), (TAKEN, TAKEN))}, f"They do not race, so the test above proves nothing: {told}"


def _asked(house: House, count: int) -> list[list[str]]:
    """So many bookings one after the other, each offered to both; the addresses at which each of them accepts."""
    short = make_variant(house.massage, duration=5)
    made = [_booking(house, short.id, number) for number in range(count)]
    save(*made)
    members = (house.therese, house.marc)
    paths = [[f"/v/lutetia/offers/{_offer(one, member.id).uuid}/accept" for one in made] for member in members]
    db.session.commit()
    return paths


def _booking(house: House, variant_id: int, number: int) -> Booking:
    day, place = divmod(number, 120)
    starts_at = house.at("09:00", days=day) + place * LENGTH
    owner = {"organisation_id": house.organisation.id, "venue_id": house.lutetia.id}
    times = {"starts_at": starts_at, "ends_at": starts_at + LENGTH}
    asked = (house.therese, house.marc)
    item = BookingItem(
        **owner, **times, treatment_id=house.massage.id, variant_id=variant_id, offered_rank=1, therapists_assigned=0,
        next_wave_at=now() + timedelta(hours=1), offers=[Offer(**owner, member=one) for one in asked],
        claims=[Claim(**owner, **times, resource_id=house.rooms[0].id)],
    )  # fmt: skip
    return Booking(**owner, **times, number=number, channel="desk", price_minor=100, currency="EUR", items=[item])


def _offer(booking: Booking, member_id: int) -> Offer:
    return next(offer for offer in booking.item.offers if offer.member_id == member_id)


def _pair(one: tuple[str, str], other: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((one, other)))


def _race(url: str, house: House, paths: list[list[str]]) -> list[Answers]:
    """What each of the two phones was answered, for one offer after the other; the winner taps twice."""
    db.session.rollback()
    context = multiprocessing.get_context("spawn")
    phones = list(zip([url, url], (house.therese.email, house.marc.email), paths, strict=True))
    with context.Pool(2, _take_place, (context.Barrier(2),)) as pool:
        return pool.starmap(_tap, phones, chunksize=1)


_line: list[Any] = []


def _take_place(barrier: Any) -> None:
    _line.append(barrier)


def _tap(url: str, email: str, paths: list[str]) -> Answers:
    phone = _Phone(url)
    phone.sign_in(email)
    answers = []
    for path in paths:
        _line[0].wait(timeout=60)
        first = phone.post(path)
        answers.append((first, phone.post(path) if first == HERS else first))
    return answers


class _Phone:
    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def sign_in(self, email: str) -> None:
        self._read_token("/login")
        form = {"csrf_token": self.token, "email": email, "password": PASSWORD}
        self._ask("POST", "/login", urllib.parse.urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
        self._read_token("/my/day")

    def post(self, path: str) -> str:
        """The status, with the sentence that stands in place of the buttons."""
        status, body = self._ask("POST", path, "", {"HX-Request": "true", "X-CSRFToken": self.token})
        said = [told for told in (HERS, TAKEN) if html.unescape(body).find(told[4:]) >= 0]
        return said[0] if said and said[0].startswith(str(status)) else f"{status} {body[:200]}"

    def _read_token(self, path: str) -> None:
        found = TOKEN.search(self._ask("GET", path, "", {})[1])
        assert found is not None
        self.token = found[1]

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, {**headers, "Cookie": cookies})
        response = self.connection.getresponse()
        for header in response.headers.get_all("Set-Cookie", []):
            name, _, value = header.split(";")[0].partition("=")
            self.cookies[name] = value
        told = response.status, response.read().decode()
        self.connection.close()  # on a slow machine the server would do so, in the middle of the next request
        return told
