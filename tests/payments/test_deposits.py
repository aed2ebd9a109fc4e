"""Which deposit is asked for, until when, and what becomes of it when the booking is cancelled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.audit import Actor
from portal.bookings.service import cancel_booking
from portal.clock import frozen, now
from portal.database import db
from portal.models import Booking, Treatment
from portal.payments.deposits import deposit_due_at, required_deposit
from tests.bookings.conftest import Book, partner
from tests.bookings.visits import fresh
from tests.factories import House
from tests.payments.conftest import Enter, ledger


@pytest.mark.parametrize(
    ("policy", "price", "asked"),
    [
        ({"deposit_kind": "none"}, 9500, 0),
        ({"deposit_kind": "fixed", "deposit_minor": 3000}, 9500, 3000),
        ({"deposit_kind": "fixed", "deposit_minor": 3000}, 2000, 2000),
        ({"deposit_kind": "percent", "deposit_percent": 30}, 9500, 2850),
        ({"deposit_kind": "percent", "deposit_percent": 33}, 50, 17),
        ({"deposit_kind": "percent", "deposit_percent": 100}, 9500, 9500),
        ({"deposit_kind": "percent", "deposit_percent": 30}, 0, 0),
    ],
)
def test_the_policy_of_the_treatment(policy: dict[str, object], price: int, asked: int) -> None:
    assert required_deposit(Treatment(**policy), price) == asked


def test_it_is_due_after_two_days_at_the_latest_at_the_start() -> None:
    booked = now()
    assert deposit_due_at(booked + timedelta(days=9), booked_at=booked) == booked + timedelta(hours=48)
    assert deposit_due_at(booked + timedelta(hours=3), booked_at=booked) == booked + timedelta(hours=3)


def test_a_new_booking_says_what_it_asks_for(house: House, book: Book) -> None:
    house.massage.deposit_kind, house.massage.deposit_percent = "percent", 30
    db.session.commit()
    booking, paid = fresh(book("10:00")), fresh(book("12:00", payment_status="paid"))
    assert (booking.deposit_required_minor, paid.deposit_required_minor) == (2850, None)
    assert booking.deposit_due_at == min(booking.created_at + timedelta(hours=48), booking.starts_at)


@pytest.mark.parametrize(
    ("percent", "lines"),
    [
        (100, [("deposit_refunded", "card", 3001, True)]),
        (0, [("deposit_kept", None, 3001, True)]),
        (50, [("deposit_refunded", "card", 1501, True), ("deposit_kept", None, 1500, True)]),
    ],
)
def test_a_cancellation_decides_over_it(
    house: House, visit: Booking, enter: Enter, percent: int, lines: list[object]
) -> None:
    enter("deposit_taken", 3001, "card")
    by = Actor.of_member(house.camille, door="agenda")
    cancel_booking(house.lutetia, booking=visit, reason="Late", cancelled_by="staff", by=by, refund_percent=percent)
    assert ledger(house, visit)[1:] == lines
    kept = sum(line[2] for line in ledger(house, visit) if line[0] == "deposit_kept")
    assert fresh(visit).cancellation_fee_minor == kept


def test_the_terms_of_the_booking_apply_when_the_guest_cancels(
    house: House, book: Book, visit: Booking, enter: Enter
) -> None:
    visit.cancellation_tiers = [{"max_hours": 48, "min_hours": 0, "refund_percent": 20}]
    db.session.commit()
    enter("deposit_taken", 3000, "card")
    with frozen(visit.starts_at - timedelta(hours=5)):
        cancel_booking(house.lutetia, booking=visit, reason="Ill", cancelled_by="partner", by=partner(house))
    assert [line[0::2] for line in ledger(house, visit)][1:] == [("deposit_refunded", 600), ("deposit_kept", 2400)]


def test_without_a_deposit_nothing_is_written(house: House, visit: Booking) -> None:
    cancel_booking(house.lutetia, booking=visit, reason="Ill", cancelled_by="partner", by=partner(house))
    assert ledger(house, visit) == []
