"""What is asked for in advance, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from portal.models import Booking, Treatment

PAY_WITHIN = timedelta(hours=48)
FIXED, PERCENT = "fixed", "percent"


def required_deposit(treatment: Treatment, price_minor: int) -> int:
    """The deposit by the treatment's policy (none, fixed, percent), in minor units; never above the price."""
    if treatment.deposit_kind == FIXED:
        return min(treatment.deposit_minor or 0, price_minor)
    if treatment.deposit_kind == PERCENT:
        return min(share(price_minor, treatment.deposit_percent or 0), price_minor)
    return 0


def deposit_in_all(parts: list[tuple[Treatment, int]], price_minor: int, *, owes: bool) -> int:
    """The deposit for treatments with their prices, in minor units; never above the price of all.

    A guest who `owes` one whatever she books leaves the whole price where no treatment asks for less.
    """
    asked = min(sum(required_deposit(treatment, price) for treatment, price in parts), price_minor)
    return asked or (price_minor if owes else 0)


def deposit_due_at(starts_at: datetime, *, booked_at: datetime) -> datetime:
    """48 hours after the booking was made, at the latest when the visit begins."""
    return min(booked_at + PAY_WITHIN, starts_at)


def demand_deposit(booking: Booking, *, at: datetime) -> None:
    """Note on a booking that is made `at` that instant which deposit its treatments ask for, and until when.

    Nothing is asked for what is settled already.
    """
    if booking.is_settled:
        return
    prices = {item: booking.price_minor if item.price_minor is None else item.price_minor for item in booking.items}
    guest = booking.customer
    required = deposit_in_all(
        [(item.treatment, price) for item, price in prices.items()],
        booking.price_minor,
        owes=guest is not None and guest.owes_deposit,
    )
    if required:
        booking.deposit_required_minor = required
        booking.deposit_due_at = deposit_due_at(booking.starts_at, booked_at=at)


def share(amount_minor: int, percent: int) -> int:
    """A percentage of an amount, rounded half up to the minor unit."""
    return int((Decimal(amount_minor) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))
