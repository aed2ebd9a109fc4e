"""Reads one day of one venue for the agenda: five statements, however full the day is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, and_, literal, null, or_, select, union_all

from portal.agenda.facts import ELSEWHERE, DayFacts, Hold, Label, Person, Room, Visit
from portal.agenda.frame import LATEST_AFTER_MIDNIGHT
from portal.bookings.slots.calendar import Days
from portal.bookings.slots.intervals import Span, epoch
from portal.bookings.slots.queries import load_calendar
from portal.bookings.slots.seconds import seconds
from portal.bookings.words import UNPAID
from portal.clock import day_bounds, local_instant
from portal.customers.names import fold
from portal.database import db
from portal.models import (
    Block,
    Booking,
    BookingItem,
    Claim,
    Customer,
    Resource,
    Shift,
    StaffMember,
    Treatment,
    Venue,
    VenueMember,
)
from portal.models import Room as RoomRow
from portal.models.booking import CANCELLED

_DAY = timedelta(days=1)
Found = Sequence[Row[*tuple[Any, ...]]]


def load_day(venue: Venue, day: date, *, cancelled: bool = False) -> DayFacts:
    """Everything that stands on the venue's agenda on a local date; `cancelled` bookings only when asked for."""
    since, midnight = day_bounds(day, venue.timezone)
    until = midnight + timedelta(seconds=LATEST_AFTER_MIDNIGHT)
    claims = db.session.execute(_claims(venue, since, until)).all()
    days = Days(load_calendar(venue))
    return DayFacts(
        day=day,
        zone=ZoneInfo(venue.timezone),
        span=Span(epoch(since), epoch(midnight)),
        usual=_usual_hours(venue, day),
        interval=venue.slot_interval,
        hours=[hours.regular for hours in (*days[day].hours, *days[day + _DAY].hours)],
        starts=[*days[day].starts, *(start for start in days[day + _DAY].starts if start < epoch(until))],
        blocks=_venue_blocks(days, since, until),
        people=_people(venue, since, until, claims),
        rooms=_rooms(venue, claims),
        visits=_visits(venue, since, until, cancelled=cancelled),
        holds=[_hold(row) for row in claims],
    )


def _claims(venue: Venue, since: datetime, until: datetime) -> Select[*tuple[Any, ...]]:
    """What is reserved here, and when the venue's therapists are busy elsewhere (of which nothing else is told)."""
    team = (
        select(StaffMember.resource_id)
        .join(VenueMember, VenueMember.member_id == StaffMember.id)
        .where(VenueMember.venue_id == venue.id)
    )
    here = select(
        Claim.id, Claim.resource_id, seconds(Claim.starts_at).label("start"), seconds(Claim.ends_at).label("end"),
        Claim.item_id, Block.kind, Block.reason, Claim.active, Claim.overbooked,
    ).outerjoin(Block, Block.id == Claim.block_id).where(Claim.venue_id == venue.id)  # fmt: skip
    elsewhere = select(
        Claim.id, Claim.resource_id, seconds(Claim.starts_at), seconds(Claim.ends_at),
        null(), literal(ELSEWHERE), null(), Claim.active, literal(False),
    ).where(Claim.resource_id.in_(team), Claim.venue_id != venue.id, Claim.active)  # fmt: skip
    bounded = [part.where(*_touching(Claim, since, until)) for part in (here, elsewhere)]
    return union_all(*bounded).order_by("id")  # type: ignore[return-value]  # a compound select, executed like one


def _touching(row: type[Claim | BookingItem | Shift], since: datetime, until: datetime) -> tuple[Any, ...]:
    """Rows that overlap the time. None lasts longer than a day: the second bound lets the index find them."""
    return row.starts_at < until, row.starts_at > since - _DAY, row.ends_at > since


def _usual_hours(venue: Venue, day: date) -> Span:
    opens, closes = venue.opening_time, venue.closing_time
    last = day if closes > opens else day + _DAY
    return Span(
        epoch(local_instant(datetime.combine(day, opens), venue.timezone)),
        epoch(local_instant(datetime.combine(last, closes), venue.timezone)),
    )


def _venue_blocks(days: Days, since: datetime, until: datetime) -> list[Span]:
    found: list[Span] = []
    edge, end = epoch(since), epoch(until)
    while edge < end and (block := days.block_over(edge, end)):
        found.append(Span(max(block.start, edge), block.end))
        edge = block.end
    return found


def _people(venue: Venue, since: datetime, until: datetime, claims: Found) -> list[Person]:
    """The venue's therapists, and whoever else serves a visit of the day, each with her shifts here."""
    serving = {row.resource_id for row in claims if row.item_id is not None}
    linked = select(VenueMember.member_id).where(VenueMember.venue_id == venue.id)
    works_here = StaffMember.id.in_(linked) & StaffMember.active & (StaffMember.role == "therapist")
    on_shift = and_(Shift.member_id == StaffMember.id, Shift.venue_id == venue.id, *_touching(Shift, since, until))
    rows = db.session.execute(
        select(
            StaffMember.resource_id, StaffMember.uuid, StaffMember.first_name, StaffMember.last_name,
            seconds(Shift.starts_at).label("start"), seconds(Shift.ends_at).label("end"),
        )
        .outerjoin(Shift, on_shift)
        .where(
            StaffMember.organisation_id == venue.organisation_id, StaffMember.resource_id.is_not(None),
            or_(works_here, StaffMember.resource_id.in_(serving)),
        )
        .order_by(StaffMember.id, Shift.starts_at)
    )  # fmt: skip
    shifts: dict[Person, list[Span]] = defaultdict(list)
    for row in rows:
        label = Label(f"{row.first_name} {row.last_name}".strip())
        planned = shifts[Person(row.resource_id, row.uuid, label)]
        if row.start is not None:
            planned.append(Span(row.start, row.end))
    people = [Person(one.resource_id, one.uuid, one.label, tuple(spans)) for one, spans in shifts.items()]
    return sorted(people, key=lambda person: fold(person.label.name))


def _rooms(venue: Venue, claims: Found) -> list[Room]:
    """The venue's rooms; one that was closed for good is shown for as long as something stands in it."""
    used = {row.resource_id for row in claims}
    rows = db.session.execute(
        select(RoomRow.id, RoomRow.uuid, RoomRow.name, RoomRow.name_en, RoomRow.capacity, RoomRow.sort_order)
        .where(RoomRow.venue_id == venue.id, or_(Resource.active, RoomRow.id.in_(used)))
        .order_by(RoomRow.sort_order, RoomRow.id)
    ).all()
    rows = sorted(rows, key=lambda row: (row.sort_order, fold(row.name)))
    return [Room(row.id, row.uuid, Label(row.name, row.name_en), row.capacity) for row in rows]


def _visits(venue: Venue, since: datetime, until: datetime, *, cancelled: bool) -> list[Visit]:
    query = (
        select(
            BookingItem.id, BookingItem.guest_count, BookingItem.therapists_assigned, BookingItem.buffer_minutes,
            BookingItem.out_of_hours, seconds(BookingItem.starts_at).label("start"),
            seconds(BookingItem.ends_at).label("end"), Booking.uuid, Booking.number, Booking.status, Booking.arrived_at,
            Booking.test, Booking.payment_status, Booking.notes, Booking.channel, Customer.first_name,
            Customer.last_name, Treatment.name, Treatment.name_en, Treatment.code, Treatment.category,
        )
        .join(Booking, Booking.id == BookingItem.booking_id)
        .join(Customer, Customer.id == Booking.customer_id)
        .join(Treatment, Treatment.id == BookingItem.treatment_id)
        .where(
            Booking.organisation_id == venue.organisation_id, BookingItem.venue_id == venue.id,
            *_touching(BookingItem, since, until),
        )
    )  # fmt: skip
    if not cancelled:
        query = query.where(Booking.status != CANCELLED)
    return [_visit(row) for row in db.session.execute(query)]


def _visit(row: Row[*tuple[Any, ...]]) -> Visit:
    return Visit(
        item_id=row.id,
        booking=row.uuid,
        number=row.number,
        status=row.status,
        span=Span(row.start, row.end),
        guest=" ".join(part for part in (row.first_name, row.last_name) if part),
        treatment=Label(row.name, row.name_en),
        code=row.code,
        category=row.category,
        guests=row.guest_count,
        missing=row.guest_count - row.therapists_assigned,
        buffer=row.buffer_minutes * 60,
        arrived=row.arrived_at is not None,
        test=row.test,
        unpaid=row.payment_status in UNPAID,
        noted=bool(row.notes),
        partner=row.channel == "partner",
        out_of_hours=row.out_of_hours,
    )


def _hold(row: Row[*tuple[Any, ...]]) -> Hold:
    return Hold(
        resource_id=row.resource_id,
        span=Span(row.start, row.end),
        item_id=row.item_id,
        kind=row.kind,
        reason=row.reason,
        active=bool(row.active),
        overbooked=bool(row.overbooked),
    )
