"""A class of yoga for two to five at the spa, and a massage for two."""

from __future__ import annotations

from typing import Any

import pytest

from portal.audit import Actor
from portal.bookings.creation import request_booking
from portal.bookings.request import Request
from portal.classes.service import open_session
from portal.models import Booking, Variant
from tests.factories import House, make_customer, make_treatment


@pytest.fixture
def yoga(house: House) -> Variant:
    """An hour for 22.00 each."""
    treatment = make_treatment(
        house.lutetia, house.massage.room_type, name="Yoga du matin", name_en="Morning yoga", kind="class",
        min_participants=2, max_participants=5, price_minor=2200,
    )  # fmt: skip
    return treatment.variants[0]


@pytest.fixture
def session(house: House, yoga: Variant) -> Booking:
    """Thérèse leads it at ten."""
    return open_session(
        house.lutetia, variant=yoga, starts_at=house.at("10:00"), therapist=house.therese, by=desk(house)
    )


@pytest.fixture
def couple(house: House) -> Booking:
    """Hélène's booking for two, with Thérèse and Marc."""
    wish: dict[str, Any] = {
        "variant": house.duo, "starts_at": house.at("14:00"), "customer": make_customer(house.organisation),
        "price_minor": 18000, "channel": "desk", "guest_count": 2, "desk": True,
        "therapists": (house.therese, house.marc),
    }  # fmt: skip
    return request_booking(house.lutetia, Request(**wish), by=desk(house))


def desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")
