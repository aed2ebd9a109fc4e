"""Each cross-cutting thing has one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from tests.support.source import Module, modules

QUERY_FILES = {"queries.py", "service.py", "keys.py", "outbox.py", "delivery.py"}
QUERY_PLACES = (
    "portal/database.py",
    "portal/tenancy.py",
    "portal/commands",
    "portal/worker.py",
    "portal/demo",
    "portal/models/",
    "portal/persons/",  # the person map is made of conditions
    "portal/bookings/claims.py",  # the locks and writes that all verbs share
)
RAW_SQL_PLACES = ("portal/guards.py", "portal/health.py", "portal/database.py", "portal/models/")
STATEMENTS = re.compile(r"sqlalchemy(\.\w+)*\.(select|insert|update|delete|exists|union|union_all)")
RAW_SQL = re.compile(r"sqlalchemy(\.\w+)*\.text")
NOW = re.compile(r"(^|\.)(datetime|date|dt|time)\.(now|utcnow|today|time|localtime|gmtime)$")
WEB_NAMES = re.compile(
    r"flask\.(request|session|g|flash|url_for|redirect|render_template|current_app|jsonify|make_response)|flask_login\."
)

Finder = Callable[[Module], Iterator[str]]


def commits(module: Module) -> Iterator[str]:
    if module.where != "portal/database.py":
        yield from (f"{line}: {call}()" for line, call in module.calls() if call.endswith("session.commit"))
        yield from (f"{line}: {call}()" for line, call in module.calls() if call == "commit")


def htmx_headers(module: Module) -> Iterator[str]:
    if module.where not in {"portal/web.py", "portal/errors.py"}:
        for line, text in module.strings():
            if re.search(r"\bHX-[A-Z]", text):
                yield f"{line}: “{text.strip()[:60]}”"


def clocks(module: Module) -> Iterator[str]:
    if module.where != "portal/clock.py":
        yield from (f"{line}: {call}()" for line, call in module.calls() if NOW.search(call))


def queries(module: Module) -> Iterator[str]:
    if module.path.name not in QUERY_FILES and not module.where.startswith(QUERY_PLACES):
        yield from (f"{line}: {name}" for line, name in module.imports() if STATEMENTS.fullmatch(name))
        yield from (
            f"{line}: {call}()" for line, call in module.calls() if re.search(r"\bdb\.session\.(query|get)$", call)
        )


def raw_sql(module: Module) -> Iterator[str]:
    if not module.where.startswith(RAW_SQL_PLACES):
        yield from (f"{line}: {name}" for line, name in module.imports() if RAW_SQL.fullmatch(name))


def web_in_the_house(module: Module) -> Iterator[str]:
    if module.path.name in {"service.py", "queries.py"} or module.room == "models":
        yield from (f"{line}: {name}" for line, name in module.imports() if WEB_NAMES.match(name))


def status_writes(module: Module) -> Iterator[str]:
    if module.room != "models" and module.where != "portal/bookings/claims.py":
        for line, text in enumerate(module.text.splitlines(), 1):
            if re.search(r"\b(booking|offer|item|claim)\.(status|active)\s*=[^=]", text):
                yield f"{line}: {text.strip()}"


def markup(module: Module) -> Iterator[str]:
    yield from (f"{line}: {call}()" for line, call in module.calls() if call.endswith("render_template_string"))
    yield from (f"{line}: {call}()" for line, call in module.calls() if call.split(".")[-1] == "Markup")


RULES: dict[Finder, str] = {
    commits: "Only portal/database.py commits: decorate the verb with @atomic.",
    htmx_headers: "Only portal/web.py and portal/errors.py know htmx: end the view with web.render or web.done.",
    clocks: "Only portal/clock.py knows the time: call clock.now() or clock.today(zone), or take it as an argument.",
    queries: "SQL belongs to the room's queries.py (or, under a lock, to its service.py).",
    raw_sql: "Write it with SQLAlchemy's expressions: raw SQL differs between the two databases.",
    web_in_the_house: "Services, queries and models know no web: take what is needed as an argument.",
    status_writes: "State belongs to the model: call (or write) a transition in portal/models/.",
    markup: "Text becomes HTML in templates only, where it is escaped.",
}


@pytest.mark.parametrize("find", RULES, ids=lambda find: str(find.__name__))
def test_has_one_place(find: Finder) -> None:
    wrong = [f"{module.where}:{fault}" for module in modules() for fault in find(module)]
    assert not wrong, "\n".join([*wrong, RULES[find]])
