"""(c) The agenda of a day with fifteen therapists: eighty bookings, and as a strain eighty in each column."""

from __future__ import annotations

import gzip
import html
import re
from typing import NamedTuple

from flask import Flask
from flask.testing import FlaskClient

from portal.database import db
from tests.benchmarks.cost import Cost, Question, cost_of
from tests.benchmarks.report import Line, at_most
from tests.benchmarks.spa import Spa, make_spa
from tests.benchmarks.visits import crowd_day, fill_future, settle
from tests.support.sign_in import COOKIE, open_session

THERAPISTS = ROOMS = 15
BOOKINGS = 80
CPU_MS, STATEMENTS, KILOBYTES = 30, 10, 60
PART_CPU_MS, PART_STATEMENTS = 10, 6
_LINKED = re.compile(rb'(?:<link rel="stylesheet"[^>]*?href|<script[^>]*?src)="(/static/[^"]+)"')


class Agenda(NamedTuple):
    """The cost of the page on an ordinary and on an impossible day, and of what is fetched of the ordinary one after a
    change: a column, and the lane. `weight` in bytes, compressed.
    """

    usual: Cost
    strain: Cost
    column: Cost
    lane: Cost
    weight: int


def measure(app: Flask) -> Agenda:
    """Both days stand in one database, at two venues."""
    with app.app_context():
        usual, strain = (make_spa(therapists=THERAPISTS, rooms=ROOMS, shift_days=1) for _ in range(2))
        fill_future(usual, BOOKINGS, days=1)
        crowd_day(strain, BOOKINGS)
        settle()
        questions = [_question(app, spa) for spa in (usual, strain)]
        db.session.remove()
    one, other = cost_of(questions)
    _check_all_shown(one, BOOKINGS)
    _check_all_shown(other, BOOKINGS * ROOMS)
    column, lane = cost_of([_part(questions[0], one.answer, kind) for kind in (b"data-column", b"data-lane")])
    _check_all_shown(column, one.answer.split(b'class="column x-')[1].count(b"data-booking="))
    return Agenda(one, other, column, lane, _weight(app, one.answer))


def describe(found: Agenda) -> list[Line]:
    """The figures and their aims."""
    usual, weight, many = found.usual, found.weight / 1000, f"{BOOKINGS * THERAPISTS:,}"
    name = f"(c) agenda, {BOOKINGS} bookings in {THERAPISTS} columns"
    return [
        at_most(f"{name}: CPU", str(usual), usual.median, CPU_MS, "ms"),
        at_most(f"{name}: statements", str(usual.statements), usual.statements, STATEMENTS),
        at_most(f"{name}: HTML + CSS + JS gzipped", f"{weight:.1f} kB", weight, KILOBYTES, "kB"),
        *_parts("one column", found.column),
        *_parts("the lane", found.lane),
        Line(f"(c) agenda, {many} bookings: CPU", str(found.strain)),
        Line(f"(c) agenda, {many} bookings: HTML gzipped", f"{_zipped(found.strain.answer) / 1000:.1f} kB"),
    ]


def _parts(name: str, cost: Cost) -> list[Line]:
    return [
        at_most(f"(c) agenda, {name}: CPU", str(cost), cost.median, PART_CPU_MS, "ms"),
        at_most(f"(c) agenda, {name}: statements", str(cost.statements), cost.statements, PART_STATEMENTS),
    ]


def _part(question: Question, page: bytes, kind: bytes) -> Question:
    """How the first such part of the page asks for itself."""
    element = next(tag for tag in re.findall(rb"<div class=\"column[^>]*>", page) if kind in tag)
    path = re.search(rb'hx-get="([^"]+)"', element)
    if path is None:
        raise RuntimeError(f"Nothing with {kind!r} fetches itself.")
    asked = html.unescape(path[1].decode())
    return Question(question.app, asked, {**question.headers, "HX-Request": "true"})


def _question(app: Flask, spa: Spa) -> Question:
    token, _ = open_session(spa.receptionist)
    return Question(app, f"/v/{spa.venue.slug}/agenda/{spa.first}", {"Cookie": f"{COOKIE}={token}"})


def _check_all_shown(cost: Cost, count: int) -> None:
    shown = len(set(re.findall(rb'data-booking="([^"]+)"', cost.answer)))
    if shown != count:
        raise RuntimeError(f"The page shows {shown} of {count} bookings: the figures would mean nothing.")


def _weight(app: Flask, page: bytes) -> int:
    """The page with every style sheet and script that it names, each compressed by itself as a proxy does."""
    client = FlaskClient(app, app.response_class)
    linked = dict.fromkeys(_LINKED.findall(page))
    return _zipped(page) + sum(_zipped(client.get(path.decode().replace("&amp;", "&")).get_data()) for path in linked)


def _zipped(content: bytes) -> int:
    return len(gzip.compress(content, 6))
