"""Whether all work that waits for therapists can still be served when something is added to it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from portal.bookings.slots.facts import PendingNeed, Work
from portal.bookings.slots.intervals import Span, joined
from portal.bookings.slots.matching import Crowd, can_join, unserved_seats
from portal.bookings.slots.roster import Roster
from portal.bookings.slots.witness import Witness

# Entangled bookings up to which every possibility is searched when the standing assignment gives no answer.
SEARCHED_WHOLE = 12


class Staffing:
    """Pending bookings of a snapshot and who could serve them, here and at venues that share therapists."""

    def __init__(self, roster: Roster, pending: Iterable[PendingNeed]) -> None:
        self._roster = roster
        self._pending = sorted((need for need in pending if need.therapists_missing > 0), key=_by_start)
        self._starts = [need.work.start for need in self._pending]
        self._longest = max((need.work.end - need.work.start for need in self._pending), default=0)
        self._candidates: dict[int, int] = {}
        self._near: dict[int, list[int]] = {}
        self._seats = _numbered(self._pending)
        self._witness = Witness()
        self._complete: dict[int, bool] = {}

    def can_take(self, work: Work, seats: int) -> bool:
        """True when `seats` distinct therapists are left for the work and no pending guest loses theirs."""
        mine = self._roster.candidates(work)
        if mine.bit_count() < seats:
            return False
        rivals = set(self._colliding(work, mine))
        if mine.bit_count() >= seats + sum(self._claimed(other, mine) for other in rivals):
            return True
        return self._joins(work, seats, mine, rivals)

    def most(self, work: Work, guests: int, limit: int) -> int:
        """How often work for so many guests can be taken at once, at most `limit` times."""
        times = min(limit, self._roster.candidates(work).bit_count() // guests)
        while times > 0 and not self.can_take(work, times * guests):
            times -= 1
        return times

    def obstacle(self, work: Work) -> tuple[Span, int | None]:
        """Why nobody is left: the pending work that needs those who are free, else what keeps them all busy."""
        free = self._roster.candidates(work)
        promised = [self._pending[other].work for other in self._colliding(work, free)] if free else []
        spans = joined(Span(other.start, other.end) for other in promised)
        return (Span(spans[0].start, spans[-1].end), None) if spans else self._roster.obstacle(work)

    def _joins(self, work: Work, seats: int, mine: int, rivals: set[int]) -> bool:
        # A list, not a generator: every rival's group must get its helpers before the newcomer is tried.
        served = all([self._all_served_around(pending) for pending in sorted(rivals)])  # noqa: C419
        admitted = self._is_admitted(work, seats, mine, rivals) if served else None
        if admitted is not None:
            return admitted
        # Where somebody cannot be served anyway, only the whole search knows how many could be.
        members = self._entangled(seats, mine, rivals)
        if len(members) <= SEARCHED_WHOLE:
            return can_join(self._crowd(work, seats, mine, rivals, members))
        return not served and bool(self._is_admitted(work, seats, mine, rivals))

    def _is_admitted(self, work: Work, seats: int, mine: int, rivals: set[int]) -> bool | None:
        """Whether all who have a helper keep one beside the newcomer; None when that remains open."""
        if not self._fits_at_each_moment(work, seats, mine, rivals):
            return False
        near = [seat for pending in sorted(rivals) for seat in self._seats[pending]]
        return self._witness.admits(seats, mine, near)

    def _fits_at_each_moment(self, work: Work, seats: int, mine: int, rivals: set[int]) -> bool:
        """False proves that there is no way: at some moment more helpers are needed than there are."""
        kept = [(pending, self._pending[pending].work, self._kept(pending)) for pending in rivals]
        for moment in {work.start, *(other.start for _, other, _ in kept if work.start < other.start < work.end)}:
            present = [
                (wanted, self._pending_candidates(pending))
                for pending, other, wanted in kept
                if other.start <= moment < other.end
            ]
            if unserved_seats([(seats, mine), *present]):
                return False
        return True

    def _kept(self, pending: int) -> int:
        """The seats of a booking that have a helper and must not lose it."""
        return sum(self._witness.is_served(seat) for seat in self._seats[pending])

    def _all_served_around(self, pending: int) -> bool:
        """True when a booking and all that hang together with it could be given helpers (which they keep)."""
        if pending not in self._complete:
            found, edge = {pending}, [pending]
            while edge:
                new = set(self._neighbours(edge.pop())) - found
                found |= new
                edge.extend(new)
            for member in sorted(found):
                self._seat(member)
            complete = all(self._kept(member) == len(self._seats[member]) for member in found)
            self._complete.update(dict.fromkeys(found, complete))
        return self._complete[pending]

    def _seat(self, pending: int) -> None:
        mine = self._seats[pending]
        others = [seat for other in self._neighbours(pending) for seat in self._seats[other]]
        for seat in mine:
            near = [*others, *(other for other in mine if other != seat)]
            self._witness.seat(seat, self._pending_candidates(pending), near)

    def _crowd(self, work: Work, seats: int, mine: int, rivals: set[int], members: Sequence[int]) -> Crowd:
        """The newcomer first, then the pending work that is entangled with it."""
        place = {pending: index for index, pending in enumerate(members, start=1)}
        near = [{place[other] for other in rivals if other in place}]
        for pending in members:
            around = {place[other] for other in self._neighbours(pending) if other in place}
            near.append(around | {0} if pending in rivals else around)
        return Crowd(
            [work.start, *(self._starts[pending] for pending in members)],
            [seats, *(self._pending[pending].therapists_missing for pending in members)],
            [mine, *(self._pending_candidates(pending) for pending in members)],
            near,
        )

    def _entangled(self, seats: int, mine: int, rivals: set[int]) -> list[int]:
        """Pending work reached from the newcomer over shared candidates, in order; too much to search is cut off.

        Work with candidates to spare whatever happens around it can always be served last: it is left out.
        """
        found: set[int] = set()
        edge = list(rivals)
        while edge and len(found) <= SEARCHED_WHOLE:
            pending = edge.pop()
            if pending in found:
                continue
            theirs = self._pending_candidates(pending)
            claimed = sum(self._claimed(other, theirs) for other in self._neighbours(pending))
            if pending in rivals:
                claimed += min(seats, (mine & theirs).bit_count())
            if theirs.bit_count() < self._pending[pending].therapists_missing + claimed:
                found.add(pending)
                edge.extend(self._neighbours(pending))
        return sorted(found)

    def _claimed(self, pending: int, mine: int) -> int:
        """How many of `mine` a piece of pending work could take."""
        return min(self._pending[pending].therapists_missing, (self._pending_candidates(pending) & mine).bit_count())

    def _neighbours(self, pending: int) -> list[int]:
        """Pending work that collides with this one and shares a candidate."""
        if pending not in self._near:
            mine = self._pending_candidates(pending)
            colliding = self._colliding(self._pending[pending].work, mine)
            self._near[pending] = [other for other in colliding if other != pending]
        return self._near[pending]

    def _colliding(self, work: Work, sharing: int = -1) -> list[int]:
        """Pending work at the same time (or too near at another venue) that wants one of `sharing`."""
        first = bisect_left(self._starts, work.start - self._roster.between_venues - self._longest)
        last = bisect_left(self._starts, work.end + self._roster.between_venues)
        return [
            index
            for index in range(first, last)
            if self._collide(self._pending[index].work, work) and self._pending_candidates(index) & sharing
        ]

    def _collide(self, one: Work, other: Work) -> bool:
        between = 0 if one.venue_id == other.venue_id else self._roster.between_venues
        return one.start < other.end + between and other.start < one.end + between

    def _pending_candidates(self, index: int) -> int:
        if index not in self._candidates:
            self._candidates[index] = self._roster.remaining(self._pending[index].work)
        return self._candidates[index]


def _by_start(need: PendingNeed) -> tuple[int, int]:
    return need.work.start, need.item_id


def _numbered(pending: Iterable[PendingNeed]) -> list[range]:
    """A number for each seat, booking by booking."""
    seats, first = [], 0
    for need in pending:
        seats.append(range(first, first + need.therapists_missing))
        first += need.therapists_missing
    return seats
