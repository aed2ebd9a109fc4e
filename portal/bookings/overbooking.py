"""Booking where there is no place, on purpose: a manager's decision, with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.bookings.availability import Grant, Reason, Refusal, RoomClaim
from portal.bookings.slots.facts import Need, Stay
from portal.bookings.slots.intervals import epoch, instant
from portal.bookings.slots.snapshot import Snapshot

# What a person may decide against. The past, a broken grid and a partner's quota are not matters of opinion.
BENDABLE = frozenset(
    {
        Reason.NO_ROOM,
        Reason.NO_THERAPIST,
        Reason.BLOCKED,
        Reason.OUTSIDE_HOURS,
        Reason.VENUE_CLOSED,
        Reason.DAY_NOT_OFFERED,
    }
)


def squeezed(snapshot: Snapshot, need: Need, starts_at: datetime, now: datetime, refusal: Refusal) -> Grant | Refusal:
    """The wish granted against a refusal: in the room chosen, else in a free one, else in the smallest that suits.

    Rooms that are taken are marked as overbooked, so that the schema lets them stand beside the other. The refusal
    stays when it is about the past or the grid, or when the venue has no such room at all.
    """
    start = epoch(starts_at)
    step = 300
    if refusal.reason not in BENDABLE or start < epoch(now) - epoch(now) % step or start % step:
        return refusal
    end = start + need.duration * 60
    stay = Stay(None, start, end, end + need.buffer * 60, need.guests, need.room_type_id, need.rooms)
    rooms = snapshot.rooms.squeeze(stay)
    if not rooms:
        return refusal
    claims = tuple(RoomClaim(hold.room_id, instant(hold.start), instant(hold.end), taken) for hold, taken in rooms)
    ends_at = starts_at + timedelta(minutes=need.duration)
    return Grant(starts_at, ends_at, out_of_hours=refusal.reason is Reason.OUTSIDE_HOURS, rooms=claims, overbooked=True)


def person_is_taken(snapshot: Snapshot, resource_id: int, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the schema would refuse her time: it is only then that her claim is marked as overbooked."""
    return snapshot.roster.is_taken(resource_id, epoch(starts_at), epoch(ends_at))
