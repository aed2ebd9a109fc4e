"""A guest who does not come: never before the start; what was reserved is free again, the deposit is kept."""

from __future__ import annotations

import pytest

from portal.bookings.errors import Stale
from portal.bookings.payment import record_payment
from portal.bookings.visit import finish, mark_no_show
from portal.clock import frozen
from portal.models import Booking, Change, Claim, OutboxEvent
from portal.models.booking_states import NotNow
from portal.payments.queries import lines_of
from tests.bookings.conftest import Book, accept, asked
from tests.bookings.visits import MINUTE, camille, count, fresh, visit
from tests.factories import House

__all__ = ["visit"]


def test_from_the_start_on_and_not_a_moment_before(house: House, visit: Booking) -> None:
    with frozen(visit.starts_at - MINUTE / 60), pytest.raises(NotNow) as refused:
        mark_no_show(house.lutetia, booking=visit, by=camille(house))
    assert "10" in str(refused.value.message)
    assert fresh(visit).status == "confirmed"

    with frozen(visit.starts_at):
        mark_no_show(house.lutetia, booking=visit, by=camille(house))
    assert fresh(visit).status == "noshow"
    assert count(OutboxEvent, type="booking.no_show", subject=visit.uuid) == 1
    assert count(Change, verb="booking:noshow") == 1


def test_room_and_therapist_are_free_again(house: House, visit: Booking, book: Book) -> None:
    with frozen(visit.starts_at):
        mark_no_show(house.lutetia, booking=visit, by=camille(house))
    assert count(Claim, active=True) == 0
    again = book("10:00")
    accept(house, again, house.therese)
    assert fresh(again).status == "confirmed"


def test_nobody_is_asked_any_more(house: House, book: Book) -> None:
    booking = book("10:00")
    with frozen(booking.starts_at):
        mark_no_show(house.lutetia, booking=booking, by=camille(house))
    assert asked(fresh(booking)) == {"Thérèse": "cancelled", "Marc": "cancelled"}


def test_a_deposit_that_is_held_is_kept(house: House, visit: Booking) -> None:
    record_payment(
        house.lutetia, booking=visit, kind="deposit_taken", amount_minor=3000, method="card", by=camille(house)
    )
    with frozen(visit.starts_at):
        mark_no_show(house.lutetia, booking=visit, by=camille(house))
    lines = lines_of(house.lutetia, fresh(visit))
    assert [(line.kind, line.amount_minor) for line in lines] == [("deposit_taken", 3000), ("deposit_kept", 3000)]


def test_a_second_click_changes_nothing(house: House, visit: Booking) -> None:
    for _ in range(2):
        with frozen(visit.starts_at):
            mark_no_show(house.lutetia, booking=visit, by=camille(house), version=visit.version)
    assert count(OutboxEvent, type="booking.no_show") == 1


def test_who_was_treated_did_come(house: House, visit: Booking) -> None:
    with frozen(visit.ends_at):
        finish(house.lutetia, booking=visit, by=camille(house))
        with pytest.raises(NotNow):
            mark_no_show(house.lutetia, booking=visit, by=camille(house))
    assert fresh(visit).status == "completed"


def test_a_page_drawn_before_a_change_is_told(house: House, visit: Booking) -> None:
    with frozen(visit.starts_at), pytest.raises(Stale):
        mark_no_show(house.lutetia, booking=visit, by=camille(house), version=visit.version - 1)
    assert count(Claim, active=True) == 2
