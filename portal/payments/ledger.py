"""The arithmetic of the ledger: what is paid, owed and held, and how much more may be entered. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.models import Booking, Participant, Payment
from portal.models.booking_states import ON_THE_HOUSE, PAID_STATUSES, SETTLED
from portal.models.payment import (
    DEPOSIT_APPLIED,
    DEPOSIT_KEPT,
    DEPOSIT_REFUNDED,
    DEPOSIT_TAKEN,
    PAYMENT,
    REFUND,
)
from portal.payments.deposits import share

_PAYS_THE_PRICE = {PAYMENT, REFUND, DEPOSIT_APPLIED}
# What a payment by this method makes of the booking; any other method makes it `paid`.
_STATUS_BY_METHOD = {"room": "charged_to_room", ON_THE_HOUSE: "offert", "partner_billed": "charged"}


@dataclass(frozen=True, slots=True)
class Balance:
    """Sums in minor units. `elsewhere`: it was settled before the ledger began, for instance with a partner, who then
    took `elsewhere_minor`; `gift_minor` is what of the payments was on the house.
    """

    price_minor: int
    payments_minor: int = 0
    refunds_minor: int = 0
    taken_minor: int = 0
    applied_minor: int = 0
    returned_minor: int = 0
    kept_minor: int = 0
    gift_minor: int = 0
    elsewhere: bool = False
    elsewhere_minor: int = 0

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
    def received_minor(self) -> int:
        """What the guest has given and not got back, wherever, the deposit included unless it was kept."""
        return self.elsewhere_minor + self.refundable_minor + self.held_minor

    @property
    def refundable_minor(self) -> int:
        """What of the price can be given back: payments and the deposit applied, but nothing that was on the house."""
        return self.paid_minor + self.applied_minor - self.gift_minor

    @property
    def to_collect_minor(self) -> int:
        """What is left to pay once the deposit that is held has been applied."""
        return max(0, self.due_minor - self.held_minor)

    @property
    def is_sound(self) -> bool:
        """Neither more was refunded than paid, nor more made of the deposit than was taken."""
        return self.refundable_minor >= 0 and self.held_minor >= 0

    def most(self, kind: str) -> int:
        """The largest amount that a new line of this kind may have; 0 or less when there is no place for one."""
        return {
            PAYMENT: self.due_minor,
            REFUND: self.refundable_minor,
            DEPOSIT_TAKEN: self.due_minor - self.held_minor,
            DEPOSIT_APPLIED: min(self.held_minor, self.due_minor),
            DEPOSIT_REFUNDED: self.held_minor,
            DEPOSIT_KEPT: self.held_minor,
        }[kind]


def balance_of(booking: Booking, lines: Iterable[Payment], *, participant: Participant | None = None) -> Balance:
    """The balance of a booking, or of a member of a class who pays for himself. Voided lines count for nothing."""
    counted = _counted(lines, participant)
    price = booking.price_minor if participant is None else participant.price_minor or 0
    status = booking.payment_status if participant is None else participant.payment_status

    def total(kind: str) -> int:
        return sum(line.amount_minor for line in counted if line.kind == kind)

    elsewhere = status in SETTLED and not any(line.kind in _PAYS_THE_PRICE for line in counted)
    return Balance(
        price_minor=price,
        payments_minor=total(PAYMENT),
        refunds_minor=total(REFUND),
        taken_minor=total(DEPOSIT_TAKEN),
        applied_minor=total(DEPOSIT_APPLIED),
        returned_minor=total(DEPOSIT_REFUNDED),
        kept_minor=total(DEPOSIT_KEPT),
        gift_minor=sum(line.amount_minor for line in counted if line.kind == PAYMENT and line.method == ON_THE_HOUSE),
        elsewhere=elsewhere,
        elsewhere_minor=price if elsewhere and status in PAID_STATUSES else 0,
    )


def accounts_of(booking: Booking, lines: Iterable[Payment]) -> list[tuple[Participant | None, Balance]]:
    """Whoever pays: the booking itself (None), then each member of a class who pays for himself, left or not."""
    lines = list(lines)
    payers = [None, *(one for one in booking.participants if one.price_minor is not None)]
    return [(payer, balance_of(booking, lines, participant=payer)) for payer in payers]


def ways_back(lines: Iterable[Payment], *, participant: Participant | None = None) -> dict[str, int]:
    """How what was paid can go back: so much by each method by which it came, the last one first.

    What was on the house is nobody's to have.
    """
    left: Counter[str] = Counter()
    deposit_came = ""
    for line in _counted(lines, participant):
        method = line.method or deposit_came
        if line.kind == DEPOSIT_TAKEN:
            deposit_came = method
        elif line.kind in _PAYS_THE_PRICE and method != ON_THE_HOUSE:
            left[method] += -line.amount_minor if line.kind == REFUND else line.amount_minor
    return {method: left[method] for method in reversed(left) if left[method] > 0}


def due_back(booking: Booking, lines: Sequence[Payment], *, participant: Participant | None = None) -> int:
    """What of the payments is to be given back, in minor units: what is above the price.

    Of a cancelled booking it is the share by its terms, less what was given back since.
    """
    balance = balance_of(booking, lines, participant=participant)
    if booking.cancelled_at is None:
        return max(0, min(-balance.due_minor, balance.refundable_minor))
    since = _given_back_since(booking, lines, participant)
    return max(0, share(balance.refundable_minor + since, booking.cancellation_refund_percent or 0) - since)


def kept_of_cancelled(booking: Booking, lines: Sequence[Payment], *, participant: Participant | None = None) -> int:
    """What the venue keeps of what the guest had given for a cancelled booking, in minor units."""
    balance = balance_of(booking, lines, participant=participant)
    paid = balance.refundable_minor + _given_back_since(booking, lines, participant)
    return balance.kept_minor + paid - share(paid, booking.cancellation_refund_percent or 0)


def status_after(balance: Balance, lines: Iterable[Payment]) -> tuple[str | None, str]:
    """Method and status of payment that follow from the lines that count; the method of the last payment wins.

    `refunded` once everything that was paid has gone back.
    """
    payments = [line for line in lines if line.counts and line.kind == PAYMENT]
    method = payments[-1].method if payments else None
    if balance.due_minor <= 0:
        return method, _STATUS_BY_METHOD.get(method or "", "paid")
    return method, "refunded" if balance.refunds_minor and not balance.refundable_minor else "pending"


def _given_back_since(booking: Booking, lines: Sequence[Payment], participant: Participant | None) -> int:
    """What was refunded after the booking was cancelled."""
    at = booking.cancelled_at
    refunds = [line for line in _counted(lines, participant) if line.kind == REFUND and at and line.at >= at]
    return sum(line.amount_minor for line in refunds)


def _counted(lines: Iterable[Payment], participant: Participant | None) -> list[Payment]:
    """The lines of one payer that are not voided."""
    payer = participant.id if participant else None
    return [line for line in lines if line.counts and line.participant_id == payer]
