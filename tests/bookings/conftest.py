"""Short ways to ask for and answer a booking of the house."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal.audit import Actor
from portal.bookings.creation import request_booking
from portal.bookings.request import Request
from portal.bookings.service import accept_booking
from portal.models import Booking, Offer, StaffMember
from tests.factories import House, make_customer

Book = Callable[..., Booking]


@pytest.fixture
def book(house: House) -> Book:
    """`book("10:00")`: the partner asks for the single massage at that local time of the house's day."""

    def ask(clock: str = "10:00", **given: Any) -> Booking:
        wish: dict[str, Any] = {
            "variant": house.single,
            "starts_at": house.at(clock),
            "customer": given.pop("customer", None) or make_customer(house.organisation),
            "price_minor": 9500,
            "channel": "partner",
        }
        venue = given.pop("venue", house.lutetia)
        return request_booking(venue, Request(**wish | given), by=partner(house))

    return ask


def partner(house: House) -> Actor:
    return Actor.of_key(house.key_row, door="partner")


def phone(member: StaffMember) -> Actor:
    return Actor.of_member(member, door="phone")


def offer_to(booking: Booking, member: StaffMember) -> Offer:
    return next(offer for offer in booking.item.offers if offer.member_id == member.id)


def accept(house: House, booking: Booking, member: StaffMember) -> Offer:
    return accept_booking(house.lutetia, offer=offer_to(booking, member), by=phone(member))


def asked(booking: Booking) -> dict[str, str]:
    """Who was asked and what became of it, by first name."""
    return {offer.member.first_name: offer.status for offer in booking.item.offers}
