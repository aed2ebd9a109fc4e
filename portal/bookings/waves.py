"""The waves of an offer after its first: on time by the worker, at once when nobody is left to answer."""

from __future__ import annotations

from datetime import datetime

import structlog

import portal.audit as audit
from portal.audit import SYSTEM, Actor
from portal.bookings.broadcast import ask_next, ask_requested
from portal.bookings.news import tell_booking
from portal.bookings.queries import find_due_waves, lock_booking, take_due_booking
from portal.bookings.slots.queries import load_snapshot
from portal.clock import local_date, now
from portal.database import atomic, db
from portal.models import Booking, BookingItem, Venue
from portal.models.booking_states import PENDING
from portal.webhooks import outbox

_log = structlog.get_logger(__name__)


def send_due_waves() -> int:
    """Wherever a wave had its time to answer, ask the next one, or alert the desk after the last; how many there were.

    Any number of workers may do this at once: whoever is second finds that nothing is due any more.
    """
    at, done = now(), 0
    for item_id in find_due_waves(at=at):
        try:
            done += _send_due(item_id, at)
        except Exception:  # noqa: BLE001  (one that fails must not keep the others waiting)
            db.session.rollback()
            _log.exception("wave failed", item=item_id)
    return done


def carry_on(venue: Venue, item: BookingItem, *, at: datetime, by: Actor = SYSTEM) -> None:
    """After an answer: the next wave at once when nobody of the present one is left to answer. Its booking is held."""
    if item.booking.status != PENDING or item.therapists_missing == 0 or item.waits_for_answer:
        return
    _ask(venue, item, at=at, by=by, was_alerted=item.alerted_at is not None)


def ask_for(venue: Venue, booking: Booking, *, at: datetime) -> None:
    """The guest asks for somebody else now: where a therapist is still looked for she is asked. The booking is held."""
    db.session.flush()
    for item in booking.items:
        if is_to_staff(booking, item, at=at):
            day = local_date(item.starts_at, venue.timezone)
            ask_requested(venue, item, load_snapshot(venue, first=day, last=day), at=at)


def is_to_staff(booking: Booking, item: BookingItem, *, at: datetime) -> bool:
    """Whether a therapist is still looked for."""
    return booking.status == PENDING and item.therapists_missing > 0 and item.starts_at > at


@atomic
def _send_due(item_id: int, at: datetime) -> int:
    """One of them, unless somebody else has it or had it meanwhile."""
    found = take_due_booking(item_id, at=at)
    if found is None:
        return 0
    venue = found.venue
    booking = lock_booking(venue, found)
    item = next(one for one in booking.items if one.id == item_id)
    if item.next_wave_at is None or item.next_wave_at > at:
        return 0
    if not is_to_staff(booking, item, at=at):
        item.stop_asking()
        return 1
    _ask(venue, item, at=at, by=SYSTEM, was_alerted=False)
    return 1


def _ask(venue: Venue, item: BookingItem, *, at: datetime, by: Actor, was_alerted: bool) -> None:
    booking, is_first = item.booking, item.offered_rank is None
    day = local_date(item.starts_at, venue.timezone)
    if ask_next(venue, item, load_snapshot(venue, first=day, last=day), at=at):
        if is_first:
            return
        booking.remember("asked", by=by, at=at, from_status=booking.status, rank=item.offered_rank)
        audit.record(by, "booking:asked", booking, rank=item.offered_rank)
    elif not was_alerted:
        booking.remember("alerted", by=by, at=at, from_status=booking.status)
        audit.record(by, "booking:alerted", booking)
        outbox.publish("offers.unanswered", booking)
    tell_booking(venue, booking)
