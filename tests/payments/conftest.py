"""The till of the house: one booking for 95.00."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal.audit import Actor
from portal.bookings.payment import record_payment
from portal.models import Booking
from portal.payments.ledger import Balance, balance_of
from portal.payments.queries import lines_of
from tests.bookings.conftest import book
from tests.bookings.visits import fresh, visit
from tests.factories import House

__all__ = ["book", "visit"]

Enter = Callable[..., Booking]


@pytest.fixture
def enter(house: House, visit: Booking) -> Enter:
    """`enter("payment", 4500)`: Camille enters a line, in cash unless told otherwise."""

    def record(kind: str, amount: int, method: str | None = "cash", **given: Any) -> Booking:
        by = Actor.of_member(house.camille, door="agenda")
        return record_payment(
            house.lutetia, booking=visit, kind=kind, amount_minor=amount, method=method, by=by, **given
        )

    return record


def balance(house: House, booking: Booking) -> Balance:
    now = fresh(booking)
    return balance_of(now, lines_of(house.lutetia, now))


def ledger(house: House, booking: Booking) -> list[tuple[str, str | None, int, bool]]:
    """The lines as they stand in the database: kind, method, amount, whether it counts."""
    lines = lines_of(house.lutetia, fresh(booking))
    return [(line.kind, line.method, line.amount_minor, line.counts) for line in lines]
