"""Reads all that decides about a venue's slots: four statements, for a day as for two months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    String,
    Time,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from portal.bookings.slots.calendar import OpeningWindow, Schedule, ScheduleKind, VenueCalendar, WeeklyBlock
from portal.bookings.slots.facts import Busy, Need, PendingNeed, Room, Shift, Therapist, Work
from portal.bookings.slots.intervals import Span, epoch
from portal.bookings.slots.snapshot import Snapshot
from portal.clock import start_of_day
from portal.database import db
from portal.models import (
    Booking,
    BookingItem,
    Claim,
    Offer,
    OpeningHours,
    Qualification,
    Resource,
    SpecialDay,
    StaffMember,
    Treatment,
    Variant,
    Venue,
    VenueBlock,
    VenueMember,
)
from portal.models import Shift as ShiftRow
from portal.models.booking import PENDING
from portal.models.offer import DECLINED, WITHDRAWN

Fact = Row[*tuple[Any, ...]]
Facts = dict[str, list[Fact]]
_DAY = timedelta(days=1)


class seconds(GenericFunction[int]):  # noqa: N801  (a SQL function's name)
    """Whole epoch seconds of an instant, computed by the database: much cheaper to read than datetimes."""

    type = Integer()
    inherit_cache = True


@compiles(seconds, "postgresql")
def _seconds_postgresql(element: seconds, compiler: Any, **kw: Any) -> str:
    return f"EXTRACT(EPOCH FROM {compiler.process(element.clauses, **kw)})::bigint"


@compiles(seconds, "sqlite")
def _seconds_sqlite(element: seconds, compiler: Any, **kw: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **kw)}) AS INTEGER)"


def need_of(venue: Venue, variant: Variant, *, guests: int, gender: str | None = None) -> Need:
    """What a booking of the variant for so many guests asks of the venue."""
    treatment = variant.treatment
    return Need(
        duration=variant.duration,
        guests=guests,
        treatment_id=treatment.id,
        room_type_id=treatment.room_type_id,
        lead_time=treatment.lead_time_minutes or 0,
        buffer=max(venue.room_turnover_buffer_minutes, treatment.buffer_minutes),
        gender=gender,
        treatment_weekdays=_weekdays(treatment.available_days),
        variant_weekdays=_weekdays(variant.available_days),
    )


def plain_need_of(venue: Venue) -> Need:
    """What one guest asks of the venue whatever the treatment: one grid step, any room, any skill."""
    return Need(duration=venue.slot_interval, buffer=venue.room_turnover_buffer_minutes)


def load_snapshot(venue: Venue, *, first: date, last: date) -> Snapshot:
    """The venue from `first` to `last` (local dates, inclusive), with what its therapists do elsewhere."""
    since, until = start_of_day(first, venue.timezone) - _DAY, start_of_day(last + _DAY, venue.timezone) + _DAY
    facts = _facts_by_kind(venue)
    shared = _sharing_venues(venue, facts)
    claims = db.session.execute(
        select(Claim.resource_id, Claim.venue_id, seconds(Claim.starts_at), seconds(Claim.ends_at), Claim.item_id)
        # A claim is at most a day long: the lower bound lets the index find those that reach into the time.
        .where(Claim.venue_id.in_(shared), Claim.active, Claim.starts_at > since - _DAY, Claim.starts_at < until)
    ).all()
    shifts = db.session.execute(
        select(StaffMember.resource_id, ShiftRow.venue_id, seconds(ShiftRow.starts_at), seconds(ShiftRow.ends_at))
        .join(StaffMember, StaffMember.id == ShiftRow.member_id)
        .where(ShiftRow.venue_id.in_(shared), ShiftRow.starts_at > since - _DAY, ShiftRow.starts_at < until)
    ).all()
    therapists = _therapists(facts, shifts)
    room_ids = {row.ref for row in facts["room"]}
    return Snapshot(
        venue_id=venue.id,
        calendar=_calendar(venue, facts),
        first_day=first,
        last_day=last,
        rooms=_rooms(facts, claims),
        therapists=therapists,
        room_busy=[Busy(*claim) for claim in claims if claim[0] in room_ids and claim[4] is not None],
        therapist_busy=[
            Busy(resource, at if item else None, start, end, item)
            for resource, at, start, end, item in claims
            if resource not in room_ids
        ],
        pending=_pending(shared, since, until),
    )


def load_calendar(venue: Venue) -> VenueCalendar:
    """When the venue receives guests, alone: one statement."""
    return _calendar(venue, _read(_hours_of(venue)))


def _weekdays(days: list[int] | None) -> frozenset[int] | None:
    return None if days is None else frozenset(days)


def _sharing_venues(venue: Venue, facts: Facts) -> list[int]:
    """The venue itself and those at which one of its therapists works too."""
    own = {row.ref for row in facts["works_at"] if row.other == venue.id}
    return sorted({venue.id} | {row.other for row in facts["works_at"] if row.ref in own})


def _facts_by_kind(venue: Venue) -> Facts:
    """Everything small in one statement: hours, special days, blocks, rooms, who works where and can do what.

    People are those of every venue that shares a therapist with this one.
    """
    mine = select(VenueMember.member_id).where(VenueMember.venue_id == venue.id)
    shared = select(VenueMember.venue_id).where(VenueMember.member_id.in_(mine))
    colleague = select(VenueMember.member_id).where(VenueMember.venue_id.in_(shared))
    person = StaffMember.active & StaffMember.resource_id.is_not(None)
    parts = [
        *_hours_of(venue),
        _fact("room", Resource.id, other=Resource.room_type_id, capacity=Resource.capacity).where(
            Resource.venue_id == venue.id, Resource.kind == "room", Resource.active
        ),
        _fact("works_at", StaffMember.resource_id, other=VenueMember.venue_id, text=StaffMember.gender)
        .join(VenueMember, VenueMember.member_id == StaffMember.id)
        .where(person, StaffMember.id.in_(colleague)),
        _fact("can_do", StaffMember.resource_id, other=Qualification.treatment_id)
        .join(Qualification, Qualification.member_id == StaffMember.id)
        .where(person, StaffMember.id.in_(colleague)),
    ]  # fmt: skip
    return _read(parts)


def _hours_of(venue: Venue) -> list[Select[*tuple[Any, ...]]]:
    return [
        _fact("hours", OpeningHours.weekday, opens=OpeningHours.opens, closes=OpeningHours.closes).where(
            OpeningHours.venue_id == venue.id
        ),
        _fact("special", literal(0), day=SpecialDay.day, opens=SpecialDay.opens, closes=SpecialDay.closes).where(
            SpecialDay.venue_id == venue.id
        ),
        _fact(
            "block", seconds(VenueBlock.starts_at), other=seconds(VenueBlock.ends_at), day=VenueBlock.first_day,
            last_day=VenueBlock.last_day, opens=VenueBlock.start_time, closes=VenueBlock.end_time,
            weekdays=VenueBlock.weekdays,
        ).where(VenueBlock.venue_id == venue.id),
    ]  # fmt: skip


def _read(parts: Iterable[Select[*tuple[Any, ...]]]) -> Facts:
    facts: Facts = defaultdict(list)
    for row in db.session.execute(union_all(*parts)):
        facts[row.kind].append(row)
    return facts


def _fact(kind: str, ref: Any, **columns: Any) -> Select[*tuple[Any, ...]]:
    """One branch of the union: the columns a fact does not have are null."""
    shape: dict[str, Any] = {
        "other": Integer, "capacity": Integer, "day": Date, "last_day": Date, "opens": Time, "closes": Time,
        "weekdays": JSON(none_as_null=True), "text": String,
    }  # fmt: skip
    filled: list[ColumnElement[Any]] = [
        columns[name].label(name) if name in columns else cast(null(), type_).label(name)
        for name, type_ in shape.items()
    ]
    return select(literal(kind).label("kind"), ref.label("ref"), *filled)


def _calendar(venue: Venue, facts: Facts) -> VenueCalendar:
    weekly: dict[int, list[OpeningWindow]] = {day: [] for day in range(7)} if facts["hours"] else {}
    for row in facts["hours"]:
        weekly[row.ref].append(OpeningWindow(row.opens, row.closes))
    special: dict[date, list[OpeningWindow]] = {}
    for row in facts["special"]:
        windows = special.setdefault(row.day, [])
        if row.opens is not None:
            windows.append(OpeningWindow(row.opens, row.closes))
    return VenueCalendar(
        timezone=venue.timezone,
        windows=(OpeningWindow(venue.opening_time, venue.closing_time),),
        schedule=_schedule(venue),
        weekday_windows={day: tuple(sorted(windows)) for day, windows in weekly.items()},
        special_days={day: tuple(sorted(windows)) for day, windows in special.items()},
        blocks=tuple(Span(row.ref, row.other) for row in facts["block"] if row.ref is not None),
        weekly_blocks=tuple(_weekly_blocks(facts["block"])),
        slot_interval=venue.slot_interval,
        minimum_notice=venue.minimum_notice_minutes,
        allow_out_of_hours=venue.allow_out_of_hours_booking,
        inter_venue_buffer=venue.inter_venue_buffer_minutes,
    )


def _schedule(venue: Venue) -> Schedule:
    return Schedule(
        kind=ScheduleKind(venue.schedule_type),
        first=venue.recurring_start_date,
        last=venue.recurring_end_date,
        weekdays=_weekdays(venue.days_of_week),
        every_weeks=venue.recurrence_interval,
        dates=frozenset(date.fromisoformat(day) for day in venue.one_time_dates or []),
    )


def _weekly_blocks(rows: Iterable[Fact]) -> Iterable[WeeklyBlock]:
    for row in rows:
        if row.ref is None:
            for weekday in row.weekdays or range(7):
                yield WeeklyBlock(weekday, row.opens, row.closes or time(0), row.day, row.last_day)


def _rooms(facts: Facts, claims: Iterable[Fact]) -> list[Room]:
    closures: dict[int, list[Span]] = defaultdict(list)
    for resource, _venue, start, end, item in claims:
        if item is None:
            closures[resource].append(Span(start, end))
    return [
        Room(row.ref, row.other, row.capacity, tuple(closures.get(row.ref, ())))
        for row in sorted(facts["room"], key=lambda row: row.ref)
    ]


def _therapists(facts: Facts, shifts: Iterable[Fact]) -> list[Therapist]:
    venues: dict[int, set[int]] = defaultdict(set)
    skills: dict[int, set[int]] = defaultdict(set)
    planned: dict[int, list[Shift]] = defaultdict(list)
    genders: dict[int, str | None] = {}
    for row in facts["works_at"]:
        venues[row.ref].add(row.other)
        genders[row.ref] = row.text
    for row in facts["can_do"]:
        skills[row.ref].add(row.other)
    for resource, venue_id, start, end in shifts:
        planned[resource].append(Shift(venue_id, start, end))
    return [
        Therapist(
            id=resource,
            venue_ids=frozenset(venues[resource]),
            shifts=tuple(planned[resource]),
            treatment_ids=frozenset(skills[resource]),
            gender=genders[resource],
        )
        for resource in sorted(venues)
    ]


def _pending(shared: list[int], since: datetime, until: datetime) -> list[PendingNeed]:
    """What still waits for therapists here and at the venues that share them, with who refused it."""
    refused = (Offer.item_id == BookingItem.id) & Offer.status.in_([DECLINED, WITHDRAWN])
    rows = db.session.execute(
        select(
            BookingItem.id, BookingItem.venue_id, BookingItem.starts_at, BookingItem.ends_at, BookingItem.treatment_id,
            BookingItem.gender_preference, BookingItem.guest_count, BookingItem.therapists_assigned,
            BookingItem.buffer_minutes, BookingItem.room_pinned, Treatment.room_type_id, StaffMember.resource_id,
        )
        .join(Booking, Booking.id == BookingItem.booking_id)
        .join(Treatment, Treatment.id == BookingItem.treatment_id)
        .outerjoin(Offer, refused)
        .outerjoin(StaffMember, StaffMember.id == Offer.member_id)
        .where(
            BookingItem.venue_id.in_(shared), Booking.status == PENDING,
            BookingItem.starts_at > since - _DAY, BookingItem.starts_at < until,
            BookingItem.therapists_assigned < BookingItem.guest_count,
        )
    ).all()  # fmt: skip
    refusals: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        if row.resource_id is not None:
            refusals[row.id].add(row.resource_id)
    return [_pending_need(row, frozenset(refusals[row.id])) for row in {row.id: row for row in rows}.values()]


def _pending_need(row: Fact, refused: frozenset[int]) -> PendingNeed:
    start, end = epoch(row.starts_at), epoch(row.ends_at)
    return PendingNeed(
        item_id=row.id,
        work=Work(row.venue_id, start, end, row.treatment_id, row.gender_preference, refused),
        therapists_missing=row.guest_count - row.therapists_assigned,
        guests=row.guest_count,
        room_end=end + row.buffer_minutes * 60,
        room_type_id=row.room_type_id,
        movable=not row.room_pinned,
    )
