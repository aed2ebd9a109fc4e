"""(b) Free slots of one day and of 62 days: 12 therapists, 6 rooms, a thousand bookings or a hundred thousand."""

from __future__ import annotations

import json
from typing import NamedTuple

from flask import Flask

from portal.database import db
from tests.benchmarks.cost import Cost, Question, cost_of
from tests.benchmarks.report import Line, at_most
from tests.benchmarks.spa import make_spa
from tests.benchmarks.visits import fill_future, fill_past, settle

FEW, MANY = 1_000, 100_000
DAY_MS, RANGE_MS, GROWTH = 15, 120, 1.5


class Availability(NamedTuple):
    """The cost of a day and of a range, each with few and with many bookings in the table."""

    day_few: Cost
    range_few: Cost
    day_many: Cost
    range_many: Cost


def measure(few: Flask, many: Flask) -> Availability:
    """Two portals with databases of their own; the days asked for hold the same bookings in both."""
    found = Availability(*cost_of([*_questions(few, past=0), *_questions(many, past=MANY - FEW)]))
    if _offered(found.day_few) != _offered(found.day_many) or _offered(found.range_few) != _offered(found.range_many):
        raise RuntimeError("The two databases do not offer the same slots: the figures would mean nothing.")
    return found


def describe(found: Availability) -> list[Line]:
    """The figures and their aims."""
    lines = []
    for name, few, many, aim in (
        ("one day", found.day_few, found.day_many, DAY_MS),
        ("62 days", found.range_few, found.range_many, RANGE_MS),
    ):
        lines += [
            at_most(f"(b) {name}, {count:,} bookings: CPU", str(cost), cost.median, aim, "ms")
            for count, cost in ((FEW, few), (MANY, many))
        ]
        growth = many.median / few.median
        lines.append(at_most(f"(b) {name}, {MANY:,} over {FEW:,} bookings", f"{growth:.2f}", growth, GROWTH))
    return lines


def _questions(app: Flask, *, past: int) -> list[Question]:
    with app.app_context():
        spa = make_spa()
        fill_past(spa, past)
        fill_future(spa, FEW)
        settle()
        where = f"/v1/venues/{spa.venue.slug}/availability/variants/{spa.variant.uuid}"
        headers = {"Authorization": f"Bearer {spa.key}"}
        asked = (f"date={spa.first}", f"from={spa.first}&to={spa.last}")
        db.session.remove()
    return [Question(app, f"{where}?{query}", headers) for query in asked]


def _offered(cost: Cost) -> object:
    data = json.loads(cost.answer)["data"]
    return data.get("slots") or data["days"]
