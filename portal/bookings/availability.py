"""Which slots can be had, and why not: one set of pure rules for listing and for creating alike.

A slot is listed exactly when `decide` grants it on the same snapshot at the same moment: `day_slots`,
`open_days` and `alternatives` ask the very question that `decide` asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import islice

from portal.bookings.slots.calendar import OpeningWindow, Schedule, ScheduleKind, VenueCalendar, WeeklyBlock
from portal.bookings.slots.facts import Busy, Hold, Need, PendingNeed, Room, Session, Shift, Therapist, Work
from portal.bookings.slots.intervals import EARLIEST, LATEST, Span, epoch, instant
from portal.bookings.slots.layout import RoomPlan
from portal.bookings.slots.request import Place, Reason, Request
from portal.bookings.slots.snapshot import Snapshot
from portal.bookings.slots.walltime import local

__all__ = [
    "Busy",
    "Grant",
    "Need",
    "OpeningWindow",
    "PendingNeed",
    "Reason",
    "Refusal",
    "Room",
    "RoomClaim",
    "Schedule",
    "ScheduleKind",
    "Session",
    "Shift",
    "Slot",
    "Snapshot",
    "Span",
    "Therapist",
    "VenueCalendar",
    "WeeklyBlock",
    "Work",
    "alternatives",
    "day_slots",
    "decide",
    "eligible_therapists",
    "epoch",
    "instant",
    "open_days",
    "therapist_conflict",
]


@dataclass(frozen=True, slots=True)
class RoomClaim:
    """A room to reserve from start to end (UTC), turnover buffer included."""

    room_id: int
    starts_at: datetime
    ends_at: datetime
    overbooked: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """A slot that can be had. `ends_at` is the treatment's end; `moves` gives pending items their new rooms.

    `overbooked` is one that was granted against a refusal, see overbooking.py.
    """

    starts_at: datetime
    ends_at: datetime
    out_of_hours: bool
    rooms: tuple[RoomClaim, ...] = ()
    moves: Mapping[int, tuple[RoomClaim, ...]] = field(default_factory=dict)
    session_id: int | None = None
    overbooked: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A slot that cannot be had: the reason, the time responsible (UTC), and the room, therapist or session in it."""

    reason: Reason
    starts_at: datetime
    ends_at: datetime
    subject: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A start time that can be had. `capacity` is how many guests of the same request could still be booked then."""

    starts_at: datetime
    local_time: time
    out_of_hours: bool
    capacity: int


def decide(
    snapshot: Snapshot, need: Need, starts_at: datetime, now: datetime, *, desk: bool = False
) -> Grant | Refusal:
    """Whether the request can be booked at that instant; the `desk` may start every 5 minutes and without notice.

    Raises ValueError for naive datetimes and for a start on a day that the snapshot does not hold.
    """
    start = epoch(starts_at)
    if not EARLIEST <= start < LATEST:
        return Refusal(Reason.VENUE_CLOSED, instant(start), instant(start))
    request = Request(snapshot, need, now, desk=desk)
    if not snapshot.first_day <= snapshot.days.date_of(start) <= snapshot.last_day:
        raise ValueError("the snapshot does not hold that day")
    answer = request.answer(start, aligned=request.on_grid(start) and starts_at.microsecond == 0)
    if isinstance(answer, Place):
        return _grant(request, start, answer)
    span, subject = request.responsible(answer, start)
    return Refusal(answer, instant(span.start), instant(span.end), subject)


def day_slots(snapshot: Snapshot, need: Need, day: date, now: datetime, *, desk: bool = False) -> list[Slot]:
    """All slots of a local date on the venue's grid, in order; the `desk` needs no notice."""
    request = Request(snapshot, need, now, desk=desk)
    return [
        Slot(
            instant(start),
            local(start, snapshot.days.zone).time(),
            place.out_of_hours,
            request.capacity(start, place),
        )
        for start in request.starts(day)
        if (place := request.place(start))
    ]


def open_days(snapshot: Snapshot, need: Need, first: date, last: date, now: datetime) -> list[date]:
    """The local dates from first to last (inclusive) with at least one slot."""
    request = Request(snapshot, need, now)
    first, last = max(first, snapshot.first_day), min(last, snapshot.last_day)
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return [day for day in days if any(request.place(start) for start in request.starts(day))]


def alternatives(
    snapshot: Snapshot,
    need: Need,
    near: datetime,
    now: datetime,
    limit: int = 3,
    within_days: int = 14,
    *,
    desk: bool = False,
) -> list[datetime]:
    """The slots nearest to an instant, before and after it, nearest first, within the days that the snapshot holds.

    Those of the venue's grid; the `desk` needs no notice.
    """
    request = Request(snapshot, need, now, desk=desk)
    wanted = epoch(near)
    if not EARLIEST <= wanted < LATEST:
        return []
    today = snapshot.days.date_of(wanted)
    offsets = [timedelta(days=offset) for offset in range(within_days + 1)]
    by_distance = merge(
        (start for offset in offsets for start in request.starts(today + offset) if start >= wanted),
        (start for offset in offsets for start in reversed(request.starts(today - offset)) if start < wanted),
        key=lambda start: abs(start - wanted),
    )
    return [instant(start) for start in islice(filter(request.place, by_distance), limit)]


def eligible_therapists(snapshot: Snapshot, work: Work) -> list[int]:
    """Ids of the therapists to ask for a piece of work, in the snapshot's order.

    Qualified, on shift, free and not among those who declined; those of the gender asked for, and the rest
    when none of them is left.
    """
    return snapshot.roster.eligible(work)


def therapist_conflict(snapshot: Snapshot, therapist_id: int, work: Work) -> tuple[datetime, datetime] | None:
    """The time that keeps a therapist from taking the work (`not_free`), None when she is on shift and free.

    The work's own time when no shift of hers covers it. Her qualification is not asked here.
    """
    span = snapshot.roster.conflict(therapist_id, work)
    return None if span is None else (instant(span.start), instant(span.end))


def _grant(request: Request, start: int, place: Place) -> Grant:
    plan = place.rooms or RoomPlan(())
    return Grant(
        instant(start),
        instant(start + request.duration),
        place.out_of_hours,
        tuple(map(_claim, plan.rooms)),
        {item_id: tuple(map(_claim, holds)) for item_id, holds in plan.moves.items()},
        place.session.id if place.session else None,
    )


def _claim(hold: Hold) -> RoomClaim:
    return RoomClaim(hold.room_id, instant(hold.start), instant(hold.end))
