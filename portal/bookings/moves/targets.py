"""Where a treatment that has been taken may be put on a day, and why not elsewhere: asked once, when it is taken.

Pure. It allows too much rather than too little: what waits for a therapist elsewhere is judged when it is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.bookings.availability import instant
from portal.bookings.moves.queries import Column
from portal.bookings.refusals import phrase
from portal.bookings.slots.assembly import need_of
from portal.bookings.slots.causes import person_cause
from portal.bookings.slots.facts import Need, Stay, Work
from portal.bookings.slots.intervals import Span, epoch
from portal.bookings.slots.request import Reason, Request
from portal.bookings.slots.snapshot import Snapshot
from portal.clock import day_bounds
from portal.i18n import clock_time, name_of
from portal.models import Booking, BookingItem, Venue
from portal.models.booking_states import ONGOING

STEP = 300
# A day is drawn at most six hours past midnight.
_NIGHT = timedelta(hours=6)
# The room of a column, which is no choice among several.
_THE_ROOM = "the_room"
# What is in the way at a start: a sentence, None when nothing is.
Judge = Callable[[int], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The treatment in hand; `leaving` is the therapist from whose column it was taken."""

    venue: Venue
    booking: Booking
    item: BookingItem
    leaving: int | None = None


def targets(
    taken: Taken,
    snapshot: Snapshot,
    day: date,
    *,
    therapists: Sequence[Column],
    rooms: Sequence[Column],
    by_room: bool,
    now: datetime,
) -> dict[str, Any]:
    """For each column of the day the starts that are not possible, as [first, last, number of the reason].

    Starts count in steps of five minutes from `origin`, the first instant of the local day; `alone` says the same of
    the treatment without the others of its visit.
    """
    board = _Board(taken, snapshot, day, therapists, rooms, by_room, now)
    many = len(taken.booking.items) > 1
    columns = board.columns(taken.booking.items)
    alone = board.columns([taken.item]) if many else None
    return {
        "origin": instant(board.origin).isoformat(),
        "item": str(taken.item.uuid),
        "items": len(taken.booking.items),
        "version": taken.booking.version,
        "at": (epoch(taken.item.starts_at) - board.origin) // STEP,
        "length": (epoch(taken.item.ends_at) - epoch(taken.item.starts_at)) // STEP,
        "columns": columns,
        "reasons": board.reasons,
        **({"alone": alone} if alone is not None else {}),
    }


class _Board:
    """One day with one treatment in hand."""

    def __init__(
        self,
        taken: Taken,
        snapshot: Snapshot,
        day: date,
        therapists: Sequence[Column],
        rooms: Sequence[Column],
        by_room: bool,
        now: datetime,
    ) -> None:
        since, until = day_bounds(day, taken.venue.timezone)
        self.taken, self.snapshot, self.by_room, self.now = taken, snapshot, by_room, now
        self.origin, self.end = epoch(since), epoch(until + _NIGHT)
        self.shown = rooms if by_room else therapists
        self.names = {one.resource_id: name_of(one) for one in (*therapists, *rooms)}
        self.index = {person: number for number, person in enumerate(snapshot.team)}
        self.reasons: list[str] = []
        self._known: dict[str, int] = {}
        self._phrases: dict[tuple[Any, ...], str] = {}
        self._candidates: dict[tuple[int, int, int | None], int] = {}

    def columns(self, moved: Iterable[BookingItem]) -> dict[str, list[list[int]]]:
        """The impossible stretches of each column when these items move together."""
        judges = [self._judge(item) for item in moved]
        starts = range(self.origin, self.end, STEP)
        general = [next(filter(None, (judge(start) for judge in judges)), None) for start in starts]
        found = {}
        for column in self.shown:
            own = self._room_judge(column) if self.by_room else self._person_judge(column)
            found[str(column.uuid)] = self._stretches(
                told or own(start) for told, start in zip(general, starts, strict=True)
            )
        return found

    def _stretches(self, told: Iterable[str | None]) -> list[list[int]]:
        found, first = [], 0
        for sentence, run in groupby(told):
            length = sum(1 for _one in run)
            if sentence is not None:
                found.append([first, first + length - 1, self._number(sentence)])
            first += length
        return found

    def _number(self, sentence: str) -> int:
        if sentence not in self._known:
            self._known[sentence] = len(self.reasons)
            self.reasons.append(sentence)
        return self._known[sentence]

    def _judge(self, item: BookingItem) -> Judge:
        """What stands against an item whatever the column: the venue, the rooms, and those who stay with it."""
        taken, venue = self.taken, self.taken.venue
        mine = item is taken.item
        need = replace(
            need_of(venue, item.variant, guests=item.guest_count, gender=item.gender_preference),
            duration=item.duration,
        )
        request = Request(self.snapshot, need, self.now, desk=True)
        began = Request(self.snapshot, need, min(self.now, item.starts_at), desk=True)
        offset, stood = epoch(item.starts_at) - epoch(taken.item.starts_at), epoch(item.starts_at)
        staying = self._staying(item)
        is_free_choice = not self.by_room and mine

        def judge(taken_start: int) -> str | None:
            start = taken_start + offset
            if start != stood and taken.booking.status == ONGOING:
                return _("The treatment has begun: it can change its therapist or its room, not its time.")
            told = self._of_venue(began if start == stood else request, start)
            if told is None and not (self.by_room and mine):
                told = self._of_rooms(need, start)
            if told is None:
                told = self._of_people(staying, need, start)
            if told is None and not staying and not is_free_choice:
                told = self._of_anybody(item, need, start)
            return told

        return judge

    def _staying(self, item: BookingItem) -> list[int]:
        """Who serves it and stays with it in every column."""
        serving = [one.member.resource_id for one in item.current_assignments if one.member.resource_id is not None]
        if self.by_room or item is not self.taken.item:
            return serving
        leaving = self.taken.leaving
        if leaving is None and item.therapists_missing == 0 and serving:
            leaving = serving[0]
        return [person for person in serving if person != leaving]

    def _of_venue(self, request: Request, start: int) -> str | None:
        answer = request.opened(start)
        if not isinstance(answer, Reason):
            weekday = self.snapshot.days[self.snapshot.days.date_of(start)].date.isoweekday() % 7
            if request.need.offered_on(weekday):
                return None
            answer = Reason.DAY_NOT_OFFERED
        span, _subject = request.responsible(answer, start)
        return self._phrase(answer, span)

    def _of_rooms(self, need: Need, start: int) -> str | None:
        stay = _stay(need, start)
        if self.snapshot.rooms.plan(stay):
            return None
        span, room = self.snapshot.rooms.obstacle(stay)
        return self._phrase(Reason.NO_ROOM, span, room)

    def _of_people(self, people: Iterable[int], need: Need, start: int) -> str | None:
        work = self._work(need, start)
        free = self._free(work)
        return next(filter(None, (self._of_person(person, work, free) for person in people)), None)

    def _of_person(self, person: int, work: Work, free: int) -> str | None:
        index = self.index.get(person)
        if index is not None and free >> index & 1:
            return None
        cause = person_cause(self.snapshot, person, work)
        return self._phrase(Reason.NO_THERAPIST, cause.span, person, cause.kind) if cause else None

    def _of_anybody(self, item: BookingItem, need: Need, start: int) -> str | None:
        """Of a treatment that nobody has yet."""
        work = replace(self._work(need, start), gender=need.gender)
        if self.snapshot.staffing.can_take(work, item.therapists_missing or item.guest_count):
            return None
        span, person = self.snapshot.staffing.obstacle(work)
        return self._phrase(Reason.NO_THERAPIST, span, person)

    def _person_judge(self, column: Column) -> Judge:
        item = self.taken.item
        need = replace(need_of(self.taken.venue, item.variant, guests=item.guest_count), duration=item.duration)

        def judge(start: int) -> str | None:
            work = self._work(need, start)
            return self._of_person(column.resource_id, work, self._free(work))

        return judge

    def _room_judge(self, column: Column) -> Judge:
        item = self.taken.item
        need = replace(
            need_of(self.taken.venue, item.variant, guests=item.guest_count),
            duration=item.duration,
            rooms=frozenset({column.resource_id}),
        )
        told = self._unsuitable(column, need)

        def judge(start: int) -> str | None:
            stay = _stay(need, start)
            if told or self.snapshot.rooms.plan(stay):
                return told
            span, room = self.snapshot.rooms.obstacle(stay)
            return self._phrase(_THE_ROOM, span, room)

        return judge

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

    def _free(self, work: Work) -> int:
        """Who is qualified, on shift and free, as bits: the same for every column."""
        key = (work.start, work.end, work.treatment_id)
        if key not in self._candidates:
            self._candidates[key] = self.snapshot.roster.candidates(work)
        return self._candidates[key]

    def _work(self, need: Need, start: int) -> Work:
        return Work(self.snapshot.venue_id, start, start + need.duration * 60, need.treatment_id)

    def _phrase(self, reason: str, span: Span, subject: int | None = None, cause: str | None = None) -> str:
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


def _stay(need: Need, start: int) -> Stay:
    end = start + need.duration * 60
    return Stay(None, start, end, end + need.buffer * 60, need.guests, need.room_type_id, need.rooms)
