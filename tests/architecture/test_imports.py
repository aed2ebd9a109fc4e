"""Who may lean on whom: downwards only, at the top of the file, never in a circle."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.support.source import Module, modules

# The left never imports the right. A room that is missing here may be imported by nobody.
ROWS = (
    (
        "session",
        "team",
        "customers",
        "payments",
        "changes",
        "messages",
        "notices",
        "account",
        "tray",
        "bookings",
        "undo",
        "series",
        "classes",
        "blocks",
        "search",
        "care",
        "persons",
        "duplicates",
        "imports",
        "visits",
        "profile",
        "offers",
        "links",
        "feeds",
        "absences",
        "settings",
        "partners",
        "members",
        "trail",
        "shifts",
        "agenda",
        "today",
    ),
    ("events", "tickets", "orders"),
)
LEAVES = {"webhooks", "audit", "live", "installed"}  # anyone may call them; they call no room
SHARED = {"models"}  # tables: everybody's, and they know no room
COMPOSITION = {"portal", "portal.front_door", "portal.commands", "portal.demo", "portal.worker"}
DOORS = {"api", "demo", "commands"}  # they stand before the rooms and may call all of them
ADVICE = "Move what both need to the left, or write an outbox event (architecture.md, «Order of the rooms»)."


def test_imports_go_downwards() -> None:
    wrong = [
        f"{module.where}:{line} imports {name}"
        for module in modules()
        for line, name in module.imports()
        if not _may_import(module, name)
    ]
    assert not wrong, "\n".join([*wrong, ADVICE])


def test_imports_stand_at_the_top() -> None:
    hidden = {
        f"{module.where}:{node.lineno} in {function.name}()"
        for module in modules()
        for function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert not hidden, f"Imports inside functions hide a circle; move them to the top: {sorted(hidden)}"


def test_no_circles() -> None:
    try:
        TopologicalSorter({module.name: _own_imports(module) for module in modules()}).prepare()
    except CycleError as error:
        pytest.fail(f"Import circle: {' → '.join(reversed(error.args[1]))}. {ADVICE}")


def test_every_room_has_a_place() -> None:
    known = {room for row in ROWS for room in row} | LEAVES | SHARED | DOORS | {""}
    unknown = {module.room for module in modules()} - known
    assert not unknown, f"Say in this file what {sorted(unknown)} may import."


def _may_import(module: Module, name: str) -> bool:
    target = _room_of(name)
    if target is None or target == module.room or module.name in COMPOSITION or module.room in DOORS:
        return True
    if target in SHARED or target in LEAVES:
        return module.room not in SHARED
    return any(target in row and module.room in row and row.index(target) < row.index(module.room) for row in ROWS)


def _room_of(name: str) -> str | None:
    """The room that an import reaches into; None for libraries and for the files in portal/ itself."""
    parts = name.split(".")
    rooms = {module.room for module in modules()} - {""}
    return parts[1] if parts[0] == "portal" and len(parts) > 1 and parts[1] in rooms else None


def _own_imports(module: Module) -> set[str]:
    names = {known.name for known in modules()}
    found = set()
    for _line, name in module.imports(for_types=False):
        exact = name if name in names else name.rpartition(".")[0]
        if exact in names and exact != module.name:
            found.add(exact)
    return found
