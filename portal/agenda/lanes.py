"""Cards that overlap in one column stand side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from portal.bookings.slots.intervals import Span

# Narrower would be unreadable: from the seventh on cards lie over each other.
MOST = 6


class Lane(NamedTuple):
    """The lane of a card, counted from 1, and how many lanes its group has."""

    number: int
    of: int


def side_by_side(spans: Sequence[Span]) -> list[Lane]:
    """A lane for each span, in the order given (sorted by start): the first lane that is free at its start."""
    found: list[Lane] = []
    for group in _groups(spans):
        taken: list[int] = []
        numbers = []
        for span in group:
            free = next((lane for lane, end in enumerate(taken) if end <= span.start), None)
            if free is None:
                free = len(taken)
                taken.append(span.end)
            taken[free] = span.end
            numbers.append(free % MOST + 1)
        found += [Lane(number, min(len(taken), MOST)) for number in numbers]
    return found


def _groups(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Runs of spans that hang together by overlapping."""
    group: list[Span] = []
    reach = 0
    for span in spans:
        if group and span.start >= reach:
            yield group
            group = []
        group.append(span)
        reach = max(reach, span.end)
    if group:
        yield group
