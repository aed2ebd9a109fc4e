"""What the desk does at the till: lines of a booking's ledger. Lock, re-read, decide, write."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

import portal.audit as audit
from portal.audit import Actor
from portal.bookings.errors import Stale
from portal.bookings.news import tell_booking
from portal.bookings.queries import lock_booking
from portal.changes.record import recording
from portal.clock import now
from portal.database import atomic
from portal.errors import NotFound
from portal.models import Booking, Participant, Payment, Venue
from portal.models.booking_states import CANCELLED, NotNow
from portal.models.payment import (
    DEPOSIT_APPLIED,
    DEPOSIT_KEPT,
    DEPOSIT_REFUNDED,
    DEPOSIT_TAKEN,
    PAYMENT,
    REFUND,
)
from portal.payments.errors import AmountNotPossible, KindNotPossible, StillNeeded, too_much
from portal.payments.ledger import balance_of
from portal.payments.queries import lines_of
from portal.payments.service import check_method, follow_ledger, paid_by, write_line

KINDS = (PAYMENT, REFUND, DEPOSIT_TAKEN, DEPOSIT_APPLIED, DEPOSIT_REFUNDED, DEPOSIT_KEPT)


@atomic
def record_payment(
    venue: Venue,
    *,
    booking: Booking,
    kind: str,
    amount_minor: int,
    method: str | None,
    by: Actor,
    note: str | None = None,
    participant: Participant | None = None,
    version: int | None = None,
) -> Booking:
    """Add a line to the ledger; method and status of payment follow. `amount_minor` in the booking's currency.

    `participant` is the member of a class who pays for himself. Raises KindNotPossible, MethodNotPossible,
    AmountNotPossible (above what is left to pay, was paid, or is held), and Stale for an outdated `version`.
    """
    booking = lock_booking(venue, booking)
    _check(booking, version, participant)
    if kind not in KINDS:
        raise KindNotPossible()
    if kind in {PAYMENT, DEPOSIT_TAKEN, DEPOSIT_APPLIED}:
        _check_takes_place(booking, participant)
    check_method(venue, kind, method)
    if amount_minor < 1:
        raise AmountNotPossible(_l("Please enter an amount above zero."))
    lines = lines_of(venue, booking)
    most = balance_of(booking, lines, participant=participant).most(kind)
    if amount_minor > most:
        raise too_much(kind, most, booking.currency)
    with recording(venue, "booking:payment", booking, by=by, ledger=lines):
        write_line(booking, kind, amount_minor, by=by, at=now(), method=method, note=note, participant=participant)
        follow_ledger(venue, booking, participant=participant)
    return _told(venue, booking, "booking:payment", by=by, kind=kind, amount=amount_minor)


@atomic
def settle(
    venue: Venue,
    *,
    booking: Booking,
    method: str,
    by: Actor,
    participant: Participant | None = None,
    version: int | None = None,
) -> Booking:
    """Pay all that is left in one go: the deposit that is held is applied first, the rest is paid by `method`.

    Harmless when nothing is left. Raises MethodNotPossible, NotNow for a cancelled booking, Stale.
    """
    booking = lock_booking(venue, booking)
    lines = lines_of(venue, booking)
    balance = balance_of(booking, lines, participant=participant)
    if balance.due_minor <= 0:
        return booking
    _check(booking, version, participant)
    if booking.status == CANCELLED or (participant is not None and not participant.is_in):
        raise NotNow()
    check_method(venue, PAYMENT, method)
    applied = max(0, balance.most(DEPOSIT_APPLIED))
    rest = balance.due_minor - applied
    with recording(venue, "booking:settled", booking, by=by, ledger=lines):
        if applied:
            write_line(booking, DEPOSIT_APPLIED, applied, by=by, at=now(), participant=participant)
        if rest:
            write_line(booking, PAYMENT, rest, by=by, at=now(), method=method, participant=participant)
        follow_ledger(venue, booking, participant=participant)
    return _told(venue, booking, "booking:settled", by=by, amount=rest, applied=applied)


@atomic
def void_payment(venue: Venue, *, booking: Booking, line: Payment, by: Actor) -> Booking:
    """Take a line of the ledger back: it stays to be read and counts no more; the status of payment follows.

    Harmless when it was voided. Raises StillNeeded while a refund or a use of the deposit builds on it.
    """
    booking = lock_booking(venue, booking)
    lines = lines_of(venue, booking)
    mine = next((one for one in lines if one.id == line.id), None)
    if mine is None:
        raise NotFound()
    if not mine.counts:
        return booking
    payer = next((one for one in booking.participants if one.id == mine.participant_id), None)
    if not balance_of(booking, [one for one in lines if one is not mine], participant=payer).is_sound:
        raise StillNeeded()
    with recording(venue, "booking:payment_voided", booking, by=by, ledger=lines):
        mine.void(by_name=by.name, at=now())
        booking.note_payment(
            by=by, at=now(), kind=mine.kind, amount=mine.amount_minor, currency=mine.currency, voided=True,
            **paid_by(payer),
        )  # fmt: skip
        follow_ledger(venue, booking, participant=payer)
    return _told(venue, booking, "booking:payment_voided", by=by, kind=mine.kind, amount=mine.amount_minor)


def _check(booking: Booking, version: int | None, participant: Participant | None) -> None:
    if version is not None and booking.version != version:
        raise Stale()
    if participant is not None and participant.booking_id != booking.id:
        raise NotFound()


def _check_takes_place(booking: Booking, participant: Participant | None) -> None:
    if booking.status == CANCELLED:
        raise KindNotPossible(_l("This booking is cancelled: nothing is left to pay."))
    if participant is not None and not participant.is_in:
        raise KindNotPossible(_l("This guest no longer takes part: nothing is left to pay."))


def _told(venue: Venue, booking: Booking, verb: str, *, by: Actor, **details: str | int) -> Booking:
    audit.record(by, verb, booking, **details)
    tell_booking(venue, booking)
    return booking
