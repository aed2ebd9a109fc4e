"""What a cancellation costs: the venue's tiers, as they stood when the booking was made."""

from __future__ import annotations

from datetime import datetime

from portal.models import Booking
from portal.models.booking_states import CancellationTerms
from portal.payments.deposits import share


def terms(booking: Booking, *, at: datetime, paid_minor: int, refund_percent: int | None = None) -> CancellationTerms:
    """Refund and fee of what was paid, in minor units, when the booking is cancelled `at` that instant.

    refund = `paid_minor` × percent / 100, rounded half up to the minor unit; fee = `paid_minor` − refund. Without a
    `refund_percent` that of the tier applies.
    """
    percent = tier_percent(booking, at=at) if refund_percent is None else refund_percent
    refund = share(paid_minor, percent)
    return CancellationTerms(refund_percent=percent, refund_minor=refund, fee_minor=paid_minor - refund)


def tier_percent(booking: Booking, *, at: datetime) -> int:
    """The share that goes back: of the tier with min_hours < hours left ≤ max_hours; 100 when none matches."""
    hours_left = (booking.starts_at - at).total_seconds() / 3600
    for tier in booking.cancellation_tiers:
        if tier["min_hours"] < hours_left <= tier["max_hours"]:
            return int(tier["refund_percent"])
    return 100
