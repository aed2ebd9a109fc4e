"""A plan for all the visits that an absence hits: as few guests moved as can be, their wishes kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.absences.rehome.facts import Away, Visit
from portal.absences.rehome.options import other_times, promises, same_time, wish_of
from portal.absences.rehome.puzzle import Choice, Wish, solve
from portal.bookings.slots.intervals import epoch
from portal.bookings.slots.queries import load_snapshot
from portal.bookings.slots.snapshot import Snapshot
from portal.clock import local_date
from portal.models import Venue


@dataclass(frozen=True, slots=True)
class Line:
    """A visit, what is proposed for it (None: nobody is left), and who else could give it at the same time."""

    visit: Visit
    proposal: Choice | None
    others: tuple[Choice, ...]

    @property
    def is_moved(self) -> bool:
        return self.proposal is not None and self.proposal.start != epoch(self.visit.starts_at)

    @property
    def is_kept(self) -> bool:
        """Whether the guest loses nothing that mattered to her: it can be done without asking."""
        return self.proposal is not None and not self.proposal.breaks


def plan(
    venue: Venue, visits: Sequence[Visit], away: Collection[Away], *, now: datetime, moving: bool = True
) -> list[Line]:
    """A line for each visit. Without `moving`, nobody is put at another time.

    Another therapist at the same time in the same room comes first, then a time near by; all visits of a day are
    decided together, and with them the bookings that wait for a therapist.
    """
    if not visits:
        return []
    days: dict[date, list[Visit]] = defaultdict(list)
    for visit in visits:
        days[local_date(visit.starts_at, venue.timezone)].append(visit)
    snapshot = load_snapshot(venue, first=min(days), last=max(days))
    found: dict[tuple[int, int], Line] = {}
    for day, hit in days.items():
        for line in _Day(venue, snapshot, day, hit, away, now).lines(moving=moving):
            found[line.visit.item_id, line.visit.leaving] = line
    return [found[visit.item_id, visit.leaving] for visit in visits]


class _Day:
    """The visits of one day; on another nobody is in their way."""

    def __init__(
        self,
        venue: Venue,
        snapshot: Snapshot,
        day: date,
        visits: Sequence[Visit],
        away: Collection[Away],
        now: datetime,
    ) -> None:
        self._venue, self._snapshot, self._day = venue, snapshot, day
        self._visits, self._away, self._now = visits, away, now
        self._staying = [same_time(snapshot, visit, away) for visit in visits]

    def lines(self, *, moving: bool) -> list[Line]:
        chosen = self._solve(self._staying)
        if moving and not all(one is not None and not one.breaks for one in chosen):
            chosen = self._solve(
                [staying + self._moving(visit) for staying, visit in zip(self._staying, self._visits, strict=True)]
            )
        return [
            Line(visit, one, tuple(staying))
            for visit, one, staying in zip(self._visits, chosen, self._staying, strict=True)
        ]

    def _solve(self, choices: Sequence[Sequence[Choice]]) -> list[Choice | None]:
        wishes = [wish_of(visit, mine) for visit, mine in zip(self._visits, choices, strict=True)]
        between = self._snapshot.roster.between_venues
        waiting = promises(self._snapshot, self._away, lambda start, end: _touch(wishes, start, end, between))
        return solve([*wishes, *waiting], between_venues=between)[: len(wishes)]

    def _moving(self, visit: Visit) -> list[Choice]:
        lifted = load_snapshot(self._venue, first=self._day, last=self._day, without=[visit.item_id])
        return other_times(lifted, visit, self._away, now=self._now)


def _touch(wishes: Sequence[Wish], start: int, end: int, between: int) -> bool:
    """Whether one of the choices lies at that time."""
    return any(one.start - between < end and start < one.end + between for wish in wishes for one in wish.choices)
