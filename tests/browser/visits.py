"""What stands when a story begins: visits that begin around now, and shifts of the days to come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from portal.clock import frozen, now
from portal.database import db
from portal.models import Booking, BookingItem, Claim, Shift
from tests.bookings.conftest import Book, accept
from tests.browser.conftest import Stage
from tests.factories import House, make_shift


def visit_at(stage: Stage, book: Book, *, minutes: int, to: int = 0, on_grid: bool = False, **given: Any) -> Booking:
    """A confirmed visit that begins so many minutes from now: Thérèse's, or `to` 1 Marc's.

    One that is to be moved or lengthened stands `on_grid`, up to five minutes earlier.
    """
    house = stage.house
    with frozen(house.at("00:30")):
        booking = book(f"{10 + 2 * to}:00", **given)
        accept(house, booking, house.marc if to else house.therese)
        if booking.guest_count > 1:
            accept(house, booking, house.marc)
    start = now().replace(microsecond=0) + timedelta(minutes=minutes)
    if on_grid:
        start = start.replace(minute=start.minute // 5 * 5, second=0)
    rows: list[Booking | BookingItem | Claim] = [booking, *booking.items, *booking.item.claims]
    for row in rows:
        row.starts_at, row.ends_at = start, start + timedelta(minutes=60)
    for claim in booking.item.claims:
        if claim.resource.kind == "room" and booking.guest_count == 1:
            claim.resource = house.rooms[to]
    db.session.commit()
    return booking


def plan(house: House, *, days: int) -> None:
    """Thérèse and Marc work from nine to eight on so many days, and at no other time: the spa has changed its zone."""
    db.session.execute(delete(Shift))
    for offset in range(days):
        for member in (house.therese, house.marc):
            make_shift(house.lutetia, member, house.day + timedelta(days=offset))
