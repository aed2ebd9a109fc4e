"""Lines of the ledger, written for a booking that is locked already: the verbs that lock stand with the bookings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from flask_babel import lazy_gettext as _l

from portal.audit import Actor
from portal.clock import now
from portal.database import db
from portal.models import Booking, Participant, Payment, Venue
from portal.models.booking_states import ON_THE_HOUSE, PAYMENT_METHODS, ROOM, CancellationTerms
from portal.models.payment import DEPOSIT_APPLIED, DEPOSIT_KEPT, DEPOSIT_REFUNDED, DEPOSIT_TAKEN, PAYMENT, REFUND
from portal.payments.deposits import share
from portal.payments.errors import MethodNotPossible
from portal.payments.ledger import Balance, accounts_of, balance_of, status_after, ways_back
from portal.payments.queries import lines_of

# Nothing changes hands: they say what is made of a deposit that the venue has.
WITHOUT_METHOD = {DEPOSIT_APPLIED, DEPOSIT_KEPT}


def check_method(venue: Venue, kind: str, method: str | None) -> None:
    """Raise MethodNotPossible for a way to pay that this venue, or this kind of line, does not have."""
    if kind in WITHOUT_METHOD and method is None:
        return
    if kind in WITHOUT_METHOD or method not in PAYMENT_METHODS:
        raise MethodNotPossible()
    if method == ROOM and venue.venue_type != "hotel":
        raise MethodNotPossible(_l("Only a hotel's spa can charge to the room."))
    if method == ON_THE_HOUSE and kind != PAYMENT:
        raise MethodNotPossible(_l("Only a whole treatment can be on the house."))


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
    booking.note_payment(by=by, at=at, **details, **paid_by(participant))
    return line


def paid_by(participant: Participant | None) -> dict[str, str]:
    """How the history names a member of a class who pays for himself."""
    return {"guest": participant.label} if participant and participant.label else {}


def follow_ledger(venue: Venue, booking: Booking, *, participant: Participant | None = None) -> None:
    """Method and status of payment become what the lines say. Call it after lines or the price have changed."""
    db.session.flush()
    lines = lines_of(venue, booking)
    mine = _of(participant, lines)
    balance = balance_of(booking, lines, participant=participant)
    if balance.elsewhere and not any(line.voided_at for line in mine):
        return
    method, status = status_after(replace(balance, elsewhere=False), mine)
    if participant is not None:
        participant.payment_status = status
    else:
        booking.become_paid(status, method=method)


def keep_deposit(booking: Booking, balance: Balance, *, by: Actor, participant: Participant | None = None) -> None:
    """The guest loses the deposit that is held, if any."""
    if balance.held_minor > 0:
        write_line(booking, DEPOSIT_KEPT, balance.held_minor, by=by, at=now(), participant=participant)


def release_deposit(venue: Venue, booking: Booking, known: Collection[int], *, by: Actor) -> None:
    """What was kept since is held again, for a booking that stands again: such lines are voided.

    `known` are the keys of the lines that were there before. What went back to the guest stays gone.
    """
    lines = lines_of(venue, booking)
    for line in lines:
        if line.kind == DEPOSIT_KEPT and line.id not in known:
            line.void(by_name=by.name, at=now())
    for payer, _balance in accounts_of(booking, lines):
        follow_ledger(venue, booking, participant=payer)


def settle_deposits_of_cancelled(
    booking: Booking, lines: Sequence[Payment], terms: CancellationTerms, *, by: Actor
) -> None:
    """What becomes of deposits that are held: the share by the booking's terms goes back, the rest is kept."""
    for payer, balance in accounts_of(booking, lines):
        back = share(balance.held_minor, terms.refund_percent)
        give_deposit_back(booking, lines, back, by=by, participant=payer)
        if balance.held_minor > back:
            write_line(booking, DEPOSIT_KEPT, balance.held_minor - back, by=by, at=now(), participant=payer)


def give_deposit_back(
    booking: Booking, lines: Sequence[Payment], amount_minor: int, *, by: Actor, participant: Participant | None = None
) -> None:
    """So much of the deposit goes back to the guest, the way it came; nothing when it is nothing."""
    if amount_minor > 0:
        taken = [line for line in _of(participant, lines) if line.counts and line.kind == DEPOSIT_TAKEN]
        kind, method = DEPOSIT_REFUNDED, taken[-1].method
        write_line(booking, kind, amount_minor, by=by, at=now(), method=method, participant=participant)


def give_payments_back(
    booking: Booking, lines: Sequence[Payment], amount_minor: int, *, by: Actor, participant: Participant | None = None
) -> None:
    """So much of what was paid goes back to the guest, each part the way it came; nothing when it is nothing."""
    for method, paid in ways_back(lines, participant=participant).items():
        back = min(amount_minor, paid)
        if back > 0:
            write_line(booking, REFUND, back, by=by, at=now(), method=method, participant=participant)
            amount_minor -= back


def _of(participant: Participant | None, lines: Sequence[Payment]) -> list[Payment]:
    payer = participant.id if participant else None
    return [line for line in lines if line.participant_id == payer]
