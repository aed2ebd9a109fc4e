"""From the rows that the agenda reads to the facts of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from portal.agenda.facts import DayFacts, Hold, Label, Person, Room, Visit
from portal.agenda.frame import latest
from portal.bookings.slots.calendar import Days
from portal.bookings.slots.intervals import Span, epoch
from portal.bookings.words import UNPAID
from portal.clock import day_bounds, local_instant
from portal.customers.names import fold
from portal.models import Venue

_DAY = timedelta(days=1)
Found = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Rows:
    """What was read for some days: reservations, therapists with their shifts and rooms, visits."""

    calendar: Days
    claims: Found
    resources: Found
    visits: Found


def day_facts(venue: Venue, day: date, rows: Rows) -> DayFacts:
    """Those of the rows that touch the date, or the night after it."""
    (since, midnight), zone = day_bounds(day, venue.timezone), ZoneInfo(venue.timezone)
    shown = Span(epoch(since), latest(epoch(midnight), zone))
    today, tomorrow = rows.calendar[day], rows.calendar[day + _DAY]
    blocks = _venue_blocks(rows.calendar, shown)
    return DayFacts(
        day=day,
        zone=zone,
        span=Span(shown.start, epoch(midnight)),
        usual=_usual_hours(venue, day),
        interval=venue.slot_interval,
        hours=[hours.regular for hours in (*today.hours, *tomorrow.hours)],
        starts=[*today.starts, *(start for start in tomorrow.starts if start < shown.end)],
        blocks=list(blocks),
        reasons={span: reason for span, reason in blocks.items() if reason},
        people=_people(rows.resources, shown),
        rooms=_rooms(rows.resources),
        visits=[_visit(row) for row in rows.visits if row.start < shown.end and row.end > shown.start],
        holds=[_hold(row) for row in rows.claims if row.start < shown.end and row.end > shown.start],
    )


def _usual_hours(venue: Venue, day: date) -> Span:
    opens, closes = venue.opening_time, venue.closing_time
    last = day if closes > opens else day + _DAY
    return Span(
        epoch(local_instant(datetime.combine(day, opens), venue.timezone)),
        epoch(local_instant(datetime.combine(last, closes), venue.timezone)),
    )


def _venue_blocks(days: Days, shown: Span) -> dict[Span, str | None]:
    """The times, each once, with the reason of the first block that takes it."""
    found: dict[Span, str | None] = {}
    edge, end = shown
    while edge < end and (block := days.block_over(edge, end)):
        found[Span(max(block.start, edge), block.end)] = days.reason_of(block)
        edge = block.end
    return found


def _people(rows: Found, shown: Span) -> list[Person]:
    """Each therapist once, by name; only a room has a capacity."""
    shifts: dict[tuple[Any, ...], list[Span]] = defaultdict(list)
    for row in rows:
        if row.capacity is None:
            planned = shifts[row.id, row.uuid, f"{row.name} {row.more}".strip(), row.photo]
            if row.start is not None and row.start < shown.end and row.end > shown.start:
                planned.append(Span(row.start, row.end))
    people = [
        Person(key, uuid, Label(name), tuple(sorted(spans)), photo)
        for (key, uuid, name, photo), spans in shifts.items()
    ]
    return sorted(people, key=lambda person: (fold(person.label.name), person.resource_id))


def _rooms(rows: Found) -> list[Room]:
    found = [row for row in rows if row.capacity is not None]
    found.sort(key=lambda row: (row.sort_order, fold(row.name), row.id))
    return [Room(row.id, row.uuid, Label(row.name, row.more), row.capacity) for row in found]


def _visit(row: Row[*tuple[Any, ...]]) -> Visit:
    return Visit(
        item_id=row.id,
        booking=row.uuid,
        status=row.status,
        span=Span(row.start, row.end),
        guest=" ".join(part for part in (row.first_name, row.last_name) if part),
        treatment=Label(row.name, row.name_en),
        code=row.code,
        category=row.category,
        guests=row.guest_count,
        missing=row.guest_count - row.therapists_assigned,
        buffer=row.buffer_minutes * 60,
        arrived=row.arrived is not None,
        test=row.test,
        unpaid=row.payment_status in UNPAID,
        noted=bool(row.noted),
        partner=row.channel == "partner",
        out_of_hours=row.out_of_hours,
        since=row.arrived,
        wish=row.gender_preference is not None or row.requested_id is not None,
        asked_for=row.requested_id is not None,
        alerted=bool(row.alerted),
        series=row.series_id is not None,
        participants=row.participants,
        capacity=row.capacity,
        phone=row.phone,
        notes=row.notes,
    )


def _hold(row: Row[*tuple[Any, ...]]) -> Hold:
    """The columns that follow its time are those of a hold, in their order."""
    _id, resource_id, start, end, *more = row
    return Hold(resource_id, Span(start, end), *more)
