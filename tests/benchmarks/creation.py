"""(a) A partner books free slots, against the floor: alternately on the same server, by the same clients."""

from __future__ import annotations

import random
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

from flask import Flask

from portal.api.schema import write_instant
from portal.database import db
from tests.benchmarks.cost import Cost, Question, cost_of
from tests.benchmarks.crowd import Crowd, Post, Round
from tests.benchmarks.report import Line, at_least, percentiles
from tests.benchmarks.spa import STARTS, Spa, make_spa
from tests.factories import at, make_customer
from tests.support.server import serve

RATIO = 0.35
ROUNDS = 6
SECONDS = 4.0
# Of six rooms: a free slot stays one however many were booked before it.
_ROOMS_USED = 4
# More than are sent alone, and than a round can send.
_ALONE = 60
_BOOKINGS, _INSERTIONS = 1_600, 8_000


@dataclass(frozen=True)
class Creation:
    """Both sides of the ratio, round by round, and what one request of each costs when nobody else is served."""

    booked: list[Round]
    floor: list[Round]
    cost: Cost
    floor_cost: Cost

    @property
    def ratios(self) -> list[float]:
        """Throughput over the floor's, for each pair of rounds."""
        return [one.throughput / other.throughput for one, other in zip(self.booked, self.floor, strict=True)]


def measure(app: Flask, url: str, folder: Path) -> Creation:
    """Book and insert alternately, so that whatever else the machine does meets both sides. `app` has the floor."""
    with app.app_context():
        spa, next_door = make_spa(shift_days=_days(_BOOKINGS)), make_spa(shift_days=1)
        bookings, insertions = iter(bookings_of(spa, days=_days(_BOOKINGS))), iter(_insertions(next_door))
        db.session.remove()
    cost, floor_cost = cost_of([_question(app, bookings), _question(app, insertions)])
    with app.app_context():
        db.engine.dispose()
    booked, floor = [], []
    with (
        serve(url, folder, application="tests.benchmarks.floor:make_app()", config=".gunicorn.conf.py") as server,
        Crowd(server.url) as crowd,
    ):
        for _ in range(1 + ROUNDS):
            booked.append(_send(crowd, bookings, _BOOKINGS))
            floor.append(_send(crowd, insertions, _INSERTIONS))
    return Creation(booked[1:], floor[1:], cost, floor_cost)  # the first round warms up


def describe(found: Creation) -> list[Line]:
    """The figures and their aims; throughput and ratio are medians of the rounds."""
    ratio, cpu = statistics.median(found.ratios), found.floor_cost.median / found.cost.median
    spread = f"{ratio:.2f} ({min(found.ratios):.2f}–{max(found.ratios):.2f})"
    return [
        at_least("(a) partner POST over floor: throughput", spread, ratio, RATIO),
        Line("(a) the same ratio of CPU alone", f"{cpu:.2f}"),
        *_side("partner POST", found.booked, found.cost),
        *_side("floor", found.floor, found.floor_cost),
    ]


def _side(name: str, rounds: list[Round], cost: Cost) -> list[Line]:
    workers: Counter[str] = sum((played.workers for played in rounds), Counter())
    shares = sorted(round(100 * count / workers.total()) for count in workers.values())
    return [
        Line(f"(a) {name}: throughput", f"{statistics.median(played.throughput for played in rounds):.0f} / s"),
        Line(f"(a) {name}: p50 / p95 / p99", percentiles([one for played in rounds for one in played.latencies])),
        Line(f"(a) {name}: CPU", str(cost)),
        Line(f"(a) {name}: share of each worker", " + ".join(f"{share} %" for share in shares)),
    ]


def bookings_of(spa: Spa, *, days: int) -> list[Post]:
    """A request for each of the places that are booked on these days, none of which is in another's way."""
    path = f"/v1/venues/{spa.venue.slug}/bookings"
    places = _places(days, 1)
    return [Post(path, _wish(spa, day, clock, number), spa.key) for number, (day, clock, _) in enumerate(places)]


def _send(crowd: Crowd, source: Iterator[Post], count: int) -> Round:
    played = crowd.send(list(islice(source, count)), SECONDS)
    if set(played.statuses) != {201}:
        raise RuntimeError(f"Not every request was answered 201: {dict(played.statuses)}")
    return played


def _question(app: Flask, posts: Iterator[Post]) -> Question:
    first = next(posts)
    headers = {"Authorization": f"Bearer {first.key}"}
    return Question(app, first.path, headers, (post.body for post in chain([first], posts)))


def _days(a_round: int) -> int:
    """How many days hold all rounds and the requests that are sent alone."""
    return -(-((1 + ROUNDS) * a_round + _ALONE) // (len(STARTS) * _ROOMS_USED))


def _places(days: int, seed: int) -> list[tuple[int, str, int]]:
    """Days, times and rooms in an order that has nothing to do with either."""
    places = [(day, clock, room) for day in range(days) for clock in STARTS for room in range(_ROOMS_USED)]
    random.Random(seed).shuffle(places)
    return places


def _wish(spa: Spa, day: int, clock: str, number: int) -> dict[str, Any]:
    start = at(spa.venue, spa.first + timedelta(days=day), clock)
    phone, email = f"+336{number:08d}", f"lea{number}@example.org"
    return {
        "variant_id": str(spa.variant.uuid),
        "start_at": write_instant(start),
        "guest": {"first_name": "Léa", "last_name": "Martin", "phone": phone, "email": email},
        "price_paid": {"amount": 95.0, "currency": "EUR"},
        "external_id": f"BENCH-{number}",
        "external_reference": f"staycation.{number}",
    }


def _insertions(spa: Spa) -> list[Post]:
    customer = make_customer(spa.venue.organisation).id
    places = _places(_days(_INSERTIONS), 2)
    return [Post("/floor", _row(spa, customer, *place, number)) for number, place in enumerate(places, 1)]


def _row(spa: Spa, customer: int, day: int, clock: str, room: int, number: int) -> dict[str, Any]:
    start = at(spa.venue, spa.first + timedelta(days=day), clock)
    return {
        "organisation_id": spa.venue.organisation_id,
        "venue_id": spa.venue.id,
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(minutes=spa.variant.duration)).isoformat(),
        "booking": {
            "number": number, "customer_id": customer, "channel": "partner", "price_minor": 9500, "currency": "EUR",
        },
        "item": {"treatment_id": spa.variant.treatment_id, "variant_id": spa.variant.id},
        "claim": {"resource_id": spa.rooms[room].id},
    }  # fmt: skip
