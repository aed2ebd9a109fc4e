"""Lines of the ledger, written for a booking that is locked already: the verbs that lock stand with the bookings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from flask_babel import lazy_gettext as _l

from portal.audit import Actor
from portal.clock import now
from portal.database import db
from portal.models import Booking, Participant, Payment, Venue
from portal.models.booking_states import PAYMENT_METHODS, CancellationTerms
from portal.models.payment import DEPOSIT_APPLIED, DEPOSIT_KEPT, DEPOSIT_REFUNDED, DEPOSIT_TAKEN, PAYMENT
from portal.payments.deposits import share
from portal.payments.errors import MethodNotPossible
from portal.payments.ledger import balance_of, status_after
from portal.payments.queries import lines_of

ROOM, ON_THE_HOUSE = "room", "offert"
# Nothing changes hands: they say what is made of a deposit that the venue has.
WITHOUT_METHOD = {DEPOSIT_APPLIED, DEPOSIT_KEPT}


def check_method(venue: Venue, kind: str, method: str | None) -> None:
    """Raise MethodNotPossible for a way to pay that this venue, or this kind of line, does not have."""
    if kind in WITHOUT_METHOD and method is None:
        return
    if kind in WITHOUT_METHOD or method not in PAYMENT_METHODS:
        raise MethodNotPossible(_l("Please choose how it is paid."), field="method")
    if method == ROOM and venue.venue_type != "hotel":
        raise MethodNotPossible(_l("Only a hotel's spa can charge to the room."), field="method")
    if method == ON_THE_HOUSE and kind != PAYMENT:
        raise MethodNotPossible(_l("Only a whole treatment can be on the house."), field="method")


def write_line(
    booking: Booking,
    kind: str,
    amount_minor: int,
    *,
    by: Actor,
    at: datetime,
    method: str | None = None,
    note: str | None = None,
    participant: Participant | None = None,
) -> Payment:
    """Add a line, and tell it in the booking's history. The rules are its caller's."""
    line = Payment(
        organisation_id=booking.organisation_id, venue_id=booking.venue_id, booking_id=booking.id,
        participant_id=participant.id if participant else None, kind=kind, method=method, amount_minor=amount_minor,
        currency=booking.currency, note=note, at=at, actor=by.uuid, actor_name=by.name,
    )  # fmt: skip
    db.session.add(line)
    details = {"kind": kind, "method": method, "amount": amount_minor, "currency": booking.currency}
    booking.note_payment(by=by, at=at, **details)
    return line


def follow_ledger(venue: Venue, booking: Booking, *, participant: Participant | None = None) -> None:
    """Method and status of payment become what the lines say. Call it after lines or the price have changed."""
    db.session.flush()
    lines = lines_of(venue, booking)
    payer = participant.id if participant else None
    mine = [line for line in lines if line.participant_id == payer]
    balance = balance_of(booking, lines, participant=participant)
    if balance.elsewhere and not any(line.voided_at for line in mine):
        return
    method, status = status_after(replace(balance, elsewhere=False), mine)
    if participant is not None:
        participant.payment_status = status
    else:
        booking.become_paid(status, method=method)


def keep_deposit(venue: Venue, booking: Booking, *, by: Actor) -> None:
    """The guest loses the deposit that is held, if any."""
    held = balance_of(booking, lines_of(venue, booking)).held_minor
    if held > 0:
        write_line(booking, DEPOSIT_KEPT, held, by=by, at=now())


def release_deposit(venue: Venue, booking: Booking, known: Collection[int], *, by: Actor) -> None:
    """What was kept since is held again, for a booking that stands again: such lines are voided.

    `known` are the keys of the lines that were there before. What went back to the guest stays gone.
    """
    for line in lines_of(venue, booking):
        if line.kind == DEPOSIT_KEPT and line.id not in known:
            line.void(by_name=by.name, at=now())
    follow_ledger(venue, booking)
    for participant in booking.participants:
        if participant.price_minor is not None:
            follow_ledger(venue, booking, participant=participant)


def held_deposit(venue: Venue, booking: Booking) -> int:
    """The deposit that is held for a booking, in minor units."""
    return balance_of(booking, lines_of(venue, booking)).held_minor


def settle_deposit_of_cancelled(venue: Venue, booking: Booking, terms: CancellationTerms, *, by: Actor) -> None:
    """What becomes of a deposit that is held: the share by the booking's terms goes back, the rest is kept."""
    lines = lines_of(venue, booking)
    held, at = balance_of(booking, lines).held_minor, now()
    back = share(held, terms.refund_percent)
    taken = [line for line in lines if line.counts and line.kind == DEPOSIT_TAKEN]
    if back > 0:
        write_line(booking, DEPOSIT_REFUNDED, back, by=by, at=at, method=taken[-1].method)
    if held - back > 0:
        write_line(booking, DEPOSIT_KEPT, held - back, by=by, at=at)
