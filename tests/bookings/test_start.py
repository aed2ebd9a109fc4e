"""The treatment begins."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from portal.bookings.errors import Stale
from portal.bookings.visit import check_in, start
from portal.clock import frozen
from portal.models import AuditEntry, Booking, Change
from portal.models.booking_states import NotNow
from tests.bookings.conftest import Book
from tests.bookings.visits import MINUTE, camille, count, couple, fresh, visit
from tests.factories import House

__all__ = ["couple", "visit"]


def test_the_status_follows_and_the_moment_is_kept(house: House, visit: Booking) -> None:
    with frozen(visit.starts_at - 5 * MINUTE):
        check_in(house.lutetia, booking=visit, by=camille(house))
    with frozen(visit.starts_at + MINUTE):
        start(house.lutetia, booking=visit, by=camille(house))
    now = fresh(visit)
    assert (now.status, now.began_at, now.arrived_at) == (
        "ongoing",
        visit.starts_at + MINUTE,
        visit.starts_at - 5 * MINUTE,
    )
    assert (count(Change, verb="booking:begun"), count(AuditEntry, verb="booking:begun")) == (1, 1)


def test_a_forgotten_arrival_is_noted_too(house: House, visit: Booking) -> None:
    with frozen(visit.starts_at):
        start(house.lutetia, booking=visit, by=camille(house))
    now = fresh(visit)
    assert now.arrived_at == visit.starts_at
    assert [line.verb for line in now.events][-2:] == ["arrived", "begun"]


def test_who_of_a_couple_is_still_missing_may_come_later(house: House, couple: Booking) -> None:
    with frozen(couple.starts_at):
        check_in(house.lutetia, booking=couple, by=camille(house), participant=couple.participants[0])
        start(house.lutetia, booking=couple, by=camille(house))
    assert fresh(couple).participants[1].arrived_at is None
    with frozen(couple.starts_at + 5 * MINUTE):
        check_in(house.lutetia, booking=couple, by=camille(house), participant=couple.participants[1])
    assert fresh(couple).participants[1].arrived_at == couple.starts_at + 5 * MINUTE


def test_a_second_click_changes_nothing(house: House, visit: Booking) -> None:
    for minutes in (0, 3):
        with frozen(visit.starts_at + minutes * MINUTE):
            start(house.lutetia, booking=visit, by=camille(house), version=visit.version)
    assert fresh(visit).began_at == visit.starts_at
    assert count(Change, verb="booking:begun") == 1


def test_without_a_therapist_nothing_begins(house: House, book: Book) -> None:
    booking = book("10:00")
    with frozen(booking.starts_at), force_locale("en"), pytest.raises(NotNow) as refused:
        start(house.lutetia, booking=booking, by=camille(house))
    assert "therapist" in str(refused.value.message)
    assert (fresh(booking).status, fresh(booking).arrived_at) == ("pending", None)


def test_a_page_drawn_before_a_change_is_told(house: House, visit: Booking) -> None:
    with frozen(visit.starts_at), pytest.raises(Stale):
        start(house.lutetia, booking=visit, by=camille(house), version=visit.version - 1)
    assert fresh(visit).status == "confirmed"
