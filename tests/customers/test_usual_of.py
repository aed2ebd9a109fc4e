"""The usual treatment is what the guest took most often in the last twelve months; of equals, the latest."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from portal.clock import frozen
from portal.customers.queries import usual_of, usuals_of
from portal.database import db
from portal.models import Booking, BookingItem, Customer, Variant
from tests.bookings.conftest import Book, book
from tests.factories import House, make_customer, make_treatment
from tests.support.statements import Statements

__all__ = ["book"]
Visit = Callable[..., Booking]


@pytest.fixture
def odile(house: House) -> Customer:
    return make_customer(house.organisation, first_name="Odile", last_name="Caron")


@pytest.fixture
def facial(house: House) -> Variant:
    return make_treatment(house.lutetia, house.rooms[0].room_type, name="Soin visage").variants[0]


@pytest.fixture
def visit(house: House, book: Book, odile: Customer) -> Visit:
    """`visit(3, variant=…)`: Odile came so many days before the house's day."""

    def made(days_ago: int, *, status: str = "completed", **given: object) -> Booking:
        booking = book("10:00", customer=odile, starts_at=house.at("10:00"), **given)
        back = timedelta(days=days_ago)
        rows: tuple[Booking | BookingItem, ...] = (booking, *booking.items)
        for row in rows:
            row.starts_at, row.ends_at = row.starts_at - back, row.ends_at - back
        for item in booking.items:
            for claim in item.claims:
                claim.active = False
        booking.status, booking.cancelled_at = status, booking.created_at if status == "cancelled" else None
        db.session.commit()
        return booking

    return made


def test_most_often_wins(house: House, odile: Customer, facial: Variant, visit: Visit) -> None:
    for days in (300, 200):
        visit(days)
    visit(10, variant=facial)
    found = usual_of(house.lutetia, odile)
    assert found.variant == house.single
    assert (found.visits, found.noshows) == (3, 0)
    assert found.last_visit == house.at("10:00") - timedelta(days=10)


def test_of_equals_the_latest(house: House, odile: Customer, facial: Variant, visit: Visit) -> None:
    visit(20)
    visit(10, variant=facial)
    assert usual_of(house.lutetia, odile).variant == facial


def test_what_is_long_ago_or_was_not_taken_does_not_count(
    house: House, odile: Customer, facial: Variant, visit: Visit
) -> None:
    for days in (400, 380):
        visit(days)
    visit(15, status="noshow")
    visit(14, status="cancelled")
    visit(30, variant=facial)
    found = usual_of(house.lutetia, odile)
    assert found.variant == facial
    assert (found.visits, found.noshows) == (3, 1)
    assert found.last_visit == house.at("10:00") - timedelta(days=30)


def test_what_can_no_longer_be_had_is_nobodys_usual(house: House, odile: Customer, visit: Visit) -> None:
    visit(10)
    house.single.active = False
    db.session.commit()
    assert usual_of(house.lutetia, odile).variant is None


def test_a_booking_to_come_is_a_sign_too_but_no_visit(house: House, odile: Customer, book: Book) -> None:
    booking = book("10:00", customer=odile)
    with frozen(booking.starts_at - timedelta(hours=3)):
        found = usual_of(house.lutetia, odile)
    assert (found.variant, found.last_visit, found.visits) == (house.single, None, 0)


def test_each_venue_for_itself(house: House, odile: Customer, visit: Visit) -> None:
    visit(10)
    assert usual_of(house.marais, odile) == (None, None, 0, 0)


def test_two_statements_for_any_number_of_guests(
    house: House, odile: Customer, visit: Visit, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    visit(10)
    others = [make_customer(house.organisation) for _ in range(7)]
    with statements() as sent:
        found = usuals_of(house.lutetia, [odile, *others])
        usual = found[odile.id].variant
        assert usual is not None
        assert usual.treatment.name == "Massage relaxant"
    sent.at_most(2)
    assert {found[other.id] for other in others} == {(None, None, 0, 0)}
    assert usuals_of(house.lutetia, []) == {}
