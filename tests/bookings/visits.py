"""A guest who comes: confirmed bookings of the house, and the desk that follows them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.audit import Actor
from portal.clock import frozen
from portal.database import db
from portal.models import AuditEntry, Booking, Change, Claim, OutboxEvent
from tests.bookings.conftest import Book, accept
from tests.factories import House, make_customer

MINUTE = timedelta(minutes=1)


@pytest.fixture
def visit(house: House, book: Book) -> Booking:
    """Thérèse's confirmed hour at ten."""
    with frozen(house.at("08:00")):
        booking = book("10:00")
        accept(house, booking, house.therese)
    return booking


@pytest.fixture
def couple(house: House, book: Book) -> Booking:
    """Léa Martin and somebody, at ten; both therapists have accepted."""
    lea = make_customer(house.organisation, first_name="Léa", last_name="Martin")
    with frozen(house.at("08:00")):
        booking = book("10:00", variant=house.duo, guest_count=2, price_minor=18000, customer=lea)
        accept(house, booking, house.therese)
        accept(house, booking, house.marc)
    return booking


def camille(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")


def fresh(booking: Booking) -> Booking:
    """The booking as it stands in the database."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Booking, booking.id)


def count(model: type[Change] | type[AuditEntry] | type[OutboxEvent] | type[Claim], **given: object) -> int:
    query = select(func.count()).select_from(model).filter_by(**given)
    return db.session.scalar(query) or 0
