"""A venue with as many bookings on one day as wanted, written straight into the tables."""

from __future__ import annotations

from datetime import timedelta

from portal.database import db
from portal.models import Assignment, Booking, BookingItem, Claim
from tests.factories import House, make_customer, make_member, make_room, make_shift

SLOTS = 20


def fill(house: House, count: int, *, first_number: int = 1000) -> list[Booking]:
    """`count` confirmed half-hours on the house's day, each with a room and a therapist, 20 a column."""
    customer = make_customer(house.organisation)
    bookings: list[Booking] = []
    for column in range(-(-count // SLOTS)):
        room = make_room(house.lutetia)
        therapist = make_member(house.organisation, house.lutetia)
        make_shift(house.lutetia, therapist, house.day)
        for slot in range(min(SLOTS, count - column * SLOTS)):
            booking = _booking(house, customer.id, first_number + len(bookings), slot)
            item = booking.items[0]
            item.assignments = [Assignment(member=therapist)]
            item.claims = [_claim(item, room.id), _claim(item, therapist.resource_id or 0)]
            bookings.append(booking)
    db.session.add_all(bookings)
    db.session.commit()
    return bookings


def _booking(house: House, customer_id: int, number: int, slot: int) -> Booking:
    starts_at = house.at("09:30") + timedelta(minutes=30 * slot)
    ends_at = starts_at + timedelta(minutes=30)
    owner = {"organisation_id": house.organisation.id, "venue_id": house.lutetia.id}
    item = BookingItem(
        **owner, treatment_id=house.massage.id, variant_id=house.single.id, starts_at=starts_at, ends_at=ends_at,
        therapists_assigned=1,
    )  # fmt: skip
    return Booking(
        **owner, number=number, customer_id=customer_id, status="confirmed", channel="desk", price_minor=9500,
        currency="EUR", starts_at=starts_at, ends_at=ends_at, items=[item],
    )  # fmt: skip


def _claim(item: BookingItem, resource_id: int) -> Claim:
    return Claim(
        organisation_id=item.organisation_id, venue_id=item.venue_id, resource_id=resource_id,
        starts_at=item.starts_at, ends_at=item.ends_at,
    )  # fmt: skip
