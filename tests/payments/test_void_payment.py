"""A line that was a mistake stays to be read and counts no more."""

from __future__ import annotations

import pytest

from portal.audit import Actor
from portal.bookings.payment import void_payment
from portal.errors import NotFound
from portal.models import Booking, Change
from portal.payments.errors import StillNeeded
from portal.payments.queries import lines_of
from tests.bookings.conftest import Book
from tests.bookings.visits import count, fresh
from tests.factories import House
from tests.payments.conftest import Enter, balance, ledger


def test_what_it_paid_is_owed_again(house: House, visit: Booking, enter: Enter) -> None:
    enter("payment", 9500)
    _void(house, visit, 0)
    assert ledger(house, visit) == [("payment", "cash", 9500, False)]
    assert (balance(house, visit).due_minor, fresh(visit).payment_status) == (9500, "pending")
    line = lines_of(house.lutetia, visit)[0]
    assert (line.voided_by_name, line.actor_name) == (house.camille.name, house.camille.name)
    assert fresh(visit).events[-1].details["voided"] is True


def test_a_second_click_changes_nothing(house: House, visit: Booking, enter: Enter) -> None:
    enter("payment", 9500)
    _void(house, visit, 0)
    _void(house, visit, 0)
    assert count(Change, verb="booking:payment_voided") == 1


def test_what_others_build_on_goes_last(house: House, visit: Booking, enter: Enter) -> None:
    enter("deposit_taken", 3000)
    enter("deposit_applied", 3000, None)
    enter("payment", 5000)
    enter("refund", 4000)
    for line in (0, 2):
        with pytest.raises(StillNeeded):
            _void(house, visit, line)
    for line in (3, 2, 1, 0):
        _void(house, visit, line)
    assert (balance(house, visit).due_minor, balance(house, visit).held_minor) == (9500, 0)


def test_a_line_of_another_booking_is_unknown(house: House, visit: Booking, enter: Enter, book: Book) -> None:
    enter("payment", 9500)
    other, line = book("12:00"), lines_of(house.lutetia, visit)[0]
    with pytest.raises(NotFound):
        void_payment(house.lutetia, booking=other, line=line, by=Actor.of_member(house.camille, door="agenda"))
    assert ledger(house, visit) == [("payment", "cash", 9500, True)]


def _void(house: House, booking: Booking, number: int) -> None:
    line = lines_of(house.lutetia, booking)[number]
    void_payment(house.lutetia, booking=booking, line=line, by=Actor.of_member(house.camille, door="agenda"))
