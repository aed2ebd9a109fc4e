"""A block and a booking want the same person at the same moment: never both, unless the desk said so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.audit import Actor
from portal.blocks.service import block_time
from portal.bookings.service import accept_booking
from portal.database import db
from portal.errors import PortalError
from portal.models import Booking, Offer, StaffMember, Venue
from tests.blocks.conftest import Book
from tests.factories import House

HOURS = ("09:00", "10:30", "12:00", "13:30", "15:00", "16:30", "18:00")
OVERLAPS = """
SELECT count(*) FROM claim AS one JOIN claim AS other
    ON other.resource_id = one.resource_id AND other.id > one.id
   AND other.starts_at < one.ends_at AND one.starts_at < other.ends_at
 WHERE one.active AND other.active
"""


@pytest.mark.race
def test_a_break_and_an_acceptance_at_the_same_moment(app: Flask, house: House, book: Book) -> None:
    offers = {hour: _offer(book(hour), house.therese) for hour in HOURS}
    told = {hour: _both(app, house, hour, offer) for hour, offer in offers.items()}

    for hour, (block, acceptance) in told.items():
        assert (block, acceptance) in {("done", "not_free"), ("bookings_underneath", "done")}, (hour, told)
    with db.engine.connect() as connection:
        assert connection.scalar(text(OVERLAPS)) == 0


@pytest.mark.race
def test_the_same_break_of_two_colleagues(app: Flask, house: House) -> None:
    for hour in HOURS:
        told = _at_once(app, _break(house, hour), _break(house, hour))
        assert told == ["done", "done"]
    with db.engine.connect() as connection:
        assert connection.scalar(text(OVERLAPS)) == 0


def _both(app: Flask, house: House, hour: str, offer: UUID) -> tuple[str, ...]:
    def accept() -> None:
        found = db.session.scalars(select(Offer).where(Offer.uuid == offer)).one()
        venue, member = db.session.get_one(Venue, house.lutetia.id), db.session.get_one(StaffMember, house.therese.id)
        accept_booking(venue, offer=found, by=Actor.of_member(member, door="phone"))

    return tuple(_at_once(app, _break(house, hour), accept))


def _break(house: House, hour: str) -> Callable[[], None]:
    venue_id, therapist, desk, start = house.lutetia.id, house.therese.id, house.camille.id, house.at(hour)
    end = house.at(f"{hour[:2]}:45") if hour.endswith("30") else house.at(f"{hour[:2]}:30")

    def run() -> None:
        member = db.session.get_one(StaffMember, therapist)
        assert member.resource is not None
        by = Actor.of_member(db.session.get_one(StaffMember, desk), door="agenda")
        block_time(
            db.session.get_one(Venue, venue_id), resources=[member.resource], starts_at=start, ends_at=end,
            kind="break", by=by,
        )  # fmt: skip

    return run


def _at_once(app: Flask, *works: Callable[[], None]) -> list[str]:
    """What becomes of each of them, begun at the same moment in threads of their own."""
    db.session.commit()
    told, barrier = ["nothing"] * len(works), threading.Barrier(len(works))

    def play(number: int) -> None:
        with app.app_context():
            barrier.wait(timeout=30)
            try:
                works[number]()
                told[number] = "done"
            except PortalError as refused:
                told[number] = refused.code
            finally:
                db.session.remove()

    threads = [threading.Thread(target=play, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return told


def _offer(booking: Booking, member: StaffMember) -> UUID:
    return next(offer.uuid for offer in booking.item.offers if offer.member_id == member.id)
