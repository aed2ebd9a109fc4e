"""The worked example of the cancellation tiers: by the same rounding as a cancellation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.payments.deposits import share
from portal.settings.policy.tiers import FARTHEST, Step, percent_at


@dataclass(frozen=True, slots=True)
class Row:
    """One step: more than `hours` left, at most `until` (None without end), and what goes back of the deposit."""

    hours: int
    until: int | None
    percent: int
    back: int


@dataclass(frozen=True, slots=True)
class Example:
    """What goes back of `deposit` minor units with `hours` left, and what is kept; `rows` is every step."""

    hours: int
    deposit: int
    percent: int
    back: int
    kept: int
    rows: list[Row]


def example_of(steps: Sequence[Step], *, hours: int, deposit: int) -> Example:
    """Work it out."""
    percent = percent_at(steps, hours)
    back = share(deposit, percent)
    tops = [FARTHEST, *(step.hours for step in steps)]
    rows = [
        Row(step.hours, None if top == FARTHEST else top, step.percent, share(deposit, step.percent))
        for step, top in zip(steps, tops, strict=False)
    ]
    return Example(hours, deposit, percent, back, deposit - back, rows)
