"""What a cancellation costs: the venue's tiers, as they stood when the booking was made."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from portal.models import Booking
from portal.models.booking_states import CancellationTerms


def terms(
    booking: Booking, *, at: datetime, refund_percent: int | None = None, deposit_minor: int = 0
) -> CancellationTerms:
    """Refund and fee of what was paid, in minor units, when the booking is cancelled `at` that instant.

    refund = paid × percent / 100, rounded half up to the minor unit; fee = paid − refund. `deposit_minor` is the
    deposit that is held. Without a `refund_percent` that of the tier applies.
    """
    percent = tier_percent(booking, at=at) if refund_percent is None else refund_percent
    paid = booking.price_minor if booking.is_paid else deposit_minor
    refund = int((Decimal(paid) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))
    return CancellationTerms(refund_percent=percent, refund_minor=refund, fee_minor=paid - refund)


def tier_percent(booking: Booking, *, at: datetime) -> int:
    """The share that goes back: of the tier with min_hours < hours left ≤ max_hours; 100 when none matches."""
    hours_left = (booking.starts_at - at).total_seconds() / 3600
    for tier in booking.cancellation_tiers:
        if tier["min_hours"] < hours_left <= tier["max_hours"]:
            return int(tier["refund_percent"])
    return 100
