"""Therapists: who is there, free and able to do a piece of work."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from portal.bookings.slots.facts import Busy, Therapist, Work
from portal.bookings.slots.intervals import Span, Timeline, joined


class Roster:
    """The therapists of one snapshot, as bits of an integer.

    `between_venues` is the time in seconds that a therapist needs from a booking at one venue to one at another.
    """

    def __init__(self, therapists: Sequence[Therapist], busy: Iterable[Busy], between_venues: int = 0) -> None:
        self.between_venues = between_venues
        self._therapists = therapists
        self._busy: dict[int, list[Busy]] = {}
        for claim in busy:
            self._busy.setdefault(claim.resource_id, []).append(claim)
        self._timelines: dict[tuple[int, int], Timeline] = {}
        self._on_shift: dict[tuple[int, int], Timeline] = {}
        self._qualified: dict[tuple[int, int | None], int] = {}
        self._genders: dict[str, int] = {}

    def candidates(self, work: Work) -> int:
        """Who is qualified, on shift, free, not declined and of the gender asked for or chosen by the desk, as bits."""
        return self._free(work, self._wanted(work) & ~self._members(work.declined))

    def remaining(self, work: Work) -> int:
        """Who may still serve a booking that waits: of those left, whom the guest prefers, else all who are left.

        When nobody is left, whoever is free, declined or not: the desk may ask again.
        """
        free = self._free(work, self._able(work))
        willing = free & ~self._members(work.declined)
        preferred = willing & self._of_gender(work.gender) if work.gender is not None else willing
        return preferred or willing or free

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

    def is_on_shift(self, therapist_id: int, work: Work) -> bool:
        """Whether one shift of hers at that venue covers the work; shifts that touch are joined."""
        found = (index for index, therapist in enumerate(self._therapists) if therapist.id == therapist_id)
        return any(self._works(index, work) for index in found)

    def claims(self, therapist_id: int) -> Sequence[Busy]:
        """All that holds a therapist, at whatever venue."""
        return self._busy.get(therapist_id, [])

    def is_taken(self, therapist_id: int, start: int, end: int) -> bool:
        """Whether a claim of hers, of whatever venue, overlaps that time."""
        return any(claim.start < end and start < claim.end for claim in self.claims(therapist_id))

    def obstacle(self, work: Work) -> tuple[Span, int | None]:
        """Why nobody is free: the claim that ends first and whose it is; the time itself when nobody is on shift."""
        wanted = self._wanted(work)
        claims = [
            (span.end, therapist.id, span)
            for index, therapist in enumerate(self._therapists)
            if wanted >> index & 1 and self._works(index, work)
            for span in self._timeline(index, work.venue_id).overlapping(work.start, work.end)[-1:]
        ]
        if not claims:
            return Span(work.start, work.end), None
        _, therapist_id, span = min(claims)
        return span, therapist_id

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
                else Span(claim.start - self.between_venues, claim.end + self.between_venues)
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

    def _wanted(self, work: Work) -> int:
        """Able, and chosen by the desk, else of the gender asked for."""
        able = self._able(work)
        if work.only is not None:
            return able & self._members(work.only)
        return able if work.gender is None else able & self._of_gender(work.gender)

    def _of_gender(self, gender: str) -> int:
        if gender not in self._genders:
            self._genders[gender] = _mask(therapist.gender == gender for therapist in self._therapists)
        return self._genders[gender]

    def _members(self, ids: Collection[int]) -> int:
        return _mask(therapist.id in ids for therapist in self._therapists) if ids else 0


def _mask(members: Iterable[bool]) -> int:
    return sum(1 << index for index, member in enumerate(members) if member)
