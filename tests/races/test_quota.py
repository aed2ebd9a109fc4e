"""Eight at once want a partner's last two places of a day, at different times: two have them.

The control takes the locks away and demands that more are booked then.
"""

from __future__ import annotations

import http.client
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from portal import guards
from portal.audit import SYSTEM
from portal.database import db
from portal.models import Claim
from portal.partners.quotas.service import set_week
from tests.api.wishes import make_wish
from tests.factories import House
from tests.support.databases import Database
from tests.support.server import serve

pytestmark = pytest.mark.race

PLACES, STARTS, DAYS = 2, ("09:00", "10:30", "12:00", "13:30"), (0, 1)
FULL = "409 quota_exhausted"


@pytest.fixture
def limited(house: House) -> House:
    """The partner may book two guests a day."""
    set_week(
        house.organisation, partner=house.key_row.partner, venue=house.lutetia, places=dict.fromkeys(range(7), PLACES),
        version=None, by=SYSTEM,
    )  # fmt: skip
    db.session.commit()
    return house


@pytest.fixture
def no_guards(app: Flask) -> Iterator[None]:
    db.session.commit()
    with db.engine.execution_options(thermes_write=True).begin() as connection:
        guards.remove(connection)
    yield
    db.session.rollback()
    with db.engine.execution_options(thermes_write=True).begin() as connection:
        connection.execute(update(Claim).values(active=False))  # they overlap by now
        guards.install(connection)


def test_a_quota_is_used_up_exactly(limited: House, database: Database, tmp_path: Path) -> None:
    with serve(database.url, tmp_path, workers=2, threads=4) as server:
        for day in DAYS:
            told = _want(server.url, limited, day)
            assert told == {"201": PLACES, FULL: 2 * len(STARTS) - PLACES}, f"day {day}"


def test_without_the_locks_more_are_booked(limited: House, no_guards: None, database: Database, tmp_path: Path) -> None:
    unheld = "tests.races.unheld:app"
    with serve(database.url, tmp_path, workers=2, threads=4, application=unheld, unsafe_without_guards=True) as server:
        told = [_want(server.url, limited, day) for day in DAYS]
    assert any(one["201"] > PLACES for one in told), f"They do not race, so the test above proves nothing: {told}"


def _want(url: str, house: House, day: int) -> Counter[str]:
    """What each of those is told who ask at the same moment, two for each start."""
    wishes = [make_wish(house, start, days=day) for start in STARTS for _twice in range(2)]
    for number, wish in enumerate(wishes):
        wish["guest"] |= {"phone": f"+3361234{day}0{number:02d}"}
    line, key = Barrier(len(wishes)), house.key
    db.session.rollback()
    with ThreadPoolExecutor(len(wishes)) as people:
        return Counter(people.map(lambda wish: _book(url, key, wish, line), wishes))


def _book(url: str, key: str, wish: dict[str, Any], line: Barrier) -> str:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    line.wait(timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request("POST", "/v1/venues/lutetia/bookings", json.dumps(wish), headers)
    response = connection.getresponse()
    told = json.loads(response.read())
    connection.close()
    return " ".join([str(response.status), *([told["reason"]] if "reason" in told else [])])
