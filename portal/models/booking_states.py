"""The states a booking goes through, its ways to be paid, and the steps that do not follow."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint

from portal.errors import Conflict

PENDING, CONFIRMED, ONGOING = "pending", "confirmed", "ongoing"
COMPLETED, CANCELLED, NOSHOW = "completed", "cancelled", "noshow"
STATUSES = (PENDING, CONFIRMED, ONGOING, COMPLETED, CANCELLED, NOSHOW)
UNDERWAY = (CONFIRMED, ONGOING)
SETTLED = ("paid", "charged", "charged_to_room", "offert")
REFUNDED = "refunded"
ROOM, ON_THE_HOUSE = "room", "offert"
PAYMENT_METHODS = (
    ROOM, "card", "card_on_site", "tap_to_pay", "cash", ON_THE_HOUSE, "gift_amount", "voucher", "external_voucher",
    "partner_billed",
)  # fmt: skip
PAYMENT_STATUSES = (
    "pending", "awaiting_payment", "paid", "failed", REFUNDED, "charged", "charged_to_room", "card_saved", "expired",
    "offert", "pending_partner_billing", "pending_room_charge", "pending_voucher_check",
)  # fmt: skip
PAID_STATUSES = ("paid", "charged_to_room", "charged")
CLIENT_TYPES = ("hotel", "staycation", "classpass", "external")


class FullyStaffed(Conflict):
    """As many therapists as guests have accepted already."""

    code = "fully_staffed"
    message = _l("Just taken by a colleague. Nothing to do.")


class NotCancellable(Conflict):
    """Only a pending or confirmed booking can be cancelled."""

    code = "not_cancellable"
    message = _l("This booking can no longer be cancelled.")


class NotNow(Conflict):
    """The step does not follow from the state the booking is in."""

    code = "not_now"
    message = _l("This booking has moved on in the meantime.")


class NotAssigned(Conflict):
    """A therapist gives back a booking that she does not hold."""

    code = "not_assigned"
    message = _l("This booking is not yours, so there is nothing to give back.")


@dataclass(frozen=True)
class CancellationTerms:
    """What a cancellation costs, in minor units, and the share of the deposit that goes back."""

    refund_percent: int
    refund_minor: int
    fee_minor: int


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A column holds nothing but these."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
