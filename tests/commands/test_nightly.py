"""Past bookings that are settled are completed by the night; the others stay for the desk."""

from __future__ import annotations

import pytest

from portal.audit import SYSTEM, Actor
from portal.bookings.creation import request_booking
from portal.bookings.request import Request
from portal.bookings.service import accept_booking
from portal.database import db
from portal.models import AuditEntry, Booking, LiveEvent, OutboxEvent
from tests.commands.conftest import Command
from tests.factories import House, make_customer, save


def book(house: House, clock: str = "10:00", *, accepted: bool = True, **given: object) -> Booking:
    """A massage on the house's day."""
    wish = Request(
        variant=house.single, starts_at=house.at(clock), customer=make_customer(house.organisation),
        price_minor=9500, channel="desk", **given,  # type: ignore[arg-type]
    )  # fmt: skip
    booking = request_booking(house.lutetia, wish, by=SYSTEM)
    if accepted:
        offer = next(offer for offer in booking.item.offers if offer.member is house.therese or offer.is_open)
        accept_booking(house.lutetia, offer=offer, by=Actor.of_member(offer.member, door="phone"))
    return booking


def after_a_night(flask: Command, house: House, *, hours: str = "00:05", days: int = 1) -> None:
    result = flask("worker", "--once", "--at", house.at(hours, days=days).isoformat())
    assert result.exit_code == 0, result.output
    db.session.expire_all()


def status(booking: Booking) -> str:
    return db.session.query(Booking.status).filter_by(id=booking.id).scalar() or ""


def test_a_settled_booking_is_completed_after_its_day(flask: Command, house: House) -> None:
    booking = book(house, payment_method="card_on_site", payment_status="paid")
    after_a_night(flask, house, hours="23:59", days=0)
    assert status(booking) == "confirmed", "its day is not over at the venue"
    after_a_night(flask, house)
    assert status(booking) == "completed"
    line = db.session.get_one(Booking, booking.id).events[-1]
    assert (line.verb, line.from_status, line.to_status, line.actor_name) == (
        "completed", "confirmed", "completed", "Thermes",
    )  # fmt: skip
    assert db.session.query(AuditEntry).filter_by(verb="booking:completed", subject=booking.uuid).count() == 1
    assert db.session.query(OutboxEvent).filter_by(type="booking.completed", subject=booking.uuid).count() == 1
    topics = [topic for event in db.session.query(LiveEvent) for topic in event.topics]
    assert f"agenda:{house.day}" in topics


def test_a_second_night_adds_nothing(flask: Command, house: House) -> None:
    booking = book(house, payment_status="charged_to_room", payment_method="room")
    after_a_night(flask, house)
    version = db.session.get_one(Booking, booking.id).version
    after_a_night(flask, house, days=2)
    again = db.session.get_one(Booking, booking.id)
    assert (again.version, [line.verb for line in again.events].count("completed")) == (version, 1)


UNSETTLED = ["pending", "awaiting_payment", "card_saved", "pending_room_charge", "failed"]


@pytest.mark.parametrize("payment_status", UNSETTLED)
def test_an_unsettled_booking_stays_for_the_desk(flask: Command, house: House, payment_status: str) -> None:
    booking = book(house, payment_status=payment_status)
    after_a_night(flask, house, days=3)
    assert status(booking) == "confirmed"


def test_one_that_nobody_accepted_is_not_completed(flask: Command, house: House) -> None:
    booking = book(house, accepted=False, payment_status="paid")
    after_a_night(flask, house, days=3)
    assert status(booking) == "pending"


def test_the_venues_day_counts(flask: Command, house: House) -> None:
    """When the day is over on Réunion, it still has three hours to go in Paris."""
    house.lutetia.timezone = "Indian/Reunion"
    save(house.lutetia)
    booking = book(house, "14:00", payment_status="paid")
    after_a_night(flask, house, hours="23:55", days=0)
    assert status(booking) == "confirmed"
    after_a_night(flask, house)
    assert status(booking) == "completed"
