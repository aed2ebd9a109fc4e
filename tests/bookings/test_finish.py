"""The treatment is over."""

from __future__ import annotations

import pytest

from portal.bookings.errors import Stale
from portal.bookings.visit import finish, start
from portal.clock import frozen
from portal.models import Booking, Change, OutboxEvent
from portal.models.booking_states import NotNow
from tests.bookings.conftest import Book
from tests.bookings.visits import MINUTE, camille, count, fresh, visit
from tests.factories import House

__all__ = ["visit"]


def test_the_status_follows_and_the_world_is_told(house: House, visit: Booking) -> None:
    with frozen(visit.starts_at):
        start(house.lutetia, booking=visit, by=camille(house))
    with frozen(visit.ends_at - 2 * MINUTE):
        finish(house.lutetia, booking=visit, by=camille(house))
    now = fresh(visit)
    assert (now.status, now.finished_at) == ("completed", visit.ends_at - 2 * MINUTE)
    assert count(OutboxEvent, type="booking.completed", subject=visit.uuid) == 1
    assert count(Change, verb="booking:completed") == 1


def test_a_forgotten_beginning_does_not_matter(house: House, visit: Booking) -> None:
    with frozen(visit.ends_at):
        finish(house.lutetia, booking=visit, by=camille(house))
    now = fresh(visit)
    assert (now.status, now.began_at, now.finished_at) == ("completed", None, visit.ends_at)


def test_a_second_click_changes_nothing(house: House, visit: Booking) -> None:
    for minutes in (0, 3):
        with frozen(visit.ends_at + minutes * MINUTE):
            finish(house.lutetia, booking=visit, by=camille(house), version=visit.version)
    assert fresh(visit).finished_at == visit.ends_at
    assert count(OutboxEvent, type="booking.completed") == 1


def test_what_was_to_begin_later_cannot_be_over(house: House, visit: Booking) -> None:
    with frozen(visit.starts_at - MINUTE), pytest.raises(NotNow) as refused:
        finish(house.lutetia, booking=visit, by=camille(house))
    assert "10" in str(refused.value.message)
    assert fresh(visit).status == "confirmed"


def test_a_pending_booking_has_nobody_who_could_finish_it(house: House, book: Book) -> None:
    booking = book("10:00")
    with frozen(booking.ends_at), pytest.raises(NotNow):
        finish(house.lutetia, booking=booking, by=camille(house))


def test_a_page_drawn_before_a_change_is_told(house: House, visit: Booking) -> None:
    with frozen(visit.ends_at), pytest.raises(Stale):
        finish(house.lutetia, booking=visit, by=camille(house), version=visit.version - 1)
    assert fresh(visit).status == "confirmed"
