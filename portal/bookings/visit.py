"""Following the guest through the visit: here, in treatment, done, or not come. Lock, re-read, decide, write."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.errors import Stale
from portal.bookings.following import is_too_early
from portal.bookings.news import tell_booking
from portal.bookings.queries import lock_booking
from portal.changes.record import recording
from portal.clock import local_date, now
from portal.database import atomic
from portal.errors import known
from portal.i18n import clock_time, long_date
from portal.models import Booking, Participant, Venue
from portal.models.booking_states import COMPLETED, CONFIRMED, NOSHOW, ONGOING, PENDING, NotNow
from portal.models.offer import CANCELLED
from portal.notices.visits import tell_of_arrival
from portal.payments.ledger import balance_of
from portal.payments.queries import lines_of
from portal.payments.service import keep_deposit
from portal.webhooks import outbox


@atomic
def check_in(
    venue: Venue, *, booking: Booking, by: Actor, participant: Participant | None = None, version: int | None = None
) -> Booking:
    """The guest has arrived; of a booking for several all of them, or the one `participant`. The status stays.

    Harmless when it was noted before. Raises NotNow once the visit is over and more than 12 hours before it, Stale
    for a `version` that is not the booking's any more, NotFound for a participant of another booking.
    """
    at = now()
    booking = lock_booking(venue, booking)
    who = _guest(booking, participant)
    if _has_arrived(booking, who):
        return booking
    _check(venue, booking, version, at=at)
    with recording(venue, "booking:arrived", booking, by=by):
        booking.arrive(by=by, at=at, who=who)
    tell_of_arrival(venue, booking, by=by)
    return _told(venue, booking, "booking:arrived", by=by)


@atomic
def start(venue: Venue, *, booking: Booking, by: Actor, version: int | None = None) -> Booking:
    """The treatment begins; an arrival that nobody noted is noted too.

    Harmless when it had begun. Raises NotNow unless the booking is confirmed and its day has come, Stale.
    """
    at = now()
    booking = lock_booking(venue, booking)
    if booking.status == ONGOING:
        return booking
    _check(venue, booking, version, at=at)
    _check_staffed(booking)
    with recording(venue, "booking:begun", booking, by=by):
        if booking.arrived_at is None:
            booking.arrive(by=by, at=at)
        booking.begin(by=by, at=at)
    return _told(venue, booking, "booking:begun", by=by)


@atomic
def finish(venue: Venue, *, booking: Booking, by: Actor, version: int | None = None) -> Booking:
    """The treatment is over; that somebody forgot to note its beginning does not matter.

    Harmless when it was over. Raises NotNow before it began (or was to begin) and for a pending booking, Stale.
    """
    at = now()
    booking = lock_booking(venue, booking)
    if booking.status == COMPLETED:
        return booking
    _check(venue, booking, version, at=at)
    _check_staffed(booking)
    if booking.status == CONFIRMED and at < booking.starts_at:
        raise _too_early(venue, booking)
    with recording(venue, "booking:completed", booking, by=by):
        booking.complete(by=by, at=at, just_now=True)
    outbox.publish("booking.completed", booking)
    return _told(venue, booking, "booking:completed", by=by)


@atomic
def mark_no_show(venue: Venue, *, booking: Booking, by: Actor, version: int | None = None) -> Booking:
    """The guest did not come: rooms and therapists are free again, a deposit that is held is kept.

    Harmless when it was noted before. Raises NotNow before the start and once the visit is over, Stale.
    """
    at = now()
    claims.lock_days(venue.organisation_id, booking.starts_at, booking.ends_at)
    booking = lock_booking(venue, booking)
    if booking.status == NOSHOW:
        return booking
    _check(venue, booking, version, at=at)
    if at < booking.starts_at:
        raise _too_early(venue, booking)
    lines = lines_of(venue, booking)
    with recording(venue, "booking:noshow", booking, by=by, ledger=lines):
        booking.mark_noshow(by=by, at=at)
        keep_deposit(booking, balance_of(booking, lines), by=by)
        for item in booking.items:
            claims.release(item)
            for offer in item.offers:
                if offer.is_open:
                    offer.close(CANCELLED, at=at)
    outbox.publish("booking.no_show", booking)
    return _told(venue, booking, "booking:noshow", by=by)


def _guest(booking: Booking, participant: Participant | None) -> Participant | None:
    """The participant as he is now."""
    if participant is None:
        return None
    return known(next((one for one in booking.participants if one.id == participant.id and one.is_expected), None))


def _has_arrived(booking: Booking, who: Participant | None) -> bool:
    expected = [who] if who else [one for one in booking.participants if one.is_expected]
    return booking.arrived_at is not None and all(one.arrived_at for one in expected)


def _check(venue: Venue, booking: Booking, version: int | None, *, at: datetime) -> None:
    if version is not None and booking.version != version:
        raise Stale()
    if booking.status not in {PENDING, CONFIRMED, ONGOING}:
        raise NotNow()
    if is_too_early(booking.starts_at, at=at):
        day, time = long_date(local_date(booking.starts_at, venue.timezone)), _time(venue, booking)
        raise NotNow(_("It is too early for that: the visit begins on %(day)s at %(time)s.", day=day, time=time))


def _too_early(venue: Venue, booking: Booking) -> NotNow:
    return NotNow(_("It is too early for that: the visit begins at %(time)s.", time=_time(venue, booking)))


def _time(venue: Venue, booking: Booking) -> str:
    return clock_time(booking.starts_at, venue.timezone)


def _check_staffed(booking: Booking) -> None:
    if booking.status == PENDING:
        raise NotNow(_("No therapist has this booking yet. Please assign one first."))


def _told(venue: Venue, booking: Booking, verb: str, *, by: Actor) -> Booking:
    audit.record(by, verb, booking)
    tell_booking(venue, booking)
    return booking
