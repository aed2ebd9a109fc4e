"""The nine conditions of a slot, asked in the order in which refusals are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from portal.bookings.slots.calendar import FIRST_DAY, LAST_DAY, Hours, weekday_of
from portal.bookings.slots.facts import Need, Session, Stay, Work
from portal.bookings.slots.intervals import Span, epoch
from portal.bookings.slots.layout import RoomPlan
from portal.bookings.slots.snapshot import Snapshot
from portal.bookings.slots.walltime import local

DESK_STEP_MINUTES = 5


class Reason(StrEnum):
    """Why a slot is refused; the first that applies in this order is the one that is told."""

    VENUE_CLOSED = "venue_closed"
    OUTSIDE_HOURS = "outside_hours"
    LEAD_TIME = "lead_time"
    BLOCKED = "blocked"
    NO_ROOM = "no_room"
    NO_THERAPIST = "no_therapist"
    DAY_NOT_OFFERED = "day_not_offered"
    OFF_GRID = "off_grid"
    QUOTA_EXHAUSTED = "quota_exhausted"


class Place(NamedTuple):
    """What a granted start is given: rooms, or places in a session."""

    rooms: RoomPlan | None = None
    session: Session | None = None
    out_of_hours: bool = False


class Request:
    """One need asked of one snapshot at one moment, in epoch seconds.

    The `desk` starts every five minutes, without notice, and as late as in the five minutes that have begun.
    """

    def __init__(self, snapshot: Snapshot, need: Need, now: datetime, *, desk: bool = False) -> None:
        self.snapshot = snapshot
        self.desk = desk
        self.need = need
        self.duration = need.duration * 60
        self.now = epoch(now)
        notice = max(need.lead_time, snapshot.calendar.minimum_notice) * 60
        # Later than now, and after the whole notice: a started second has not passed yet.
        self.earliest = max(self.now + 1, self.now + notice + (now.microsecond > 0))
        if desk:
            self.earliest = self.now - self.now % (DESK_STEP_MINUTES * 60)
        self.sessions = [session for session in snapshot.sessions if session.treatment_id == need.treatment_id]

    def starts(self, day: date) -> tuple[int, ...]:
        """The starts that may be asked for on a local date."""
        if not max(FIRST_DAY, self.snapshot.first_day) <= day <= min(LAST_DAY, self.snapshot.last_day):
            return ()
        found = self.snapshot.days[day]
        if found.span.end <= self.earliest or not self.need.offered_on(weekday_of(day)):
            return ()
        if not self.need.joins_session:
            return found.starts
        return tuple(sorted({s.start for s in self.sessions if found.span.start <= s.start < found.span.end}))

    def on_grid(self, start: int) -> bool:
        """True when the start lies on the venue's grid, or on the desk's."""
        if self.need.joins_session:
            return any(session.start == start for session in self.sessions)
        wall = local(start, self.snapshot.days.zone)
        if not self.desk:
            return start in self.snapshot.days[wall.date()].starts
        return wall.second == 0 and wall.minute % DESK_STEP_MINUTES == 0

    def place(self, start: int) -> Place | None:
        """The place for a start known to lie on the grid."""
        answer = self.answer(start, aligned=True)
        return answer if isinstance(answer, Place) else None

    def answer(self, start: int, *, aligned: bool) -> Place | Reason:
        """The place, or the first reason against it."""
        end = start + self.duration
        hours = self.opened(start)
        if isinstance(hours, Reason):
            return hours
        day = self.snapshot.days[self.snapshot.days.date_of(start)]
        place = self._session_place(start) if self.need.joins_session else self._own_place(start)
        if isinstance(place, Reason) and place is not Reason.QUOTA_EXHAUSTED:
            return place
        if not self.need.offered_on(weekday_of(day.date)):
            return Reason.DAY_NOT_OFFERED
        if not aligned:
            return Reason.OFF_GRID
        if isinstance(place, Reason):
            return place
        if self._exhausted(start, end):
            return Reason.QUOTA_EXHAUSTED
        return place._replace(out_of_hours=not hours.regular.contains(start, end))

    def opened(self, start: int) -> Hours | Reason:
        """The opening hours that hold it, or what the venue itself has against it, whoever is free."""
        end = start + self.duration
        day = self.snapshot.days[self.snapshot.days.date_of(start)]
        hours = day.hours_for(start, end)
        if hours is None:
            return Reason.OUTSIDE_HOURS if day.receives(start) else Reason.VENUE_CLOSED
        if start < self.earliest:
            return Reason.LEAD_TIME
        return Reason.BLOCKED if self.snapshot.days.block_over(start, end) else hours

    def capacity(self, start: int, place: Place) -> int:
        """How many guests of this request a granted place could still take."""
        guests = self.need.guests
        if place.session:
            return place.session.places_left // guests * guests
        times = self.snapshot.staffing.most(self._work(start), guests, self.snapshot.rooms.count)
        return self.snapshot.rooms.most(self._stay(start), times) * guests

    def responsible(self, reason: Reason, start: int) -> tuple[Span, int | None]:
        """The time that a refusal is due to, and the room, therapist or session that is in the way."""
        snapshot, span = self.snapshot, Span(start, start + self.duration)
        day = snapshot.days[snapshot.days.date_of(start)]
        match reason:
            case Reason.VENUE_CLOSED | Reason.DAY_NOT_OFFERED:
                return day.span, None
            case Reason.OUTSIDE_HOURS:
                return day.closed_stretch(*span), None
            case Reason.LEAD_TIME:
                return Span(self.now, self.earliest), None
            case Reason.BLOCKED:
                return snapshot.days.block_over(*span) or span, None
            case Reason.NO_ROOM:
                return snapshot.rooms.obstacle(self._stay(start))
            case Reason.NO_THERAPIST:
                chosen = self.need.therapists or None
                return snapshot.staffing.obstacle(replace(self._work(start), only=chosen))
            case Reason.QUOTA_EXHAUSTED:
                return self._exhausted(*span) or span, None
            case Reason.OFF_GRID:
                return span, None

    def _own_place(self, start: int) -> Place | Reason:
        rooms = self.snapshot.rooms.plan(self._stay(start))
        if rooms is None:
            return Reason.NO_ROOM
        if not self._can_staff(start):
            return Reason.NO_THERAPIST
        return Place(rooms=rooms)

    def _can_staff(self, start: int) -> bool:
        """Whether there is a therapist for every guest, beside those that the desk has chosen."""
        work, chosen = self._work(start), self.need.therapists
        staffing = self.snapshot.staffing
        if not chosen:
            return staffing.can_take(work, self.need.guests)
        rest = self.need.guests - len(chosen)
        return staffing.can_take(replace(work, only=chosen), len(chosen)) and (
            not rest or staffing.can_take(replace(work, declined=chosen), rest)
        )

    def _session_place(self, start: int) -> Place | Reason:
        begun = [session for session in self.sessions if session.start == start]
        session = max(begun, key=lambda session: session.places_left, default=None)
        if session and session.places_left < self.need.guests:
            return Reason.QUOTA_EXHAUSTED
        return Place(session=session)

    def _exhausted(self, start: int, end: int) -> Span | None:
        return next((span for span in self.need.exhausted if span.start < end and start < span.end), None)

    def _stay(self, start: int) -> Stay:
        end = start + self.duration
        need = self.need
        return Stay(None, start, end, end + need.buffer * 60, need.guests, need.room_type_id, need.rooms)

    def _work(self, start: int) -> Work:
        need = self.need
        return Work(self.snapshot.venue_id, start, start + self.duration, need.treatment_id, need.gender)
