"""A spring at the spa: Thérèse and Marc are on shift every day for months, and the clock stands on 1 March 2027."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.audit import Actor
from portal.bookings.request import Request
from portal.clock import frozen
from portal.models import Booking, Series, Shift
from portal.series.queries import occurrences_of
from tests.factories import House, at, make_customer, save

FIRST_OF_MARCH = datetime(2027, 3, 1, 7, tzinfo=UTC)  # a Monday
LAST_SHIFT = date(2027, 6, 30)


@pytest.fixture
def spring(house: House) -> Iterator[House]:
    """The house with its clock stopped on Monday, 1 March 2027, 08:00 in Paris."""
    day, shifts = date(2027, 3, 1), []
    while day <= LAST_SHIFT:
        shifts += [
            Shift.planned(house.lutetia, member, day=day, start=time(9), end=time(20))
            for member in (house.therese, house.marc)
        ]
        day += timedelta(days=1)
    save(*shifts)
    with frozen(FIRST_OF_MARCH):
        yield house


def wish(house: House, day: date, clock: str = "18:00", **given: Any) -> Request:
    """An hour's massage of one guest, as the desk asks for it."""
    asked: dict[str, Any] = {
        "variant": house.single, "customer": given.pop("customer", None) or make_customer(house.organisation),
        "price_minor": 9500, "channel": "desk", "desk": True, "starts_at": at(house.lutetia, day, clock),
    }  # fmt: skip
    return Request(**asked | given)


def desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")


def dates(bookings: list[Booking]) -> list[str]:
    """Their original dates, as day and month."""
    return [f"{booking.series_date:%d.%m.}" for booking in bookings]


def walls(house: House, bookings: list[Booking]) -> set[str]:
    """At what times of the venue's clock they begin."""
    return {f"{one.starts_at.astimezone(ZoneInfo(house.lutetia.timezone)):%H:%M}" for one in bookings}


def made(series: Series) -> list[Booking]:
    """The bookings of the series that stand."""
    return [one for one in occurrences_of(series.venue, series) if one.cancelled_at is None]
