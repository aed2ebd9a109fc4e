"""All that is left, in one click."""

from __future__ import annotations

import pytest

from portal.audit import Actor
from portal.bookings.errors import Stale
from portal.bookings.payment import settle
from portal.bookings.service import cancel_booking
from portal.models import Booking, Change
from portal.models.booking_states import NotNow
from portal.payments.errors import MethodNotPossible
from tests.bookings.conftest import Book, partner
from tests.bookings.visits import count, fresh
from tests.factories import House
from tests.payments.conftest import Enter, balance, ledger


def test_the_whole_price(house: House, visit: Booking) -> None:
    _settle(house, visit, "room")
    assert ledger(house, visit) == [("payment", "room", 9500, True)]
    assert (fresh(visit).payment_status, fresh(visit).payment_method) == ("charged_to_room", "room")
    assert count(Change, verb="booking:settled") == 1


def test_the_deposit_comes_first(house: House, visit: Booking, enter: Enter) -> None:
    enter("deposit_taken", 3000, "card")
    _settle(house, visit, "cash")
    assert ledger(house, visit)[1:] == [("deposit_applied", None, 3000, True), ("payment", "cash", 6500, True)]
    assert (balance(house, visit).held_minor, balance(house, visit).due_minor) == (0, 0)
    assert fresh(visit).payment_status == "paid"


def test_a_deposit_that_covers_the_price_is_all_it_takes(house: House, visit: Booking, enter: Enter) -> None:
    enter("deposit_taken", 9500, "card")
    _settle(house, visit, "cash")
    assert ledger(house, visit)[1:] == [("deposit_applied", None, 9500, True)]
    assert fresh(visit).payment_status == "paid"


def test_a_second_click_takes_nothing(house: House, visit: Booking) -> None:
    drawn = visit.version
    for _ in range(2):
        _settle(house, visit, "cash", version=drawn)
    assert len(ledger(house, visit)) == 1


def test_what_a_partner_has_paid_is_settled_already(house: House, book: Book) -> None:
    booking = book("12:00", payment_status="paid")
    _settle(house, booking, "cash")
    assert ledger(house, booking) == []


def test_a_price_that_has_changed_is_seen_first(house: House, visit: Booking, enter: Enter) -> None:
    drawn = visit.version
    enter("payment", 1000)
    with pytest.raises(Stale):
        _settle(house, visit, "cash", version=drawn)
    assert balance(house, visit).due_minor == 8500


def test_only_a_hotel_has_room_bills(house: House, visit: Booking) -> None:
    house.lutetia.venue_type = "spa"
    with pytest.raises(MethodNotPossible):
        _settle(house, visit, "room")
    with pytest.raises(MethodNotPossible):
        _settle(house, visit, "")
    assert ledger(house, visit) == []


def test_a_cancelled_booking_owes_nothing(house: House, visit: Booking) -> None:
    cancel_booking(house.lutetia, booking=visit, reason="Ill", cancelled_by="partner", by=partner(house))
    with pytest.raises(NotNow):
        _settle(house, visit, "cash")


def _settle(house: House, booking: Booking, method: str, *, version: int | None = None) -> None:
    by = Actor.of_member(house.camille, door="agenda")
    settle(house.lutetia, booking=booking, method=method, by=by, version=version)
