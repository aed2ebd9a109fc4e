"""What changed, and which changes have been seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# Longer than any transaction may take: an id that is still missing after it belongs to one that was rolled back.
PATIENCE_SECONDS = 30.0
MOST_GAPS = 1000


class Change(NamedTuple):
    """Topics of one venue that changed; `id` grows, though not in the order of the commits."""

    id: int
    venue_id: int
    topics: tuple[str, ...]


class Ledger:
    """The ids that were read so far.

    A transaction may commit after one that took a higher id: a skipped id is a gap, which is asked for again until
    it appears or until it is too old to come.
    """

    def __init__(self, recent: Iterable[int] = (), *, at: float) -> None:
        self._gaps: dict[int, float] = {}
        ids = sorted(recent)
        self.newest = ids[0] if ids else 0
        self.note(ids, at=at)

    @property
    def gaps(self) -> list[int]:
        """Ids below the newest that may still appear."""
        return list(self._gaps)

    @property
    def horizon(self) -> int:
        """Nothing at or below this id can still appear: whoever resumes here misses nothing."""
        return min(self._gaps) - 1 if self._gaps else self.newest

    def note(self, ids: Iterable[int], *, at: float) -> None:
        """These ids were read at the monotonic second `at`."""
        for number in sorted(ids):
            self._gaps.pop(number, None)
            first = max(self.newest + 1, number - MOST_GAPS)
            self._gaps.update(dict.fromkeys(range(first, number), at))
            self.newest = max(self.newest, number)
        for number in [number for number, noticed in self._gaps.items() if at - noticed > PATIENCE_SECONDS]:
            del self._gaps[number]
