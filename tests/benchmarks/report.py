"""The table: one line per figure, one column per database, and whether the aim is met."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Line(NamedTuple):
    """One figure: what it is, how it is shown, what is aimed at, and whether that was reached."""

    name: str
    shown: str
    aim: str = ""
    met: bool = True


def at_most(name: str, shown: str, value: float, aim: float, unit: str = "") -> Line:
    return Line(name, shown, f"≤ {aim:g} {unit}".strip(), value <= aim)


def at_least(name: str, shown: str, value: float, aim: float) -> Line:
    return Line(name, shown, f"≥ {aim:g}", value >= aim)


def percentiles(seconds: Sequence[float]) -> str:
    """`12.0 / 18.1 / 25.3 ms`: p50, p95 and p99."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return " / ".join(f"{cuts[percent - 1] * 1000:.1f}" for percent in (50, 95, 99)) + " ms"


def table(columns: Mapping[str, Sequence[Line]]) -> str:
    """All lines, in the order of the first column that has them; `!` marks what missed its aim."""
    names = list(dict.fromkeys(line.name for lines in columns.values() for line in lines))
    found = {(column, line.name): line for column, lines in columns.items() for line in lines}
    rows = [["", *columns, "aim"]]
    for name in names:
        here = [found.get((column, name)) for column in columns]
        shown = [(line.shown if line.met else f"{line.shown} !") if line else "–" for line in here]
        rows.append([name, *shown, next((line.aim for line in here if line), "")])
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
