"""Arrival is a moment, not a state; two guests may come one after the other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.bookings.errors import Stale
from portal.bookings.service import cancel_booking
from portal.bookings.visit import check_in
from portal.clock import frozen
from portal.database import db
from portal.errors import NotFound
from portal.models import AuditEntry, Booking, Change, LiveEvent
from portal.models.booking_states import NotNow
from tests.bookings.conftest import Book, accept, partner
from tests.bookings.visits import MINUTE, camille, count, couple, fresh, visit
from tests.factories import House

__all__ = ["couple", "visit"]


def test_arrival_is_noted_and_the_status_stays(house: House, visit: Booking) -> None:
    with frozen(visit.starts_at - 7 * MINUTE):
        check_in(house.lutetia, booking=visit, by=camille(house))

    now = fresh(visit)
    assert (now.status, now.arrived_at) == ("confirmed", visit.starts_at - 7 * MINUTE)
    line = now.events[-1]
    assert (line.verb, line.from_status, line.to_status, line.door) == ("arrived", "confirmed", "confirmed", "agenda")
    assert line.details["change"]
    assert (count(Change, verb="booking:arrived"), count(AuditEntry, verb="booking:arrived")) == (1, 1)


def test_a_pending_booking_may_arrive_too(house: House, book: Book) -> None:
    booking = book("10:00")
    with frozen(booking.starts_at):
        check_in(house.lutetia, booking=booking, by=camille(house))
    assert (fresh(booking).status, fresh(booking).arrived_at) == ("pending", booking.starts_at)


def test_a_second_click_changes_nothing(house: House, visit: Booking) -> None:
    with frozen(visit.starts_at):
        check_in(house.lutetia, booking=visit, by=camille(house), version=visit.version)
    with frozen(visit.starts_at + 5 * MINUTE):
        check_in(house.lutetia, booking=visit, by=camille(house), version=1)
    assert fresh(visit).arrived_at == visit.starts_at
    assert count(Change, verb="booking:arrived") == 1


def test_a_couple_arrives_one_by_one(house: House, couple: Booking) -> None:
    lea, other = couple.participants
    with frozen(couple.starts_at - 9 * MINUTE):
        check_in(house.lutetia, booking=couple, by=camille(house), participant=lea)
    now = fresh(couple)
    assert now.arrived_at == couple.starts_at - 9 * MINUTE
    assert [one.arrived_at for one in now.participants] == [now.arrived_at, None]
    assert now.events[-1].details["guest"] == "Léa Martin"
    version = now.version

    with frozen(couple.starts_at):
        check_in(house.lutetia, booking=couple, by=camille(house), participant=other)
    now = fresh(couple)
    assert now.arrived_at == couple.starts_at - 9 * MINUTE, "the first arrival counts"
    assert now.participants[1].arrived_at == couple.starts_at
    assert now.version > version, "who looks at it sees that it has changed"


def test_both_at_once_leaves_the_first_arrival_as_it_was(house: House, couple: Booking) -> None:
    with frozen(couple.starts_at - 9 * MINUTE):
        check_in(house.lutetia, booking=couple, by=camille(house), participant=couple.participants[1])
    with frozen(couple.starts_at):
        check_in(house.lutetia, booking=couple, by=camille(house))
    arrivals = [one.arrived_at for one in fresh(couple).participants]
    assert arrivals == [couple.starts_at, couple.starts_at - 9 * MINUTE]


def test_a_guest_of_another_booking_is_unknown(house: House, book: Book, couple: Booking) -> None:
    other = book("12:00")
    with frozen(couple.starts_at), pytest.raises(NotFound):
        check_in(house.lutetia, booking=other, by=camille(house), participant=couple.participants[0])
    assert fresh(other).arrived_at is None


def test_it_is_too_early_a_day_before(house: House, visit: Booking) -> None:
    with frozen(visit.starts_at - timedelta(hours=12, minutes=1)), pytest.raises(NotNow) as refused:
        check_in(house.lutetia, booking=visit, by=camille(house))
    assert "10" in str(refused.value.message)
    with frozen(visit.starts_at - timedelta(hours=12)):
        check_in(house.lutetia, booking=visit, by=camille(house))
    assert fresh(visit).arrived_at


def test_nobody_arrives_for_a_cancelled_booking(house: House, visit: Booking) -> None:
    cancel_booking(house.lutetia, booking=visit, reason="Ill", cancelled_by="partner", by=partner(house))
    with frozen(visit.starts_at), pytest.raises(NotNow):
        check_in(house.lutetia, booking=visit, by=camille(house))


def test_a_page_drawn_before_a_change_is_told(house: House, book: Book) -> None:
    booking = book("10:00")
    drawn = booking.version
    accept(house, booking, house.therese)
    with frozen(booking.starts_at), pytest.raises(Stale):
        check_in(house.lutetia, booking=booking, by=camille(house), version=drawn)
    assert fresh(booking).arrived_at is None


def test_open_pages_are_told(house: House, visit: Booking) -> None:
    with frozen(visit.starts_at):
        check_in(house.lutetia, booking=visit, by=camille(house))
    last = db.session.scalars(select(LiveEvent).order_by(LiveEvent.id.desc())).first()
    assert last is not None
    assert {f"agenda:{house.day}", f"column:{house.day}:{house.therese.uuid}"} <= set(last.topics)
