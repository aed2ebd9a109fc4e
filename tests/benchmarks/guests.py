"""(g) Guests: searching and opening one, with few and with very many of them, in one run and in turns."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from portal.database import db
from portal.models import Customer
from tests.benchmarks.cost import Cost, Question, cost_of
from tests.benchmarks.guestbook import fill
from tests.benchmarks.report import Line, at_most
from tests.benchmarks.spa import make_spa
from tests.benchmarks.visits import settle
from tests.support.sign_in import COOKIE, new_cookie

FEW = (3_000, 10_000)
MANY = {"postgresql": (300_000, 1_000_000), "sqlite": (30_000, 100_000)}
ANSWER_MS, GROWTH = 200.0, 1.5
_SAMPLE = 1_777  # a guest who is there in both


@dataclass(frozen=True)
class Book:
    """One portal, and the addresses that are asked of it."""

    app: Flask
    questions: dict[str, Question]


def measure(few: Flask, many: Flask) -> dict[str, tuple[Cost, Cost]]:
    """The cost of each question, with few guests and with many."""
    with many.app_context():
        backend = db.engine.dialect.name
    books = _fill(few, *FEW), _fill(many, *MANY[backend])
    costs = cost_of([question for name in books[0].questions for question in _both(books, name)])
    return {name: (costs[2 * place], costs[2 * place + 1]) for place, name in enumerate(books[0].questions)}


def describe(found: dict[str, tuple[Cost, Cost]]) -> list[Line]:
    """How long with many, and how many times what it takes with few."""
    lines: list[Line] = []
    for name, (few, many) in found.items():
        lines.append(at_most(f"(g) {name}", str(many), many.median, ANSWER_MS, "ms"))
        ratio = many.median / few.median
        lines.append(at_most(f"(g) {name}: times that with 3,000 guests", f"{ratio:.2f}", ratio, GROWTH))
    return lines


def _both(books: tuple[Book, Book], name: str) -> list[Question]:
    return [book.questions[name] for book in books]


def _fill(app: Flask, guests: int, bookings: int) -> Book:
    with app.app_context():
        spa = make_spa()
        fill(spa, guests, bookings)
        settle()
        guest = db.session.scalars(select(Customer).where(Customer.id == 1000 + _SAMPLE)).one()
        headers = {"Cookie": f"{COOKIE}={new_cookie(spa.receptionist)}", "HX-Request": "true"}
        here = f"/v/{spa.venue.slug}/guests"
        paths = {
            "search by name": f"?q={guest.last_name}+{(guest.first_name or '')[:3]}",
            "search by the last digits": f"?q={(guest.phone or '')[-6:]}",
            "search by e-mail": f"?q={guest.email}",
            "search by a name that many have": "?q=martin",
            "the list": "",
            "the guest box": f"/options?q={guest.last_name}",
            "the profile": f"/{guest.uuid}",
        }
        return Book(app, {name: Question(app, f"{here}{path}", headers) for name, path in paths.items()})
