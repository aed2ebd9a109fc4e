"""The arithmetic of the ledger: what is paid, owed and held, and how much more may be entered. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.models import Booking, Participant, Payment
from portal.models.booking_states import SETTLED
from portal.models.payment import (
    DEPOSIT_APPLIED,
    DEPOSIT_KEPT,
    DEPOSIT_REFUNDED,
    DEPOSIT_TAKEN,
    PAYMENT,
    REFUND,
)

_PAYS_THE_PRICE = {PAYMENT, REFUND, DEPOSIT_APPLIED}
# What a payment by this method makes of the booking; any other method makes it `paid`.
_STATUS_BY_METHOD = {"room": "charged_to_room", "offert": "offert", "partner_billed": "charged"}


@dataclass(frozen=True, slots=True)
class Balance:
    """Sums in minor units. `elsewhere`: it was settled before the ledger began, for instance with a partner."""

    price_minor: int
    payments_minor: int = 0
    refunds_minor: int = 0
    taken_minor: int = 0
    applied_minor: int = 0
    returned_minor: int = 0
    kept_minor: int = 0
    elsewhere: bool = False

    @property
    def paid_minor(self) -> int:
        """What the guest has paid beside the deposit and not got back."""
        return self.payments_minor - self.refunds_minor

    @property
    def due_minor(self) -> int:
        """Price − deposit applied − payments + refunds; below zero when too much was paid."""
        return 0 if self.elsewhere else self.price_minor - self.applied_minor - self.paid_minor

    @property
    def held_minor(self) -> int:
        """The deposit of which nothing has been made yet: taken − applied − refunded − kept."""
        return self.taken_minor - self.applied_minor - self.returned_minor - self.kept_minor

    @property
    def to_collect_minor(self) -> int:
        """What is left to pay once the deposit that is held has been applied."""
        return max(0, self.due_minor - self.held_minor)

    @property
    def is_sound(self) -> bool:
        """Neither more was refunded than paid, nor more made of the deposit than was taken."""
        return self.paid_minor >= 0 and self.held_minor >= 0

    def most(self, kind: str) -> int:
        """The largest amount that a new line of this kind may have; 0 or less when there is no place for one."""
        return {
            PAYMENT: self.due_minor,
            REFUND: self.paid_minor,
            DEPOSIT_TAKEN: self.due_minor - self.held_minor,
            DEPOSIT_APPLIED: min(self.held_minor, self.due_minor),
            DEPOSIT_REFUNDED: self.held_minor,
            DEPOSIT_KEPT: self.held_minor,
        }[kind]


def balance_of(booking: Booking, lines: Iterable[Payment], *, participant: Participant | None = None) -> Balance:
    """The balance of a booking, or of a member of a class who pays for himself. Voided lines count for nothing."""
    payer = participant.id if participant else None
    counted = [line for line in lines if line.counts and line.participant_id == payer]
    price = booking.price_minor if participant is None else participant.price_minor or 0
    status = booking.payment_status if participant is None else participant.payment_status

    def total(kind: str) -> int:
        return sum(line.amount_minor for line in counted if line.kind == kind)

    return Balance(
        price_minor=price,
        payments_minor=total(PAYMENT),
        refunds_minor=total(REFUND),
        taken_minor=total(DEPOSIT_TAKEN),
        applied_minor=total(DEPOSIT_APPLIED),
        returned_minor=total(DEPOSIT_REFUNDED),
        kept_minor=total(DEPOSIT_KEPT),
        elsewhere=status in SETTLED and not any(line.kind in _PAYS_THE_PRICE for line in counted),
    )


def status_after(balance: Balance, lines: Iterable[Payment]) -> tuple[str | None, str]:
    """Method and status of payment that follow from the lines that count; the method of the last payment wins.

    `refunded` once everything that was paid has gone back.
    """
    payments = [line for line in lines if line.counts and line.kind == PAYMENT]
    method = payments[-1].method if payments else None
    if balance.due_minor <= 0:
        return method, _STATUS_BY_METHOD.get(method or "", "paid")
    gave_back = balance.refunds_minor and not balance.paid_minor and not balance.applied_minor
    return method, "refunded" if gave_back else "pending"
