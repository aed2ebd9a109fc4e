"""The spa that is measured: twelve therapists and six rooms, with as many bookings in its past and future as wanted."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, text

from portal.clock import now, today
from portal.database import Base, db
from portal.models import (
    ApiKey,
    Booking,
    BookingItem,
    Claim,
    Customer,
    Resource,
    Shift,
    StaffMember,
    Variant,
    Venue,
)
from tests.factories import (
    at,
    make_key,
    make_member,
    make_organisation,
    make_room,
    make_room_type,
    make_treatment,
    make_venue,
    qualify,
    save,
)

FUTURE_DAYS = 62
# 75 minutes of room time fit seven times into 09:00–20:00 on the grid of 30 minutes.
STARTS = ("09:00", "10:30", "12:00", "13:30", "15:00", "16:30", "18:00")
_GUESTS = 500
_CHUNK = 2_000


@dataclass
class Spa:
    """A venue with its people; `first` is the day after today, from which on everybody is on shift."""

    venue: Venue
    variant: Variant
    rooms: list[Resource]
    therapists: list[StaffMember]
    receptionist: StaffMember
    key: str
    key_row: ApiKey
    first: date

    @property
    def last(self) -> date:
        """The last of the days that a range may ask for."""
        return self.first + timedelta(days=FUTURE_DAYS - 1)


def make_spa(*, therapists: int = 12, rooms: int = 6, shift_days: int = FUTURE_DAYS + 1) -> Spa:
    """An hour's massage with 15 minutes of turnover; two thirds of the therapists do nothing else, three ranks."""
    organisation = make_organisation()
    venue = make_venue(organisation, room_turnover_buffer_minutes=15)
    room_type = make_room_type(organisation)
    treatment = make_treatment(venue, room_type, code="MAS60")
    team = [
        make_member(organisation, venue, first_name=f"Praticienne{n:02}", priority=1 + n * 3 // therapists)
        for n in range(therapists)
    ]
    for member in team[: therapists * 2 // 3]:
        qualify(member, treatment)
    first = today(venue.timezone) + timedelta(days=1)
    for day in range(shift_days):
        planned = {"day": first + timedelta(days=day), "start": time(9), "end": time(20)}
        db.session.add_all(Shift.planned(venue, member, **planned) for member in team)
    key, key_row = make_key(organisation)
    return Spa(
        venue=venue,
        variant=treatment.variants[0],
        rooms=[make_room(venue, room_type) for _ in range(rooms)],
        therapists=team,
        receptionist=make_member(organisation, venue, role="receptionist", locale="fr"),
        key=save(key_row) and key,
        key_row=key_row,
        first=first,
    )


def fill_future(spa: Spa, count: int, *, days: int = FUTURE_DAYS) -> None:
    """So many bookings spread over the coming days, one in five of them still pending."""
    free = [(day, clock, room) for day in range(days) for clock in STARTS for room in range(len(spa.rooms))]
    random.Random(1).shuffle(free)
    pending = random.Random(2)
    chosen = free[:count]
    if len(chosen) < count:
        raise ValueError(f"{len(free)} places cannot hold {count} bookings")
    places = [(spa.first + timedelta(days=day), clock, room) for day, clock, room in chosen]
    _write(spa, [(*place, "pending" if pending.random() < 0.2 else "confirmed") for place in places])


def fill_past(spa: Spa, count: int) -> None:
    """So many completed bookings on full days, as far back as they reach."""
    full_days = (spa.first - timedelta(days=day) for day in range(2, 10_000))
    places = ((day, clock, room) for day in full_days for clock in STARTS for room in range(len(spa.rooms)))
    _write(spa, [(*place, "completed") for place in islice(places, count)])


def settle() -> None:
    """Let the database know what it holds, as its housekeeping would in production."""
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _write(spa: Spa, places: list[tuple[date, str, int, str]]) -> None:
    guests = _guests(spa)
    first_id = 1 + max((db.session.scalar(text(f"SELECT max(id) FROM {name}")) or 0) for name in ("booking", "booking_item"))  # noqa: S608
    rows = list(_rows(spa, guests, places, first_id))
    for model in (Booking, BookingItem, Claim):
        _insert(model, [values for made in rows for values in made.get(model, ())])
    _move_sequences()
    db.session.commit()


def _rows(
    spa: Spa, guests: list[int], places: list[tuple[date, str, int, str]], first_id: int
) -> Iterator[dict[type[Base], list[dict[str, Any]]]]:
    for number, (day, clock, room, status) in enumerate(places, first_id):
        start = at(spa.venue, day, clock)
        end = start + timedelta(minutes=spa.variant.duration)
        served = status != "pending"
        therapist = spa.therapists[room * len(spa.therapists) // len(spa.rooms)]
        yield {
            Booking: [_booking(spa, number, guests[number % len(guests)], status, start, end)],
            BookingItem: [_item(spa, number, start, end, served)],
            Claim: [
                _claim(spa, number, spa.rooms[room].id, start, end + timedelta(minutes=15)),
                *([_claim(spa, number, therapist.resource_id or 0, start, end)] if served else []),
            ],
        }


def _booking(spa: Spa, number: int, guest: int, status: str, start: datetime, end: datetime) -> dict[str, Any]:
    return {
        "id": number, "uuid": uuid.uuid4(), "organisation_id": spa.venue.organisation_id, "venue_id": spa.venue.id,
        "number": number, "customer_id": guest, "status": status, "channel": "partner", "price_minor": 9500,
        "currency": "EUR", "starts_at": start, "ends_at": end, "client_type": "staycation", "payment_status": "paid",
    }  # fmt: skip


def _item(spa: Spa, number: int, start: datetime, end: datetime, served: bool) -> dict[str, Any]:
    return {
        "id": number, "uuid": uuid.uuid4(), "organisation_id": spa.venue.organisation_id, "venue_id": spa.venue.id,
        "booking_id": number, "treatment_id": spa.variant.treatment_id, "variant_id": spa.variant.id,
        "starts_at": start, "ends_at": end, "buffer_minutes": 15, "therapists_assigned": int(served),
    }  # fmt: skip


def _claim(spa: Spa, number: int, resource: int, start: datetime, end: datetime) -> dict[str, Any]:
    return {
        "organisation_id": spa.venue.organisation_id, "venue_id": spa.venue.id, "resource_id": resource,
        "item_id": number, "starts_at": start, "ends_at": end,
    }  # fmt: skip


def _guests(spa: Spa) -> list[int]:
    rows = [
        {
            "uuid": uuid.uuid4(), "organisation_id": spa.venue.organisation_id, "first_name": "Éloïse",
            "last_name": f"Martin-Dupont {number}", "created_at": now(),
        }
        for number in range(_GUESTS)
    ]  # fmt: skip
    return list(db.session.scalars(insert(Customer).returning(Customer.id), rows))


def _insert(model: type[Base], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _CHUNK):
        db.session.execute(insert(model.__table__), rows[start : start + _CHUNK])


def _move_sequences() -> None:
    """PostgreSQL does not see keys that were given by hand."""
    if db.engine.dialect.name == "postgresql":
        for name in ("booking", "booking_item"):
            db.session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"))  # noqa: S608
