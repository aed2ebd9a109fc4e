"""Short ways to block somebody's time and to see what is left of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.audit import Actor
from portal.blocks.service import block_time
from portal.bookings.availability import Grant, decide
from portal.bookings.creation import request_booking
from portal.bookings.request import Request
from portal.bookings.service import accept_booking
from portal.bookings.slots.facts import Need
from portal.bookings.slots.queries import load_snapshot
from portal.clock import now
from portal.models import Block, Booking, Person, StaffMember
from tests.factories import House, make_customer

MakeBlock = Callable[..., list[Block]]
Book = Callable[..., Booking]


@pytest.fixture
def block(house: House) -> MakeBlock:
    """`block("12:30", "13:30")`: Camille blocks Thérèse's lunch on the house's day."""

    def make(start: str | None, end: str | None, *resources: Any, **given: Any) -> list[Block]:
        words: dict[str, Any] = {
            "resources": resources or [person(house.therese)],
            "starts_at": house.at(start) if start else None,
            "ends_at": house.at(end) if end else None,
            "kind": "break",
            "by": desk(house),
        }
        return block_time(given.pop("venue", house.lutetia), **words | given)

    return make


@pytest.fixture
def book(house: House) -> Book:
    """`book("10:00", house.therese)`: a guest at that time of the house's day, whom she treats."""

    def ask(clock: str, *therapists: StaffMember, **given: Any) -> Booking:
        wish: dict[str, Any] = {
            "variant": house.single,
            "starts_at": house.at(clock),
            "price_minor": 9500,
            "channel": "partner",
        }
        guest = given.pop("customer", None) or make_customer(house.organisation)
        by = Actor.of_key(house.key_row, door="partner")
        booking = request_booking(house.lutetia, Request(customer=guest, **wish | given), by=by)
        for member in therapists:
            offer = next(one for one in booking.item.offers if one.member_id == member.id)
            accept_booking(house.lutetia, offer=offer, by=Actor.of_member(member, door="phone"))
        return booking

    return ask


def desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")


def person(member: StaffMember) -> Person:
    assert member.resource is not None
    return member.resource


def claimed(block: Block) -> list[tuple[str, str, bool]]:
    """The active claims of a block in Paris time: from, to, overbooked."""
    return [
        (f"{_local(claim.starts_at)}", f"{_local(claim.ends_at)}", claim.overbooked)
        for claim in sorted(block.claims, key=lambda claim: claim.starts_at)
        if claim.active
    ]


def can_book(house: House, clock: str, *members: StaffMember, days: int = 0) -> bool:
    """Whether the desk could place a massage then, with these therapists."""
    day = house.at(clock, days=days)
    first = day.date()
    snapshot = load_snapshot(house.lutetia, first=first, last=first)
    chosen = frozenset(person(member).id for member in members)
    need = Need(duration=60, treatment_id=house.massage.id, therapists=chosen)
    return isinstance(decide(snapshot, need, day, now(), desk=True), Grant)


def _local(instant: datetime) -> str:
    return f"{instant.astimezone(ZoneInfo('Europe/Paris')):%H:%M}"
