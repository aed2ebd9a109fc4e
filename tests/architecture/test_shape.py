"""Small pieces, the venue first."""

from __future__ import annotations

import ast
import re

from tests.support.source import FunctionNode, modules

VIEW_LINES = 12
FILE_LINES = 320
SCOPES = {"venue", "venues", "venue_id", "organisation", "organisation_id", "member", "key"}

# Rooms and single queries that no venue scopes, each with its reason.
UNSCOPED: dict[str, str] = {
    "portal/session/queries.py": "whose venue it is becomes known by signing in",
    "portal/session/onetime/queries.py find_link": "whoever holds a link knows no house; its token was random",
    "portal/session/onetime/queries.py lock_link": "as above, of the link that was found",
    "portal/session/onetime/queries.py asked_links": "whoever has forgotten a password knows no house",
    "portal/session/onetime/queries.py has_asked": "as above",
    "portal/session/onetime/queries.py lock_change": "as above, of the change that the link belongs to",
    "portal/live/queries.py": "one reader per process serves the streams of all venues",
    "portal/notices/queries.py lock_browser_at": "a browser belongs to whoever signed in on it last, of any house",
    "portal/notices/queries.py lock_receipt": "whoever holds a receipt knows no house; its signature was checked",
    "portal/feeds/queries.py find_feed": "the address itself says whose calendar it is",
    "portal/links/queries.py find_asked": "whoever holds a link knows no house; its signature was checked",
    "portal/bookings/queries.py resources_of": "the ids come from rows that were read in scope",
    "portal/bookings/queries.py find_due_waves": "the worker asks for all venues, and gets nothing but ids",
    "portal/bookings/queries.py take_due_booking": "as above, of one of those ids",
    "portal/bookings/proposals/queries.py find_expired": "the worker asks for all venues, and gets nothing but ids",
    "portal/bookings/proposals/queries.py find_by_key": "as above, of one of those ids",
    "portal/bookings/unable/queries.py find_unable": "who fills time names the organisation, the worker asks for all",
    "portal/bookings/unable/queries.py find_able_again": "the worker asks for all venues, and gets nothing but ids",
    "portal/bookings/unable/queries.py bookings_of": "as above, the bookings of those ids",
    "portal/imports/queries.py take_waiting": "the worker goes on with files of all houses",
    "portal/imports/queries.py forget_old": "the worker forgets for all houses",
    "portal/persons/queries.py count_rows": "the person map says which rows are hers",
    "portal/persons/queries.py rows_of": "the person map says which rows are hers",
    "portal/persons/queries.py names_in": "the ids come from rows that were read in scope",
    "portal/persons/queries.py is_named": "it asks no database",
}

ROUTE = re.compile(r"\.(get|post|put|patch|delete|route)\(")


def test_views_load_act_and_answer() -> None:
    long = [
        f"{module.where}:{function.lineno} {function.name}() has {size} lines"
        for module in modules()
        for function in module.functions()
        if _is_view(function) and (size := _body_lines(function)) > VIEW_LINES
    ]
    assert not long, "\n".join([*long, f"A view has at most {VIEW_LINES} lines: move the rest to service or queries."])


def test_files_stay_readable() -> None:
    long = {module.where: size for module in modules() if (size := module.text.count("\n")) > FILE_LINES}
    assert not long, f"Split by noun or by verb: {long}"


def test_queries_take_the_venue_first() -> None:
    unscoped = {
        _listed_as(module.where, function.name)
        for module in modules()
        if module.path.name == "queries.py"
        for function in module.tree.body
        if isinstance(function, FunctionNode) and not function.name.startswith("_") and not _is_scoped(function)
    }
    assert unscoped - set(UNSCOPED) == set(), (
        f"The first argument of a query is the venue or the organisation: {sorted(unscoped - set(UNSCOPED))}"
    )
    assert set(UNSCOPED) - unscoped == set(), "UNSCOPED lists queries that are gone or scoped: remove them."


def _listed_as(where: str, function: str) -> str:
    return where if where in UNSCOPED else f"{where} {function}"


def _is_view(function: FunctionNode) -> bool:
    return any(ROUTE.search(ast.unparse(decorator)) for decorator in function.decorator_list)


def _body_lines(function: FunctionNode) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def _is_scoped(function: FunctionNode) -> bool:
    names = [argument.arg for argument in function.args.posonlyargs + function.args.args]
    return bool(names) and names[0] in SCOPES
