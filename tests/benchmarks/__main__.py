"""Measures and prints the table: `python3 .dev/bench [a] … [g]`, all seven when none is named.

Commits are durable on both databases: SQLite with synchronous=FULL on the disk, PostgreSQL with its own settings.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from tests.benchmarks import agenda, availability, creation, guests, phone, screens, streams
from tests.benchmarks.floor import add_floor
from tests.benchmarks.report import Line, table
from tests.support.databases import BACKENDS, Databases, tear_down
from tests.support.portal_app import make_app, migrate


@dataclass(frozen=True)
class Bench:
    """Databases of one kind, and a folder for logs."""

    databases: Databases
    backend: str
    folder: Path

    def app(self, *, floor: bool = False) -> tuple[Flask, str]:
        """A portal on an empty database of its own, and that database's address."""
        url = self.databases.create(self.backend).url
        app = make_app(url)
        return (add_floor(app) if floor else app), url


def create(bench: Bench) -> list[Line]:
    app, url = bench.app(floor=True)
    return creation.describe(creation.measure(app, url, bench.folder))


def offer_slots(bench: Bench) -> list[Line]:
    return availability.describe(availability.measure(bench.app()[0], bench.app()[0]))


def show_agenda(bench: Bench) -> list[Line]:
    return agenda.describe(agenda.measure(bench.app()[0]))


def listen(bench: Bench) -> list[Line]:
    app, url = bench.app()
    return [Line(f"(d) {name}", shown) for name, shown in streams.describe(streams.measure(app, url, bench.folder))]


def open_phone(bench: Bench) -> list[Line]:
    app, url = bench.app()
    return phone.describe(phone.measure(app, url, bench.folder))


def see(bench: Bench) -> list[Line]:
    app, url = bench.app()
    return screens.describe(screens.measure(app, url, bench.folder))


def look_up(bench: Bench) -> list[Line]:
    return guests.describe(guests.measure(bench.app()[0], bench.app()[0]))


MEASURES: dict[str, Callable[[Bench], list[Line]]] = {
    "a": create, "b": offer_slots, "c": show_agenda, "d": listen, "e": open_phone, "f": see,
    "g": look_up,
}  # fmt: skip


def main() -> None:
    """Run what was asked for on both databases, one after the other."""
    parser = argparse.ArgumentParser(prog=".dev/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*MEASURES], help="which parts of the table")
    parser.add_argument("--database", choices=BACKENDS, action="append", help="one database only")
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="thermes-bench-"))
    home.chmod(0o755)  # PostgreSQL may have to run as another user
    databases = Databases(home, "bench", migrate, durable=True)
    columns: dict[str, list[Line]] = {}
    try:
        for backend in asked.database or BACKENDS:
            columns[backend] = _measure(Bench(databases, backend, home), asked.parts or list(MEASURES))
    finally:
        databases.close()
        tear_down(home)
        shutil.rmtree(home, ignore_errors=True)
    _print(table(columns))
    _print(f"\n{_machine()}. Times vary with whatever else the machine does; ratios are measured in turns.")


def _measure(bench: Bench, parts: list[str]) -> list[Line]:
    lines: list[Line] = []
    for part in parts:
        began = time.monotonic()
        lines += MEASURES[part](bench)
        print(f"· ({part}) {bench.backend}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)  # noqa: T201
    return lines


def _machine() -> str:
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, load {load:.1f} at the end, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )


def _print(text: str) -> None:
    print(text)  # noqa: T201  (a command prints)


if __name__ == "__main__":
    main()
