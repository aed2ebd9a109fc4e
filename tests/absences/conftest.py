"""Thérèse and Marc with their phones, the desk, and short ways to a visit of hers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal.absences.service import request_time_off
from portal.audit import Actor
from portal.models import Booking, StaffMember, TimeOff
from tests.bookings.conftest import Book as Ask
from tests.bookings.conftest import accept, book, phone
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

__all__ = ["Visit", "accept", "book", "desk", "maud", "phone"]

Visit = Callable[..., Booking]


@pytest.fixture
def visit(house: House, book: Ask) -> Visit:
    """`visit("10:00")`: a guest whom Thérèse has accepted; `visit("10:00", house.marc)` one of Marc's."""

    def make(clock: str | None = "10:00", therapist: StaffMember | None = None, **given: Any) -> Booking:
        booking = book(clock or "10:00", **given)
        accept(house, booking, therapist or house.therese)
        return booking

    return make


@pytest.fixture
def therese(client: PageClient, house: House) -> PageClient:
    """Her phone, signed in."""
    sign_in(client, house.therese)
    return client


@pytest.fixture
def marc(new_client: Callable[[], PageClient], house: House) -> PageClient:
    """His phone, signed in."""
    client = new_client()
    sign_in(client, house.marc)
    return client


@pytest.fixture
def manager(new_client: Callable[[], PageClient], house: House) -> PageClient:
    """Maud's desk, signed in."""
    client = new_client()
    sign_in(client, house.maud)
    return client


@pytest.fixture
def off(house: House) -> TimeOff:
    """Thérèse asks to be off on the house's day from nine to one."""
    return ask_off(house, house.therese)


def ask_off(house: House, member: StaffMember, start: str = "09:00", end: str = "13:00", **given: Any) -> TimeOff:
    """The member asks to be off on the house's day."""
    words: dict[str, Any] = {"starts_at": house.at(start), "ends_at": house.at(end), "kind": "vacation"}
    return request_time_off(member, **words | given, by=phone(member))


def desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")


def maud(house: House) -> Actor:
    return Actor.of_member(house.maud, door="agenda")
