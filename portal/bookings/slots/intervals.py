"""Spans of time in whole epoch seconds, and the index that tells whether a stretch is free.

Everything inside the slot rules counts in UTC epoch seconds: comparing integers is cheap and
no local clock can interfere. Datetimes exist only at the border, see `epoch` and `instant`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import accumulate
from math import floor
from typing import NamedTuple

EARLIEST = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
LATEST = int(datetime(2101, 1, 1, tzinfo=UTC).timestamp())


class Span(NamedTuple):
    """Half-open stretch [start, end) in epoch seconds."""

    start: int
    end: int

    def contains(self, start: int, end: int) -> bool:
        """True when [start, end) lies wholly inside."""
        return self.start <= start and end <= self.end


def epoch(at: datetime) -> int:
    """Whole epoch seconds of an aware datetime, rounded down. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return floor(at.timestamp())


def instant(seconds: int) -> datetime:
    """The aware UTC datetime of epoch seconds, held inside the years the product knows (2000 to 2100)."""
    return datetime.fromtimestamp(min(max(seconds, EARLIEST), LATEST), UTC)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time as `spans`, sorted, with those that touch or overlap joined into one."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


class Timeline:
    """Spans of one resource, sorted; they may overlap each other. Questions cost one bisection."""

    __slots__ = ("_reach", "_spans", "_starts")

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._spans = sorted(spans)
        self._starts = [span[0] for span in self._spans]
        # The furthest end seen so far: spans may overlap, so the last one to start need not be the last to end.
        self._reach = list(accumulate((span[1] for span in self._spans), max))

    def is_free(self, start: int, end: int) -> bool:
        """True when no span overlaps [start, end)."""
        before_end = bisect_left(self._starts, end)
        return before_end == 0 or self._reach[before_end - 1] <= start

    def covers(self, start: int, end: int) -> bool:
        """True when one single span contains [start, end)."""
        begun = bisect_left(self._starts, start + 1)
        return begun > 0 and self._reach[begun - 1] >= end

    def overlapping(self, start: int, end: int) -> list[Span]:
        """All spans that overlap [start, end), in order."""
        index = bisect_left(self._starts, end)
        found = []
        while index and self._reach[index - 1] > start:
            index -= 1
            if self._spans[index][1] > start:
                found.append(self._spans[index])
        return found[::-1]
