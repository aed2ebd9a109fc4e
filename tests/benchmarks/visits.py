"""Bookings by the thousand, written straight into the tables."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import func, insert, literal_column, select, table, text

from portal.database import Base, db
from portal.models import Assignment, Booking, BookingItem, Claim, Customer
from tests.benchmarks.spa import BUFFER, FUTURE_DAYS, STARTS, Spa
from tests.factories import at

_GUESTS = 500
# What is booked while we measure is numbered from one on.
_FIRST_NUMBER = 1_000_000
_AT_ONCE = 2_000
_Rows = dict[type[Base], list[dict[str, Any]]]


class Visit(NamedTuple):
    """One booking: its start, the number of its room, its state."""

    start: datetime
    room: int
    status: str


def fill_future(spa: Spa, count: int, *, days: int = FUTURE_DAYS) -> None:
    """So many bookings spread over the coming days, one in five of them still pending."""
    free = [(day, clock, room) for day in range(days) for clock in STARTS for room in range(len(spa.rooms))]
    dice = random.Random(1)
    dice.shuffle(free)
    if len(free) < count:
        raise ValueError(f"{len(free)} places cannot hold {count} bookings")
    _write(spa, [Visit(_at(spa, *place), place[2], _likely(dice)) for place in free[:count]])


def fill_past(spa: Spa, count: int) -> None:
    """So many completed bookings on full days, as far back as they reach."""
    places = ((-day, clock, room) for day in range(2, 10_000) for clock in STARTS for room in range(len(spa.rooms)))
    _write(spa, [Visit(_at(spa, *place), place[2], "completed") for place in islice(places, count)])


def crowd_day(spa: Spa, each: int, *, step: int = 8, minutes: int = 5) -> None:
    """So many short bookings in each room on the first day, one after the other: more than a spa can have."""
    opening = at(spa.venue, spa.first, "09:00")
    starts = [opening + timedelta(minutes=step * number) for number in range(each)]
    visits = [Visit(start, room, "confirmed") for start in starts for room in range(len(spa.rooms))]
    _write(spa, visits, minutes=minutes, buffer=0)


def settle() -> None:
    """Let the database know what it holds, as its housekeeping would in production."""
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _at(spa: Spa, day: int, clock: str, _room: int) -> datetime:
    return at(spa.venue, spa.first + timedelta(days=day), clock)


def _likely(dice: random.Random) -> str:
    return "pending" if dice.random() < 0.2 else "confirmed"


def _write(spa: Spa, visits: list[Visit], *, minutes: int = 60, buffer: int = BUFFER) -> None:
    guests = _guests(spa)
    first = 1 + max(db.session.scalar(select(func.max(model.id))) or 0 for model in (Booking, BookingItem))
    rows: _Rows = {Booking: [], BookingItem: [], Claim: [], Assignment: []}
    for number, visit in enumerate(visits, first):
        for model, values in _rows(spa, visit, number, guests[number % _GUESTS], minutes, buffer):
            rows[model].append(values)
    for model, written in rows.items():
        for start in range(0, len(written), _AT_ONCE):
            db.session.connection().execute(insert(model), written[start : start + _AT_ONCE])
    _move_sequences()
    db.session.commit()


def _rows(
    spa: Spa, visit: Visit, number: int, guest: int, minutes: int, buffer: int
) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """A booking, its item, its room and, unless it is pending, its therapist."""
    end = visit.start + timedelta(minutes=minutes)
    owner = {"organisation_id": spa.venue.organisation_id, "venue_id": spa.venue.id}
    when = {"starts_at": visit.start, "ends_at": end}
    served = visit.status != "pending"
    yield Booking, {
        **owner, **when, "id": number, "number": _FIRST_NUMBER + number, "customer_id": guest, "status": visit.status,
        "channel": "partner", "price_minor": 9500, "currency": "EUR", "client_type": "staycation",
        "payment_status": "paid",
    }  # fmt: skip
    yield BookingItem, {
        **owner, **when, "id": number, "booking_id": number, "treatment_id": spa.variant.treatment_id,
        "variant_id": spa.variant.id, "buffer_minutes": buffer, "therapists_assigned": int(served),
    }  # fmt: skip
    room = {"resource_id": spa.rooms[visit.room].id, "ends_at": end + timedelta(minutes=buffer)}
    yield Claim, {**owner, **when, **room, "item_id": number}
    if served:
        therapist = spa.therapists[visit.room * len(spa.therapists) // len(spa.rooms)]
        yield Claim, {**owner, **when, "resource_id": therapist.resource_id, "item_id": number}
        yield Assignment, {"item_id": number, "member_id": therapist.id}


def _guests(spa: Spa) -> list[int]:
    owner = {"organisation_id": spa.venue.organisation_id, "first_name": "Éloïse", "uuid": None}
    rows = [{**owner, "uuid": uuid.uuid4(), "last_name": f"Martin-Dupont {number}"} for number in range(_GUESTS)]
    return list(db.session.scalars(insert(Customer).returning(Customer.id), rows))


def _move_sequences() -> None:
    """PostgreSQL does not see keys that were given by hand."""
    if db.engine.dialect.name == "postgresql":
        for name in ("booking", "booking_item"):
            newest = select(func.max(literal_column("id"))).select_from(table(name)).scalar_subquery()
            db.session.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), newest)))
