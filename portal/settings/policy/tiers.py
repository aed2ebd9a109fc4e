"""The cancellation tiers as a staircase: how much goes back when more than so many hours are left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

# A tier that reaches a year is meant for good: no booking lies further ahead than this.
YEAR, FARTHEST = 8_760, 876_000
ALL = 100


class Step(NamedTuple):
    """Whoever cancels with more than `hours` left, and not more than the step above says, gets `percent` back."""

    hours: int
    percent: int


def steps_of(tiers: Iterable[Mapping[str, Any]]) -> list[Step]:
    """The staircase of any tiers, from the most hours down to the step from 0; where no tier is, all goes back."""
    known = [(tier["min_hours"], tier["max_hours"], tier["refund_percent"]) for tier in tiers]
    edges = {0, *(edge for low, high, _percent in known for edge in (low, high))}
    steps = [Step(edge, _percent_above(known, edge)) for edge in sorted(edges) if edge < YEAR]
    lower_first = [step for before, step in zip([None, *steps], steps, strict=False) if _differs(before, step)]
    return lower_first[::-1]


def tiers_of(steps: Sequence[Step]) -> list[dict[str, int]]:
    """The tiers of a staircase, as bookings keep them."""
    ordered = sorted(steps, reverse=True)
    above = [FARTHEST, *(step.hours for step in ordered)]
    return [
        {"min_hours": step.hours, "max_hours": high, "refund_percent": step.percent}
        for step, high in zip(ordered, above, strict=False)
    ]


def percent_at(steps: Sequence[Step], hours_left: float) -> int:
    """What goes back with so many hours left; all once nothing matches."""
    return next((step.percent for step in sorted(steps, reverse=True) if step.hours < hours_left), ALL)


def _percent_above(known: Sequence[tuple[int, int, int]], edge: int) -> int:
    """What goes back just above this many hours: of the first tier that says so, as a cancellation finds it."""
    return next((percent for low, high, percent in known if low <= edge < high), ALL)


def _differs(before: Step | None, step: Step) -> bool:
    return before is None or before.percent != step.percent
