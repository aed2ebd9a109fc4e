"""Moving and resizing: a whole visit or one treatment of it, in time, to another therapist, to another room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.errors import BadTime, Stale
from portal.bookings.news import footprint_of, tell_booking
from portal.bookings.queries import lock_booking
from portal.bookings.relocation import Target, relocate
from portal.changes.record import recording
from portal.clock import now
from portal.database import atomic
from portal.models import Booking, BookingItem, Room, StaffMember, Venue
from portal.models.booking_states import CONFIRMED, ONGOING, NotNow
from portal.notices.visits import tell_of_visits, visits_of
from portal.webhooks import outbox

SHORTEST, LONGEST, STEP = 5, 720, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where a treatment is put. What is None stays as it is.

    `instead_of` is the therapist whose place `therapist` takes; without one she takes the first place that is free,
    else the only one. `alone` leaves the other treatments of the visit where they are; `together` gives the new
    therapist those too that would have been given by the one whose place she takes.
    """

    starts_at: datetime | None = None
    therapist: StaffMember | None = None
    instead_of: StaffMember | None = None
    room: Room | None = None
    alone: bool = False
    together: bool = False


@atomic
def move_booking(
    venue: Venue,
    *,
    booking: Booking,
    move: Move,
    by: Actor,
    item: BookingItem | None = None,
    version: int | None = None,
    overbook_reason: str | None = None,
) -> Booking:
    """Put a visit elsewhere: all its treatments by the same distance, or the one that was taken `alone`.

    Its therapists stay with it; a new one is reserved at once; a room is kept while it is free. A treatment that has
    begun may change therapist or room, not its start. With an overbooking reason it goes where there is no place.
    Raises SlotUnavailable, Stale, NotNow once it is over.
    """
    at = now()
    start = move.starts_at or (item or booking).starts_at
    shift = start - (item or booking.items[0]).starts_at
    span = (booking.starts_at, booking.ends_at)
    claims.lock_spans(venue.organisation_id, span, (span[0] + shift, span[1] + shift))
    booking = _locked(venue, booking, version)
    taken = next((one for one in booking.items if item is not None and one.id == item.id), booking.items[0])
    shift = start - taken.starts_at
    if booking.status == ONGOING and shift:
        raise NotNow()
    targets = list(_moved(booking, taken, shift, move))
    _rearrange(venue, booking, targets, "booking:moved", by=by, at=at, overbook_reason=overbook_reason)
    return booking


@atomic
def resize_booking(
    venue: Venue,
    *,
    booking: Booking,
    minutes: int,
    by: Actor,
    item: BookingItem | None = None,
    version: int | None = None,
    overbook_reason: str | None = None,
) -> Booking:
    """Give a treatment another length, 5 to 720 minutes in steps of 5; what follows it in the visit is pushed along.

    The price stays as agreed. Raises BadTime, SlotUnavailable, Stale, NotNow once it is over.
    """
    check_length(minutes)
    at = now()
    span = (booking.starts_at, booking.ends_at + timedelta(minutes=LONGEST))
    claims.lock_spans(venue.organisation_id, span)
    booking = _locked(venue, booking, version)
    taken = next((one for one in booking.items if item is not None and one.id == item.id), booking.items[-1])
    if minutes == taken.duration:
        return booking
    targets = resized(booking, taken, minutes)
    _rearrange(venue, booking, targets, "booking:resized", by=by, at=at, overbook_reason=overbook_reason)
    return booking


def check_length(minutes: int) -> None:
    """Raises BadTime for a length that no treatment has."""
    if not SHORTEST <= minutes <= LONGEST or minutes % STEP:
        raise BadTime(field="minutes")


def resized(booking: Booking, item: BookingItem, minutes: int) -> list[Target]:
    """Where a treatment stands with another length, and what follows it in the visit with it."""
    longer = timedelta(minutes=minutes - item.duration)
    first = Target(item, item.starts_at, item.ends_at + longer, _serving(item))
    return [first, *(shifted(one, longer) for one in items_after(booking, item))]


def items_after(booking: Booking, item: BookingItem) -> list[BookingItem]:
    """What begins in the visit when the treatment is over, or later."""
    return [one for one in booking.items if one.starts_at >= item.ends_at and one is not item]


def shifted(item: BookingItem, shift: timedelta) -> Target:
    """Where a treatment stands when nothing changes but its start."""
    return _target(item, shift, Move())


def _locked(venue: Venue, booking: Booking, version: int | None) -> Booking:
    booking = lock_booking(venue, booking)
    if version is not None and booking.version != version:
        raise Stale()
    if not (booking.is_open or booking.status == ONGOING):
        raise NotNow()
    return booking


def _rearrange(
    venue: Venue,
    booking: Booking,
    targets: Sequence[Target],
    verb: str,
    *,
    by: Actor,
    at: datetime,
    overbook_reason: str | None,
) -> None:
    stood, visits = footprint_of(venue, booking), visits_of(booking)
    was = {"starts_at": booking.starts_at.isoformat(), "ends_at": booking.ends_at.isoformat()}
    status = booking.status
    with recording(venue, verb, booking, by=by):
        bent = relocate(venue, booking, targets, by=by, at=at, overbook_reason=overbook_reason)
        reason = {"overbooked": overbook_reason} if bent else {}
        booking.move(by=by, at=at, **was, **reason)
    if (was["starts_at"], was["ends_at"]) != (booking.starts_at.isoformat(), booking.ends_at.isoformat()):
        outbox.publish("booking.rescheduled", booking, previous=was)
    if booking.status != status:
        outbox.publish("booking.confirmed" if booking.status == CONFIRMED else "booking.unassigned", booking)
    audit.record(by, verb, booking, **was, **reason)
    tell_booking(venue, booking, stood)
    tell_of_visits(venue, booking, visits, by=by)


def _moved(booking: Booking, taken: BookingItem, shift: timedelta, move: Move) -> Iterator[Target]:
    """The treatment that was taken, and what goes along with it."""
    changes = move.together and move.therapist is not None and move.therapist not in _serving(taken)
    leaving = _leaving(taken, move)
    for item in booking.items:
        if item is taken:
            yield _target(item, shift, move)
        elif not move.alone and changes and _is_given_by(item, leaving):
            yield _target(item, shift, Move(therapist=move.therapist, instead_of=leaving))
        elif not move.alone and shift:
            yield _target(item, shift, Move())


def _target(item: BookingItem, shift: timedelta, move: Move) -> Target:
    return Target(item, item.starts_at + shift, item.ends_at + shift, _chosen(item, move), move.room)


def _chosen(item: BookingItem, move: Move) -> list[StaffMember]:
    """Who serves the item after the move."""
    serving = _serving(item)
    if move.therapist is None or move.therapist in serving:
        return serving
    leaving = _leaving(item, move)
    return [member for member in serving if leaving is None or member.id != leaving.id] + [move.therapist]


def _leaving(item: BookingItem, move: Move) -> StaffMember | None:
    """Whose place the new therapist takes; None when one is free."""
    if move.instead_of is None and item.therapists_missing == 0:
        return _serving(item)[0]
    return move.instead_of


def _is_given_by(item: BookingItem, therapist: StaffMember | None) -> bool:
    """Whether she gives it; without her whether somebody is missing."""
    return item.therapists_missing > 0 if therapist is None else therapist in _serving(item)


def _serving(item: BookingItem) -> list[StaffMember]:
    return [assignment.member for assignment in item.current_assignments]
