"""What stands against a start or a length of the treatment in hand, in sentences. Pure.

It allows too much rather than too little: what waits for a therapist elsewhere is judged when it is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.bookings.availability import instant
from portal.bookings.moves.queries import Column
from portal.bookings.refusals import phrase
from portal.bookings.relocation import in_place
from portal.bookings.slots.assembly import need_of
from portal.bookings.slots.causes import person_cause
from portal.bookings.slots.facts import Need, Stay, Work
from portal.bookings.slots.intervals import Span, epoch
from portal.bookings.slots.request import Reason, Request
from portal.bookings.slots.snapshot import Snapshot
from portal.i18n import clock_time, name_of
from portal.models import Booking, BookingItem, Venue
from portal.models.booking_states import ONGOING

STEP = 300
# The room of a column, which is no choice among several.
_THE_ROOM = "the_room"
# What is in the way at a start (epoch seconds): a sentence, None when nothing is.
Judge = Callable[[int], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The treatment in hand. `leaving` is the therapist from whose column it was taken.

    `rooms` are those that a treatment which has begun stays in, by its key.
    """

    venue: Venue
    booking: Booking
    item: BookingItem
    leaving: int | None = None
    rooms: Mapping[int, frozenset[int]] = field(default_factory=dict)


class Reasons:
    """The sentences of an answer, each told once and then by its number."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self._known: dict[str, int] = {}

    def stretches(self, against: Iterable[str | None], first: int = 0) -> list[list[int]]:
        """Where something is in the way, as [first, last, number of the reason], counted from `first`."""
        found = []
        for sentence, run in groupby(against):
            length = sum(1 for _one in run)
            if sentence is not None:
                found.append([first, first + length - 1, self._number(sentence)])
            first += length
        return found

    def _number(self, sentence: str) -> int:
        if sentence not in self._known:
            self._known[sentence] = len(self.told)
            self.told.append(sentence)
        return self._known[sentence]


class Bench:
    """Judges of one treatment in hand, on one snapshot at one moment; `names` are those of people and rooms by key."""

    def __init__(self, taken: Taken, snapshot: Snapshot, names: Mapping[int, str], *, now: datetime) -> None:
        self.taken, self.snapshot, self.names, self.now = taken, snapshot, names, now
        self._index = {person: number for number, person in enumerate(snapshot.team)}
        self._phrases: dict[tuple[Any, ...], str] = {}
        self._candidates: dict[tuple[int, int, int | None], int] = {}
        serving = _serving(taken.item)
        self._leaving = taken.leaving or (serving[0] if serving and not taken.item.therapists_missing else None)

    def start(self, item: BookingItem, *, by_room: bool) -> Judge:
        """Against starts of the treatment in hand, as far as they concern this item of its visit, in every column.

        The visit moves as a whole: the item keeps its distance. What the column decides is left to its own judge.
        """
        judge = self.length(item, item.duration, staying=self._staying(item, by_room=by_room))
        mine, stood = item is self.taken.item, epoch(item.starts_at)
        offset = stood - epoch(self.taken.item.starts_at)

        def against(start: int) -> str | None:
            start += offset
            if start != stood and self.taken.booking.status == ONGOING:
                return _("The treatment has begun: it can change its therapist or its room, not its time.")
            return judge(start, in_room=by_room and mine, with_person=not by_room and self._goes_along(item))

        return against

    def length(self, item: BookingItem, minutes: int, *, staying: Iterable[int] | None = None) -> _ItemJudge:
        """Against an item of that length, wherever it starts; `staying` are who serves it there, else who does now."""
        return _ItemJudge(self, item, minutes, _serving(item) if staying is None else staying)

    def person(self, column: Column, moved: Iterable[BookingItem]) -> Judge:
        """Against giving to this therapist what goes along, among the items moved, with the treatment in hand."""
        person, first = column.resource_id, epoch(self.taken.item.starts_at)
        given = [(self._need(one), epoch(one.starts_at) - first) for one in moved if self._goes_along(one)]

        def against(start: int) -> str | None:
            works = (self.work(need, start + offset) for need, offset in given)
            return next(filter(None, (self.of_person(person, work, self.free(work)) for work in works)), None)

        return against

    def room(self, column: Column) -> Judge:
        """Against putting the treatment in hand into this room."""
        need = replace(self._need(self.taken.item), rooms=frozenset({column.resource_id}))
        told = self._unsuitable(column, need)

        def against(start: int) -> str | None:
            stay = stay_of(need, start)
            if told or self.snapshot.rooms.plan(stay):
                return told
            span, room = self.snapshot.rooms.obstacle(stay)
            return self.phrase(_THE_ROOM, span, room)

        return against

    def of_person(self, person: int, work: Work, free: int) -> str | None:
        """Against her doing the work; `free` are those who could, as bits."""
        index = self._index.get(person)
        if index is not None and free >> index & 1:
            return None
        cause = person_cause(self.snapshot, person, work)
        return self.phrase(Reason.NO_THERAPIST, cause.span, person, cause.kind) if cause else None

    def free(self, work: Work) -> int:
        """Who is qualified, on shift and free, as bits: the same for every column."""
        key = (work.start, work.end, work.treatment_id)
        if key not in self._candidates:
            self._candidates[key] = self.snapshot.roster.candidates(work)
        return self._candidates[key]

    def work(self, need: Need, start: int) -> Work:
        return Work(self.snapshot.venue_id, start, start + need.duration * 60, need.treatment_id)

    def phrase(self, reason: str, span: Span, subject: int | None = None, cause: str | None = None) -> str:
        """The sentence, made once for each thing in the way."""
        key = (reason, span, subject, cause)
        if key not in self._phrases:
            interval = (instant(span.start), instant(span.end))
            who, zone = self.names.get(subject or 0), self.taken.venue.timezone
            if reason == _THE_ROOM and who:
                start, end = (clock_time(moment, zone) for moment in interval)
                told = _("%(name)s is taken from %(start)s to %(end)s.", name=who, start=start, end=end)
            else:
                told = phrase(
                    str(Reason.NO_ROOM if reason == _THE_ROOM else reason), interval, cause=cause, who=who, zone=zone
                )
            self._phrases[key] = told
        return self._phrases[key]

    def _need(self, item: BookingItem) -> Need:
        return replace(need_of(self.taken.venue, item.variant, guests=item.guest_count), duration=item.duration)

    def _staying(self, item: BookingItem, *, by_room: bool) -> list[int]:
        """Who serves it and stays with it in every column."""
        serving = _serving(item)
        if by_room or not self._goes_along(item):
            return serving
        return [person for person in serving if person != self._leaving]

    def _goes_along(self, item: BookingItem) -> bool:
        """Whether it goes to whoever is given the treatment in hand."""
        if self._leaving is None or item is self.taken.item:
            return item is self.taken.item or item.therapists_missing > 0
        return self._leaving in _serving(item)

    def _unsuitable(self, column: Column, need: Need) -> str | None:
        """What is wrong with the room itself."""
        name = self.names[column.resource_id]
        if need.room_type_id not in {None, column.room_type_id}:
            return _("%(name)s is not a room for this treatment.", name=name)
        if column.capacity < need.guests:
            return ngettext(
                "%(name)s has room for one guest only.", "%(name)s has room for %(num)d guests only.",
                column.capacity, name=name,
            )  # fmt: skip
        return None


class _ItemJudge:
    """Against an item of the visit with a length: the venue, the rooms, and those who serve it."""

    def __init__(self, bench: Bench, item: BookingItem, minutes: int, staying: Iterable[int]) -> None:
        self.bench, self.item, self.staying = bench, item, list(staying)
        need = need_of(bench.taken.venue, item.variant, guests=item.guest_count, gender=item.gender_preference)
        held = bench.taken.rooms.get(item.id)
        self.need = replace(in_place(need, held) if held else need, duration=minutes)
        self._stood = epoch(item.starts_at)
        self._request = Request(bench.snapshot, self.need, bench.now, desk=True)
        self._began = Request(bench.snapshot, self.need, min(bench.now, item.starts_at), desk=True)

    def __call__(self, start: int, *, in_room: bool = False, with_person: bool = False) -> str | None:
        """`in_room`, `with_person`: its room, or who is to do it, is judged elsewhere."""
        told = self._of_venue(start)
        if told is None and not in_room:
            told = self._of_rooms(start)
        if told is None:
            work = self.bench.work(self.need, start)
            free = self.bench.free(work)
            told = next(filter(None, (self.bench.of_person(person, work, free) for person in self.staying)), None)
        if told is None and not self.staying and not with_person:
            told = self._of_anybody(start)
        return told

    def _of_venue(self, start: int) -> str | None:
        snapshot = self.bench.snapshot
        request = self._began if start == self._stood else self._request
        answer = request.opened(start)
        if not isinstance(answer, Reason):
            weekday = snapshot.days[snapshot.days.date_of(start)].date.isoweekday() % 7
            if self.need.offered_on(weekday):
                return None
            answer = Reason.DAY_NOT_OFFERED
        span, _subject = request.responsible(answer, start)
        return self.bench.phrase(answer, span)

    def _of_rooms(self, start: int) -> str | None:
        rooms, stay = self.bench.snapshot.rooms, stay_of(self.need, start)
        if rooms.plan(stay):
            return None
        span, room = rooms.obstacle(stay)
        return self.bench.phrase(Reason.NO_ROOM if self.need.rooms is None else _THE_ROOM, span, room)

    def _of_anybody(self, start: int) -> str | None:
        """Of a treatment that nobody has yet."""
        staffing = self.bench.snapshot.staffing
        work = replace(self.bench.work(self.need, start), gender=self.need.gender)
        if staffing.can_take(work, self.item.therapists_missing or self.item.guest_count):
            return None
        span, person = staffing.obstacle(work)
        return self.bench.phrase(Reason.NO_THERAPIST, span, person)


def named(*columns: Iterable[Column]) -> dict[int, str]:
    """What these people and rooms are called in the reader's language, by key."""
    return {one.resource_id: name_of(one) for some in columns for one in some}


def stay_of(need: Need, start: int) -> Stay:
    """What is asked of the rooms by a start."""
    end = start + need.duration * 60
    return Stay(None, start, end, end + need.buffer * 60, need.guests, need.room_type_id, need.rooms)


def _serving(item: BookingItem) -> list[int]:
    return [one.member.resource_id for one in item.current_assignments if one.member.resource_id is not None]
