"""A therapist gives a booking back: pending again, asked of the others, never of her."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.bookings.errors import OfferExpired
from portal.bookings.service import cancel_booking, withdraw_from_booking
from portal.clock import frozen
from portal.database import db
from portal.models import Claim, OutboxEvent
from portal.models.booking_states import NotAssigned
from tests.bookings.conftest import Book, accept, asked, partner, phone
from tests.factories import House


def test_it_is_pending_again_and_the_others_are_asked(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)

    withdraw_from_booking(house.lutetia, booking=booking, by=phone(house.therese))

    assert booking.status == "pending"
    assert booking.therapist_id is None
    assert asked(booking) == {"Thérèse": "withdrawn", "Marc": "open"}
    mine = select(Claim).where(Claim.resource_id == house.therese.resource_id, Claim.active)
    assert db.session.scalars(mine).all() == []


def test_she_is_never_asked_again(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    withdraw_from_booking(house.lutetia, booking=booking, by=phone(house.therese))
    accept(house, booking, house.marc)

    withdraw_from_booking(house.lutetia, booking=booking, by=phone(house.marc))

    assert asked(booking) == {"Thérèse": "withdrawn", "Marc": "withdrawn"}


def test_a_repeat_is_harmless(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    withdraw_from_booking(house.lutetia, booking=booking, by=phone(house.therese))
    lines = len(booking.events)

    withdraw_from_booking(house.lutetia, booking=booking, by=phone(house.therese))

    assert len(booking.events) == lines


def test_a_duo_keeps_its_other_therapist_who_becomes_the_first(house: House, book: Book) -> None:
    booking = book("10:00", variant=house.duo, guest_count=2)
    accept(house, booking, house.therese)
    accept(house, booking, house.marc)

    withdraw_from_booking(house.lutetia, booking=booking, by=phone(house.therese))

    assert (booking.status, booking.item.therapists_missing) == ("pending", 1)
    assert booking.therapist is house.marc


def test_who_does_not_hold_it_cannot_give_it_back(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)

    with pytest.raises(NotAssigned):
        withdraw_from_booking(house.lutetia, booking=booking, by=phone(house.marc))


def test_not_once_it_has_begun(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)

    with frozen(house.at("10:00")), pytest.raises(OfferExpired):
        withdraw_from_booking(house.lutetia, booking=booking, by=phone(house.therese))


def test_a_cancelled_booking_cannot_be_given_back(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    cancel_booking(house.lutetia, booking=booking, reason="Ill", cancelled_by="partner", by=partner(house))

    with pytest.raises(NotAssigned):
        withdraw_from_booking(house.lutetia, booking=booking, by=phone(house.therese))


def test_it_is_published(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    withdraw_from_booking(house.lutetia, booking=booking, by=phone(house.therese))

    types = db.session.scalars(select(OutboxEvent.type).order_by(OutboxEvent.id)).all()
    told = [one for one in types if one.startswith("booking.")]
    assert told == ["booking.created", "booking.confirmed", "booking.unassigned"]
