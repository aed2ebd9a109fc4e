"""Cancelling frees what the booking held; the fee follows the tiers that were in force when it was made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.audit import Actor
from portal.bookings.errors import Stale
from portal.bookings.service import cancel_booking
from portal.clock import frozen
from portal.database import db
from portal.messages.queries import list_messages
from portal.models import Booking, Claim
from portal.models.booking_states import NotCancellable
from tests.bookings.conftest import Book, accept, asked, partner
from tests.factories import House, make_customer

TIERS = [
    {"max_hours": 48, "min_hours": 24, "refund_percent": 50},
    {"max_hours": 24, "min_hours": 0, "refund_percent": 0},
]


def test_it_frees_room_and_therapist_and_closes_the_offers(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)

    _cancel(house, booking)

    assert booking.status == "cancelled"
    assert db.session.scalar(select(func.count()).select_from(Claim).where(Claim.active)) == 0
    assert asked(booking) == {"Thérèse": "cancelled", "Marc": "taken"}
    assert book("10:00").item.claims[0].resource_id == house.rooms[0].id


@pytest.mark.parametrize(
    ("hours_before", "percent", "fee"),
    [(72, 100, 0), (48, 50, 4750), (24.5, 50, 4750), (24, 0, 9501), (1, 0, 9501)],
)
def test_the_tier_with_min_below_and_max_at_or_above_the_hours_left_applies(
    house: House, book: Book, hours_before: float, percent: int, fee: int
) -> None:
    house.lutetia.cancellation_tiers = TIERS
    db.session.commit()
    booking = book("10:00", starts_at=house.at("10:00", days=3), price_minor=9501, payment_status="paid")

    with frozen(booking.starts_at - timedelta(hours=hours_before)):
        _cancel(house, booking)

    assert (booking.cancellation_refund_percent, booking.cancellation_fee_minor) == (percent, fee)


def test_the_tiers_are_those_of_the_day_it_was_booked(house: House, book: Book) -> None:
    booking = book("10:00", payment_status="paid")
    house.lutetia.cancellation_tiers = [{"max_hours": 10_000, "min_hours": 0, "refund_percent": 0}]
    db.session.commit()

    _cancel(house, booking)

    assert booking.cancellation_fee_minor == 0


def test_what_was_not_paid_costs_nothing(house: House, book: Book) -> None:
    house.lutetia.cancellation_tiers = [{"max_hours": 10_000, "min_hours": 0, "refund_percent": 0}]
    db.session.commit()
    booking = book("10:00", payment_status="pending")

    _cancel(house, booking)

    assert booking.cancellation_fee_minor == 0


def test_staff_give_everything_back_unless_they_say_otherwise(house: House, book: Book) -> None:
    house.lutetia.cancellation_tiers = [{"max_hours": 10_000, "min_hours": 0, "refund_percent": 0}]
    db.session.commit()
    desk = Actor.of_member(house.camille, door="agenda")

    whole, half = book("10:00", payment_status="paid"), book("12:00", payment_status="paid")
    cancel_booking(house.lutetia, booking=whole, reason="Leak", cancelled_by="venue", by=desk)
    cancel_booking(house.lutetia, booking=half, reason="Late", cancelled_by="venue", by=desk, refund_percent=50)

    assert (whole.cancellation_fee_minor, half.cancellation_fee_minor) == (0, 4750)


def test_twice_is_refused_and_keeps_the_first_reason(house: House, book: Book) -> None:
    booking = book("10:00")
    _cancel(house, booking)

    with pytest.raises(NotCancellable):
        _cancel(house, booking, reason="Second")

    assert db.session.get_one(Booking, booking.id).cancellation_reason == "Guest is ill"


def test_a_form_drawn_before_a_colleague_s_change_is_refused(house: House, book: Book) -> None:
    booking = book("10:00")
    drawn = booking.version
    accept(house, booking, house.therese)

    with pytest.raises(Stale):
        _cancel(house, booking, version=drawn)

    assert db.session.get_one(Booking, booking.id).status == "confirmed"


def test_the_schema_keeps_status_and_instant_together(house: House, book: Book) -> None:
    booking = book("10:00")
    booking.cancelled_at = booking.created_at

    with pytest.raises(Exception, match="cancelled_has_instant"):
        db.session.commit()
    db.session.rollback()


def _cancel(house: House, booking: Booking, *, reason: str = "Guest is ill", version: int | None = None) -> None:
    cancel_booking(
        house.lutetia, booking=booking, reason=reason, cancelled_by="partner", by=partner(house), version=version
    )


def test_the_guest_is_told_when_that_is_wanted(house: House, book: Book) -> None:
    guest = make_customer(house.organisation, email="helene@example.org")
    by = Actor.of_member(house.camille, door="agenda")
    for wanted in (False, True):
        booking = book("10:00", customer=guest)
        cancel_booking(house.lutetia, booking=booking, reason="Grippe", cancelled_by="staff", by=by, tell=wanted)
        assert [message.kind for message in list_messages(house.lutetia, booking)] == ["cancelled"] * wanted
