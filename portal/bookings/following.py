"""Where a guest stands: late, waiting, which steps come next. Pure functions."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.errors import NotFound
from portal.models import Booking, Participant
from portal.models.booking_states import CONFIRMED, ONGOING, PENDING

ARRIVE, START, FINISH, NO_SHOW, SETTLE = "arrive", "start", "finish", "no_show", "settle"
# A guest may be hours early, but not a day: that would be a slip of the finger in another day's agenda.
EARLIEST = timedelta(hours=12)
_MINUTE = timedelta(minutes=1)


def minutes_late(status: str, starts_at: datetime, arrived_at: datetime | None, *, at: datetime) -> int | None:
    """For how many whole minutes a guest who has not arrived is late; None while he is not. From the start on."""
    if status not in {PENDING, CONFIRMED} or arrived_at is not None or at < starts_at:
        return None
    return (at - starts_at) // _MINUTE


def minutes_waiting(status: str, arrived_at: datetime | None, *, at: datetime) -> int | None:
    """For how many whole minutes a guest who has arrived waits for the treatment; None when he does not."""
    if status not in {PENDING, CONFIRMED} or arrived_at is None:
        return None
    return max(0, (at - arrived_at) // _MINUTE)


def is_too_early(starts_at: datetime, *, at: datetime) -> bool:
    """Whether the visit is too far away for anyone to have come to it."""
    return at < starts_at - EARLIEST


def steps_of(booking: Booking, *, at: datetime) -> list[str]:
    """The steps that may follow now; the likeliest first. Who comes to a session of a class is noted one by one."""
    if booking.status == ONGOING:
        return [FINISH]
    if not booking.is_open or is_too_early(booking.starts_at, at=at):
        return []
    expected = booking.arrived_at is None and not booking.is_session
    steps = [ARRIVE] if expected else []
    if booking.status == CONFIRMED:
        steps.append(START)
        if at >= booking.ends_at:
            steps.append(FINISH)
    return [*steps, NO_SHOW] if expected and at >= booking.starts_at else steps


def not_arrived(booking: Booking) -> list[Participant]:
    """The guests of a booking for several who are still expected: they may come one by one."""
    if booking.is_session or not (booking.is_open or booking.status == ONGOING) or len(booking.participants) < 2:
        return []
    return [one for one in booking.participants if one.is_expected and one.arrived_at is None]


def guest_named(booking: Booking, text: str) -> Participant | None:
    """The guest of the booking whom a form names by his id; None when it names nobody. Raises NotFound."""
    if not text:
        return None
    found = next((one for one in booking.participants if str(one.uuid) == text), None)
    if found is None:
        raise NotFound()
    return found
