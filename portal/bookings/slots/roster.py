"""Therapists: who could do a piece of work, and whether all waiting work can still be served."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence

from portal.bookings.slots.facts import Busy, PendingNeed, Therapist, Work
from portal.bookings.slots.intervals import Span, Timeline, joined
from portal.bookings.slots.matching import Crowd, can_join


class Roster:
    """The therapists of one snapshot, as bits of an integer, and the pending work that waits for them.

    `between_venues` is the time in seconds that a therapist needs from a booking at one venue to one at another.
    """

    def __init__(
        self,
        therapists: Sequence[Therapist],
        busy: Iterable[Busy],
        pending: Iterable[PendingNeed],
        between_venues: int = 0,
    ) -> None:
        self._therapists = therapists
        self._between = between_venues
        self._busy: dict[int, list[Busy]] = {}
        for claim in busy:
            self._busy.setdefault(claim.resource_id, []).append(claim)
        self._pending = sorted((need for need in pending if need.therapists_missing > 0), key=_by_start)
        self._pending_starts = [need.work.start for need in self._pending]
        self._longest = max((need.work.end - need.work.start for need in self._pending), default=0)
        self._timelines: dict[tuple[int, int], Timeline] = {}
        self._on_shift: dict[tuple[int, int], Timeline] = {}
        self._qualified: dict[tuple[int, int | None], int] = {}
        self._genders: dict[str, int] = {}
        self._candidates: dict[int, int] = {}
        self._near: dict[int, list[int]] = {}

    def can_take(self, work: Work, seats: int) -> bool:
        """True when `seats` distinct therapists are left for the work with all pending work still served."""
        mine = self.candidates(work)
        if mine.bit_count() < seats:
            return False
        rivals = set(self._colliding(work, mine))
        if mine.bit_count() >= seats + sum(self._claimed(other, mine) for other in rivals):
            return True
        return can_join(self._crowd(work, seats, mine, rivals))

    def most(self, work: Work, guests: int, limit: int) -> int:
        """How often work for so many guests can be taken at once, at most `limit` times."""
        times = min(limit, self.candidates(work).bit_count() // guests)
        while times > 0 and not self.can_take(work, times * guests):
            times -= 1
        return times

    def candidates(self, work: Work) -> int:
        """Who is qualified, on shift, free and of the gender asked for, as bits."""
        able = self._able(work)
        if work.gender is not None:
            able &= self._of_gender(work.gender)
        return self._free(work, able)

    def eligible(self, work: Work) -> list[int]:
        """Ids of those to ask: qualified, on shift, free, not declined; of the gender asked for, else the rest."""
        free = self._free(work, self._able(work)) & ~self._members(work.declined)
        if work.gender is not None:
            free = free & self._of_gender(work.gender) or free
        return [therapist.id for index, therapist in enumerate(self._therapists) if free >> index & 1]

    def conflict(self, therapist_id: int, work: Work) -> Span | None:
        """What keeps a therapist from the work: the claim in the way, the work itself when off shift, else None."""
        index = next((i for i, therapist in enumerate(self._therapists) if therapist.id == therapist_id), None)
        if index is None or not self._works(index, work):
            return Span(work.start, work.end)
        return next(iter(self._timeline(index, work.venue_id).overlapping(work.start, work.end)), None)

    def obstacle(self, work: Work) -> tuple[Span, int | None]:
        """Why nobody is left: the claim that ends first and whose it is, the pending work, or the time itself."""
        able = self._able(work)
        if work.gender is not None:
            able &= self._of_gender(work.gender)
        if free := self._free(work, able):
            promised = [self._pending[other].work for other in self._colliding(work, free)]
            spans = joined(Span(other.start, other.end) for other in promised)
            return (Span(spans[0].start, spans[-1].end) if spans else Span(work.start, work.end)), None
        claims = [
            (span.end, therapist.id, span)
            for index, therapist in enumerate(self._therapists)
            if able >> index & 1 and self._works(index, work)
            for span in self._timeline(index, work.venue_id).overlapping(work.start, work.end)[-1:]
        ]
        if not claims:
            return Span(work.start, work.end), None
        _, therapist_id, span = min(claims)
        return span, therapist_id

    def _crowd(self, work: Work, seats: int, mine: int, rivals: set[int]) -> Crowd:
        """The newcomer first, then the pending work that is entangled with it, however far."""
        members = self._entangled(seats, mine, rivals)
        place = {pending: index for index, pending in enumerate(members, start=1)}
        near = [{place[other] for other in rivals if other in place}]
        for pending in members:
            around = {place[other] for other in self._neighbours(pending) if other in place}
            near.append(around | {0} if pending in rivals else around)
        return Crowd(
            [work.start, *(self._pending_starts[pending] for pending in members)],
            [seats, *(self._pending[pending].therapists_missing for pending in members)],
            [mine, *(self._pending_candidates(pending) for pending in members)],
            near,
        )

    def _entangled(self, seats: int, mine: int, rivals: set[int]) -> list[int]:
        """Pending work reached from the newcomer over shared candidates, in order.

        Work with candidates to spare whatever happens around it can always be served last: it is left out.
        """
        found: set[int] = set()
        edge = list(rivals)
        while edge:
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
        first = bisect_left(self._pending_starts, work.start - self._between - self._longest)
        last = bisect_left(self._pending_starts, work.end + self._between)
        return [
            index
            for index in range(first, last)
            if self._collide(self._pending[index].work, work) and self._pending_candidates(index) & sharing
        ]

    def _collide(self, one: Work, other: Work) -> bool:
        between = 0 if one.venue_id == other.venue_id else self._between
        return one.start < other.end + between and other.start < one.end + between

    def _pending_candidates(self, index: int) -> int:
        """Who may still serve a pending booking. When nobody else remains, whoever is free: the desk may ask again."""
        if index not in self._candidates:
            work = self._pending[index].work
            free = self._free(work, self._able(work))
            willing = free & ~self._members(work.declined)
            preferred = willing & self._of_gender(work.gender) if work.gender is not None else willing
            self._candidates[index] = preferred or willing or free
        return self._candidates[index]

    def _free(self, work: Work, able: int) -> int:
        """Those of `able` who are on shift and not taken during the work."""
        free = 0
        for index in range(len(self._therapists)):
            if (
                able >> index & 1
                and self._works(index, work)
                and self._timeline(index, work.venue_id).is_free(work.start, work.end)
            ):
                free |= 1 << index
        return free

    def _works(self, index: int, work: Work) -> bool:
        key = (index, work.venue_id)
        if key not in self._on_shift:
            shifts = self._therapists[index].shifts
            here = joined(Span(shift.start, shift.end) for shift in shifts if shift.venue_id == work.venue_id)
            self._on_shift[key] = Timeline(here)
        return self._on_shift[key].covers(work.start, work.end)

    def _timeline(self, index: int, venue_id: int) -> Timeline:
        """When a therapist is not to be had at a venue: bookings elsewhere include the way there and back."""
        key = (index, venue_id)
        if key not in self._timelines:
            claims = self._busy.get(self._therapists[index].id, [])
            self._timelines[key] = Timeline(
                Span(claim.start, claim.end)
                if claim.venue_id is None or claim.venue_id == venue_id
                else Span(claim.start - self._between, claim.end + self._between)
                for claim in claims
            )
        return self._timelines[key]

    def _able(self, work: Work) -> int:
        """Linked to the venue and qualified, free or not."""
        key = (work.venue_id, work.treatment_id)
        if key not in self._qualified:
            self._qualified[key] = _mask(
                work.venue_id in therapist.venue_ids and therapist.can_do(work.treatment_id)
                for therapist in self._therapists
            )
        return self._qualified[key]

    def _of_gender(self, gender: str) -> int:
        if gender not in self._genders:
            self._genders[gender] = _mask(therapist.gender == gender for therapist in self._therapists)
        return self._genders[gender]

    def _members(self, ids: Collection[int]) -> int:
        return _mask(therapist.id in ids for therapist in self._therapists) if ids else 0


def _by_start(need: PendingNeed) -> tuple[int, int]:
    return need.work.start, need.item_id


def _mask(members: Iterable[bool]) -> int:
    return sum(1 << index for index, member in enumerate(members) if member)
