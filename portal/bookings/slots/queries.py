"""Reads all that decides about a venue's slots: four statements, for a day as for two months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Row,
    Select,
    String,
    Time,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)

from portal.bookings.slots.calendar import OpeningWindow, Schedule, ScheduleKind, VenueCalendar, WeeklyBlock
from portal.bookings.slots.facts import Busy, Need, PendingNeed, Room, Shift, Therapist, Work
from portal.bookings.slots.intervals import Span
from portal.bookings.slots.seconds import seconds
from portal.bookings.slots.snapshot import Snapshot
from portal.clock import start_of_day
from portal.database import UtcInstant, db
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
    facts = _read(_FACTS, venue)
    # A claim is at most a day long: the lower bound lets the index find those that reach into the time.
    within = {"venues": _sharing_venues(venue, facts), "since": since - _DAY, "until": until}
    claims = db.session.execute(_CLAIMS, within).all()
    shifts = db.session.execute(_SHIFTS, within).all()
    room_ids = {row.ref for row in facts["room"]}
    return Snapshot(
        venue_id=venue.id,
        calendar=_calendar(venue, facts),
        first_day=first,
        last_day=last,
        rooms=_rooms(facts, claims),
        therapists=_therapists(facts, shifts),
        room_busy=[Busy(*claim) for claim in claims if claim[0] in room_ids and claim[4] is not None],
        therapist_busy=[
            Busy(resource, at if item else None, start, end, item)
            for resource, at, start, end, item in claims
            if resource not in room_ids
        ],
        pending=_pending(db.session.execute(_PENDING, within).all()),
    )


def load_calendar(venue: Venue) -> VenueCalendar:
    """When the venue receives guests, alone: one statement."""
    return _calendar(venue, _read(_HOURS, venue))


def _weekdays(days: list[int] | None) -> frozenset[int] | None:
    return None if days is None else frozenset(days)


def _sharing_venues(venue: Venue, facts: Facts) -> list[int]:
    """The venue itself and those at which one of its therapists works too."""
    own = {row.ref for row in facts["works_at"] if row.other == venue.id}
    return sorted({venue.id} | {row.other for row in facts["works_at"] if row.ref in own})


def _read(facts: CompoundSelect[*tuple[Any, ...]], venue: Venue) -> Facts:
    found: Facts = defaultdict(list)
    for row in db.session.execute(facts, {"venue": venue.id}):
        found[row.kind].append(row)
    return found


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
        Room(row.ref, row.other, row.number, tuple(closures.get(row.ref, ())))
        for row in sorted(facts["room"], key=lambda row: row.ref)
    ]


def _therapists(facts: Facts, shifts: Iterable[Fact]) -> list[Therapist]:
    ranks: dict[int, dict[int, int]] = defaultdict(dict)
    skills: dict[int, set[int]] = defaultdict(set)
    planned: dict[int, list[Shift]] = defaultdict(list)
    people: dict[int, Fact] = {}
    for row in facts["works_at"]:
        ranks[row.ref][row.other] = row.number
        people[row.ref] = row
    for row in facts["can_do"]:
        skills[row.ref].add(row.other)
    for resource, venue_id, start, end in shifts:
        planned[resource].append(Shift(venue_id, start, end))
    return [
        Therapist(
            id=resource,
            venue_ids=frozenset(ranks[resource]),
            shifts=tuple(planned[resource]),
            treatment_ids=frozenset(skills[resource]),
            gender=people[resource].text,
            member_id=people[resource].member,
            ranks=ranks[resource],
        )
        for resource in sorted(people)
    ]


def _pending(rows: Iterable[Fact]) -> list[PendingNeed]:
    """One need of each item, whose rows differ in who refused it."""
    refusals: dict[int, set[int]] = defaultdict(set)
    items: dict[int, Fact] = {}
    for row in rows:
        items[row.id] = row
        if row.resource_id is not None:
            refusals[row.id].add(row.resource_id)
    return [_pending_need(row, frozenset(refusals[row.id])) for row in items.values()]


def _pending_need(row: Fact, refused: frozenset[int]) -> PendingNeed:
    start, end = row.start, row.end
    return PendingNeed(
        item_id=row.id,
        work=Work(row.venue_id, start, end, row.treatment_id, row.gender_preference, refused),
        therapists_missing=row.guest_count - row.therapists_assigned,
        guests=row.guest_count,
        room_end=end + row.buffer_minutes * 60,
        room_type_id=row.room_type_id,
        movable=not row.room_pinned,
    )


def _fact(kind: str, ref: Any, **columns: Any) -> Select[*tuple[Any, ...]]:
    """One branch of the union: the columns a fact does not have are null."""
    shape: dict[str, Any] = {
        "other": Integer, "number": Integer, "member": Integer, "day": Date, "last_day": Date, "opens": Time,
        "closes": Time, "weekdays": JSON(none_as_null=True), "text": String,
    }  # fmt: skip
    filled: list[ColumnElement[Any]] = [
        columns[name].label(name) if name in columns else cast(null(), type_).label(name)
        for name, type_ in shape.items()
    ]
    return select(literal(kind).label("kind"), ref.label("ref"), *filled)


# The statements are built once: putting one together takes longer than the database needs to answer it.
_venue = bindparam("venue", type_=Integer)
_hours = [
    _fact("hours", OpeningHours.weekday, opens=OpeningHours.opens, closes=OpeningHours.closes).where(
        OpeningHours.venue_id == _venue
    ),
    _fact("special", literal(0), day=SpecialDay.day, opens=SpecialDay.opens, closes=SpecialDay.closes).where(
        SpecialDay.venue_id == _venue
    ),
    _fact(
        "block", seconds(VenueBlock.starts_at), other=seconds(VenueBlock.ends_at), day=VenueBlock.first_day,
        last_day=VenueBlock.last_day, opens=VenueBlock.start_time, closes=VenueBlock.end_time,
        weekdays=VenueBlock.weekdays,
    ).where(VenueBlock.venue_id == _venue),
]  # fmt: skip
_HOURS = union_all(*_hours)

# People are those of every venue that shares a therapist with this one.
_mine = select(VenueMember.member_id).where(VenueMember.venue_id == _venue)
_shared = select(VenueMember.venue_id).where(VenueMember.member_id.in_(_mine))
_colleague = select(VenueMember.member_id).where(VenueMember.venue_id.in_(_shared))
_person = StaffMember.active & StaffMember.resource_id.is_not(None) & StaffMember.id.in_(_colleague)
# Everything small in one statement: hours, special days, blocks, rooms, who works where and can do what.
_FACTS = union_all(
    *_hours,
    _fact("room", Resource.id, other=Resource.room_type_id, number=Resource.capacity).where(
        Resource.venue_id == _venue, Resource.kind == "room", Resource.active
    ),
    _fact(
        "works_at",
        StaffMember.resource_id,
        other=VenueMember.venue_id,
        number=VenueMember.priority,
        member=StaffMember.id,
        text=StaffMember.gender,
    )
    .join(VenueMember, VenueMember.member_id == StaffMember.id)
    .where(_person),
    _fact("can_do", StaffMember.resource_id, other=Qualification.treatment_id)
    .join(Qualification, Qualification.member_id == StaffMember.id)
    .where(_person),
)

_venues: BindParameter[list[int]] = bindparam("venues", expanding=True)
_since, _until = bindparam("since", type_=UtcInstant), bindparam("until", type_=UtcInstant)
_CLAIMS = select(
    Claim.resource_id, Claim.venue_id, seconds(Claim.starts_at), seconds(Claim.ends_at), Claim.item_id
).where(Claim.venue_id.in_(_venues), Claim.active, Claim.starts_at > _since, Claim.starts_at < _until)
_SHIFTS = (
    select(StaffMember.resource_id, ShiftRow.venue_id, seconds(ShiftRow.starts_at), seconds(ShiftRow.ends_at))
    .join(StaffMember, StaffMember.id == ShiftRow.member_id)
    .where(ShiftRow.venue_id.in_(_venues), ShiftRow.starts_at > _since, ShiftRow.starts_at < _until)
)
# What still waits for therapists here and at the venues that share them, with who refused it.
_PENDING = (
    select(
        BookingItem.id, BookingItem.venue_id, seconds(BookingItem.starts_at).label("start"),
        seconds(BookingItem.ends_at).label("end"), BookingItem.treatment_id, BookingItem.gender_preference,
        BookingItem.guest_count, BookingItem.therapists_assigned, BookingItem.buffer_minutes, BookingItem.room_pinned,
        Treatment.room_type_id, StaffMember.resource_id,
    )
    .join(Booking, Booking.id == BookingItem.booking_id)
    .join(Treatment, Treatment.id == BookingItem.treatment_id)
    .outerjoin(Offer, (Offer.item_id == BookingItem.id) & Offer.status.in_([DECLINED, WITHDRAWN]))
    .outerjoin(StaffMember, StaffMember.id == Offer.member_id)
    .where(
        BookingItem.venue_id.in_(_venues), Booking.status == PENDING,
        BookingItem.starts_at > _since, BookingItem.starts_at < _until,
        BookingItem.therapists_assigned < BookingItem.guest_count,
    )
)  # fmt: skip
