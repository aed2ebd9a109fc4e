"""What one request costs: processor time of the portal and of its database, and SQL statements."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from portal.database import db
from tests.support.statements import counted


@dataclass
class Cost:
    """Milliseconds of processor time of each repetition. A database inside the portal's process has none of its own."""

    portal: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    statements: int = 0
    answer: bytes = b""

    @property
    def median(self) -> float:
        """Portal and database together."""
        return statistics.median(map(sum, zip(self.portal, self.database, strict=True)))

    def __str__(self) -> str:
        shown = f"{self.median:.1f} ms"
        if any(self.database):
            shown += f" ({statistics.median(self.portal):.1f} + {statistics.median(self.database):.1f} in PostgreSQL)"
        return f"{shown}, {self.statements} statements"


@dataclass(frozen=True)
class Question:
    """A request to one portal, repeated: a GET, or a POST of the next of the `bodies`."""

    app: Flask
    path: str
    headers: Mapping[str, str]
    bodies: Iterator[dict[str, Any]] | None = None


def cost_of(questions: Sequence[Question], *, repeat: int = 40) -> list[Cost]:
    """The cost of each question, asked in turns, so that whatever else the machine does meets all of them."""
    costs = [Cost() for _ in questions]
    clients = [FlaskClient(question.app, question.app.response_class, use_cookies=False) for question in questions]
    connected = {app: _backend(app) for app in dict.fromkeys(question.app for question in questions)}
    backends = [connected[question.app] for question in questions]
    for question, client, cost in zip(questions, clients, costs, strict=True):
        for _ in range(8):  # PostgreSQL keeps its plan for a statement from the fifth time on
            cost.answer = _ask(client, question)
        with question.app.app_context(), counted(db.engine) as sent:
            _ask(client, question)
        cost.statements = len(sent)
    gc.collect()
    gc.freeze()  # as the server does
    for _ in range(repeat):
        for question, client, backend, cost in zip(questions, clients, backends, costs, strict=True):
            mine, its = time.process_time(), _seconds_on_cpu(backend)
            _ask(client, question)
            cost.portal.append((time.process_time() - mine) * 1000)
            cost.database.append((_seconds_on_cpu(backend) - its) * 1000)
    gc.unfreeze()
    return costs


def _ask(client: FlaskClient, question: Question) -> bytes:
    headers = dict(question.headers)
    if question.bodies is None:
        response = client.get(question.path, headers=headers)
    else:
        response = client.post(question.path, json=next(question.bodies), headers=headers)
    if response.status_code not in {200, 201}:
        raise RuntimeError(f"{question.path} answered {response.status_code}: {response.get_data(as_text=True)[:500]}")
    return response.get_data()


def _backend(app: Flask) -> int | None:
    """The PostgreSQL process behind the one connection that this process uses, when it runs on this machine."""
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            return None
        db.engine.dispose()
        with db.engine.connect() as connection:
            pid = int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)
        return pid if Path(f"/proc/{pid}/schedstat").exists() else None


def _seconds_on_cpu(pid: int | None) -> float:
    return 0.0 if pid is None else int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
