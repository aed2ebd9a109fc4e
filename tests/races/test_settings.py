"""A setting changes while somebody books what it takes away: one of the two is told, and never both have it.

The control takes the locks away and demands that both then have it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.audit import SYSTEM
from portal.bookings.creation import request_booking
from portal.bookings.request import Request
from portal.clock import now
from portal.database import db
from portal.models import Booking, Claim, Customer, Room, Variant, Venue
from portal.models.booking_states import CANCELLED
from portal.settings.blocks.plan import Wish
from portal.settings.blocks.service import block_venue
from portal.settings.hours.service import change_hours, set_special_day
from portal.settings.rooms.service import archive_room
from portal.settings.zone.plan import fingerprint
from portal.settings.zone.service import change_zone, preview
from tests.factories import House, make_customer
from tests.support.rivals import DONE, at_once, both_had_it, nobody_waits

pytestmark = pytest.mark.race
ROUNDS = 4
Work = Callable[[], object]
Race = Callable[[House, int], tuple[Work, Work]]


def archive_the_only_room(house: House, days: int) -> tuple[Work, Work]:
    """The other rooms were archived before."""
    rooms = db.session.scalars(select(Room).where(Room.venue_id == house.lutetia.id)).all()
    for room in rooms:
        room.active = room is rooms[0]
    key = rooms[0].id
    return lambda: archive_room(_venue(house), room=db.session.get_one(Room, key), by=SYSTEM), _book(house, days)


def block_the_venue(house: House, days: int) -> tuple[Work, Work]:
    """For an hour on that date, for everybody."""
    day = house.day + timedelta(days=days)
    wish = Wish(is_weekly=False, first_day=day, last_day=None, start=time(10), end=time(11))
    return lambda: block_venue(_venue(house), key=uuid4(), wish=wish, by=SYSTEM), _book(house, days)


def close_for_a_day(house: House, days: int) -> tuple[Work, Work]:
    """A special day without hours."""
    day = house.day + timedelta(days=days)
    return (
        lambda: set_special_day(_venue(house), day=day, windows=[], note=None, version=None, by=SYSTEM),
        _book(house, days),
    )


def open_later(house: House, days: int) -> tuple[Work, Work]:
    """From noon on, every day."""
    house.lutetia.opening_time = time(9)
    values = {
        "opening_time": time(12), "closing_time": time(20), "schedule_type": "always_open", "days_of_week": None,
        "recurrence_interval": 1, "recurring_start_date": None, "recurring_end_date": None, "one_time_dates": None,
    }  # fmt: skip
    return (
        lambda: change_hours(_venue(house), values=values, weekly={}, version=None, by=SYSTEM),
        _book(house, days),
    )


def change_the_zone(house: House, days: int) -> tuple[Work, Work]:
    """The plan that was shown knows nothing of the booking."""
    zone = "Europe/London" if house.lutetia.timezone == "Europe/Paris" else "Europe/Paris"
    seen = fingerprint(preview(house.lutetia, timezone=zone, at=now()))
    return (
        lambda: change_zone(_venue(house), timezone=zone, seen=seen, reason=None, version=None, by=SYSTEM),
        _book(house, days),
    )


RACES = (archive_the_only_room, block_the_venue, close_for_a_day, open_later, change_the_zone)


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_one_of_them_is_told(app: Flask, house: House, race: Race) -> None:
    for number in range(ROUNDS):
        told = at_once(app, *race(house, number))
        assert told.count(DONE) == 1, told
        assert not {one for one in told if one[0].isupper()}, f"somebody saw a bug: {told}"


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_without_the_locks_both_have_it(app: Flask, house: House, race: Race) -> None:
    with nobody_waits():
        told = [at_once(app, *race(house, number)) for number in range(ROUNDS)]
    assert any(map(both_had_it, told)), f"They do not race, so the test above proves nothing: {told}"


def _venue(house: House) -> Venue:
    return db.session.get_one(Venue, house.lutetia.id)


def _book(house: House, days: int) -> Work:
    """A partner's booking at ten on that date; what was booked in an earlier round is given up."""
    db.session.execute(update(Booking).values(status=CANCELLED, cancelled_at=now()))
    db.session.execute(update(Claim).values(active=False))
    db.session.commit()
    guest, starts_at = make_customer(house.organisation).id, house.at("10:00", days=days)
    venue, key = house.lutetia.id, house.single.id

    def work() -> None:
        wish = Request(
            variant=db.session.get_one(Variant, key), starts_at=starts_at, price_minor=9500, channel="partner",
            customer=db.session.get_one(Customer, guest),
        )  # fmt: skip
        request_booking(db.session.get_one(Venue, venue), wish, by=SYSTEM)

    return work
