"""Telling guests about their bookings: ten seconds after the change, once, and only what is still true."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID, uuid4

import portal.audit as audit
from portal.audit import SYSTEM, Actor
from portal.clock import now
from portal.database import atomic, db
from portal.messages.queries import booking_of, find_change_id, lock_named, lock_of_change, lock_waiting
from portal.models import Booking, Change, Customer, GuestMessage, Venue
from portal.models.booking_states import CANCELLED
from portal.models.message import VOIDED
from portal.webhooks import outbox

# As long as the undo bar stands on the screen.
GRACE = timedelta(seconds=10)
GUEST_MESSAGE = "guest.message"


class Kind(StrEnum):
    """What a guest is told."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CONFIRMED = "confirmed"
    THERAPIST = "therapist"


class Recorded(Protocol):
    """A change, or the recording that has just become one."""

    uuid: Any


@atomic
def tell_guest(
    venue: Venue,
    booking: Booking,
    kind: str,
    *,
    by: Actor,
    change: Recorded | None = None,
    only: Customer | None = None,
    **details: Any,
) -> list[GuestMessage]:
    """Queue an e-mail to each guest of the booking who has an address, to leave in ten seconds; none for tests.

    `kind` is booked, moved, cancelled, confirmed, or another `therapist` than she asked for. With `change` (after its
    `with recording(…)` has ended) an undo voids the message. `only` is one guest among several: who joined a class, or
    left it. A booking that moved tells where it `was` (an instant). What still waits for the same guest is replaced:
    whoever has heard of nothing yet is told of the booking, not of its moves.
    """
    guests = [] if booking.test else [only] if only else guests_of(booking)
    guests = [guest for guest in guests if guest.email]
    if not guests:
        return []
    change_id = find_change_id(venue, change.uuid) if change else None
    if change and by.member and change_id is None:
        raise ValueError("the guest is told after the change was recorded")
    waiting = lock_waiting(venue, booking)
    told = [
        _queue(venue, booking, guest, Kind(kind), details, [one for one in waiting if _is_for(one, guest)], change_id)
        for guest in guests
    ]
    audit.record(by, "guest:told", booking, kind=kind, messages=len(told))
    return told


@atomic
def void_messages(change: Change) -> None:
    """A change was undone: what still waits to tell it is voided, and what that had replaced waits again.

    A guest who was told already is told how it is now.
    """
    by = Actor.of_member(change.member, door="agenda") if change.member else SYSTEM
    told = lock_of_change(change.venue_id, change)
    for message in told:
        if message.is_waiting:
            message.void()
            _bring_back(message)
    for message in told:
        if message.has_left:
            _correct(message, by=by)


def guests_of(booking: Booking) -> list[Customer]:
    """Whom the booking concerns: the guest it stands under and those who take part, each once."""
    taking_part = [one.customer for one in booking.participants if one.is_in]
    guests = [guest for guest in (booking.customer, *taking_part) if guest is not None]
    return list({guest.id: guest for guest in guests}.values())


def _queue(
    venue: Venue,
    booking: Booking,
    guest: Customer,
    kind: Kind,
    details: dict[str, Any],
    replaced: list[GuestMessage],
    change_id: int | None,
) -> GuestMessage:
    for older in replaced:
        older.void()
    if kind in {Kind.MOVED, Kind.THERAPIST} and any(older.kind == Kind.BOOKED for older in replaced):
        kind = Kind.BOOKED
    if kind == Kind.THERAPIST and any(older.kind == Kind.MOVED for older in replaced):
        kind = Kind.MOVED
    was = next((older.details["was"] for older in replaced if "was" in older.details), None)
    at = now()
    message = GuestMessage(
        uuid=uuid4(), organisation_id=venue.organisation_id, venue_id=venue.id, booking_id=booking.id,
        change_id=change_id, kind=kind, address=guest.email, due_at=at + GRACE, created_at=at,
        language=booking.guest_language if guest is booking.customer else guest.language,
        details={name: _plain(value) for name, value in details.items()}
        | ({"was": was} if was and kind == Kind.MOVED else {})
        | {"customer": str(guest.uuid), "replaces": [str(older.uuid) for older in replaced]},
    )  # fmt: skip
    db.session.add(message)
    outbox.publish(GUEST_MESSAGE, message, run_at=message.due_at)
    return message


def _bring_back(message: GuestMessage) -> None:
    """What an undone message had replaced is to be told after all."""
    for older in lock_named(message.venue_id, message.details.get("replaces", [])):
        if older.status == VOIDED:
            older.wait(now() + GRACE)
            outbox.publish(GUEST_MESSAGE, older, run_at=older.due_at)


def _correct(message: GuestMessage, *, by: Actor) -> None:
    """The guest has read of a change that is undone: she is told what holds now."""
    booking = booking_of(message.organisation_id, message)
    guest = next((one for one in guests_of(booking) if _is_for(message, one)), None)
    if guest is None:
        return
    was = message.details.get("told")
    if booking.status == CANCELLED:
        tell_guest(booking.venue, booking, Kind.CANCELLED, by=by, only=guest)
    elif was and was != booking.starts_at.isoformat():
        tell_guest(booking.venue, booking, Kind.MOVED, by=by, only=guest, was=was)
    elif message.kind == Kind.CANCELLED:
        tell_guest(booking.venue, booking, Kind.CONFIRMED, by=by, only=guest)
    elif message.kind == Kind.THERAPIST:
        tell_guest(booking.venue, booking, Kind.THERAPIST, by=by, only=guest)


def _is_for(message: GuestMessage, guest: Customer) -> bool:
    return bool(message.details.get("customer") == str(guest.uuid))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
