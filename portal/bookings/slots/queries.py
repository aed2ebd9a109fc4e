"""Reads all that decides about a venue's slots: four statements, for a day as for two months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    Time,
    and_,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)

from portal.bookings.errors import ClockChanged
from portal.bookings.slots.assembly import Facts, calendar_of, pending_of, rooms_of, therapists_of
from portal.bookings.slots.calendar import VenueCalendar
from portal.bookings.slots.facts import Busy
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
    Venue,
    VenueBlock,
    VenueMember,
)
from portal.models import Shift as ShiftRow
from portal.models.booking_states import PENDING
from portal.models.offer import DECLINED, WITHDRAWN

_DAY = timedelta(days=1)


def load_snapshot(venue: Venue, *, first: date, last: date, without: Collection[int] = ()) -> Snapshot:
    """The venue from `first` to `last` (local dates, inclusive), with what its therapists do elsewhere.

    What the items `without` hold and need is left out: they are about to be put elsewhere.
    """
    return read_days(venue, first=first, last=last).snapshot(first=first, last=last, without=without)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a venue for some days, for as many snapshots of them as there are questions."""

    venue: Venue
    facts: Facts
    claims: Sequence[Any]
    shifts: Sequence[Any]
    pending: Sequence[Any]

    def snapshot(self, *, first: date, last: date, without: Collection[int] = ()) -> Snapshot:
        """Those of the days from `first` to `last`; `without` as in `load_snapshot`."""
        venue, facts = self.venue, self.facts
        claims = [row for row in self.claims if row[4] not in without]
        room_ids = {row.ref for row in facts["room"]}
        return Snapshot(
            venue_id=venue.id,
            calendar=calendar_of(venue, facts),
            first_day=first,
            last_day=last,
            rooms=rooms_of(facts, claims),
            therapists=therapists_of(facts, self.shifts),
            room_busy=[Busy(*claim) for claim in claims if claim[0] in room_ids and claim[4] is not None],
            therapist_busy=[
                Busy(resource, at if item else None, start, end, item)
                for resource, at, start, end, item in claims
                if resource not in room_ids
            ],
            pending=pending_of(row for row in self.pending if row.id not in without),
        )


def read_days(venue: Venue, *, first: date, last: date) -> Reading:
    """The venue from `first` to `last` (local dates, inclusive). Raises ClockChanged."""
    since, until = start_of_day(first, venue.timezone) - _DAY, start_of_day(last + _DAY, venue.timezone) + _DAY
    facts = _as_it_is(venue, _read(_FACTS, venue))
    # A claim is at most a day long: the lower bound lets the index find those that reach into the time.
    within = {"venues": _sharing_venues(venue, facts), "since": since - _DAY, "until": until}
    return Reading(
        venue,
        facts,
        db.session.execute(_CLAIMS, within).all(),
        db.session.execute(_SHIFTS, within).all(),
        db.session.execute(_PENDING, within).all(),
    )


def load_calendar(venue: Venue) -> VenueCalendar:
    """When the venue receives guests, alone: one statement."""
    return calendar_of(venue, _as_it_is(venue, _read(_HOURS, venue)))


def _as_it_is(venue: Venue, facts: Facts) -> Facts:
    """The facts, and the venue itself as it stands beside them: whoever waited for a lock may have read it before.

    Raises ClockChanged.
    """
    if facts["venue"][0].number != venue.version:
        zone = venue.timezone
        db.session.refresh(venue)
        if venue.timezone != zone:
            raise ClockChanged()
    return facts


def _sharing_venues(venue: Venue, facts: Facts) -> list[int]:
    """The venue itself and those at which one of its therapists works too."""
    own = {row.ref for row in facts["works_at"] if row.other == venue.id}
    return sorted({venue.id} | {row.other for row in facts["works_at"] if row.ref in own})


def _read(facts: CompoundSelect[*tuple[Any, ...]], venue: Venue) -> Facts:
    found: Facts = defaultdict(list)
    for row in db.session.execute(facts, {"venue": venue.id}):
        found[row.kind].append(row)
    return found


def _fact(kind: str, ref: Any, **columns: Any) -> Select[*tuple[Any, ...]]:
    """One branch of the union: the columns a fact does not have are null."""
    shape: dict[str, Any] = {
        "other": Integer, "number": Integer, "member": Integer, "day": Date, "last_day": Date, "opens": Time,
        "closes": Time, "weekdays": JSON(none_as_null=True), "text": String, "signs_in": Boolean,
    }  # fmt: skip
    filled: list[ColumnElement[Any]] = [
        columns[name].label(name) if name in columns else cast(null(), type_).label(name)
        for name, type_ in shape.items()
    ]
    return select(literal(kind).label("kind"), ref.label("ref"), *filled)


# The statements are built once: putting one together takes longer than the database needs to answer it.
_venue = bindparam("venue", type_=Integer)
_hours = [
    _fact("venue", Venue.id, number=Venue.version).where(Venue.id == _venue),
    _fact("hours", OpeningHours.weekday, opens=OpeningHours.opens, closes=OpeningHours.closes).where(
        OpeningHours.venue_id == _venue
    ),
    _fact("special", literal(0), day=SpecialDay.day, opens=SpecialDay.opens, closes=SpecialDay.closes).where(
        SpecialDay.venue_id == _venue
    ),
    _fact(
        "block", seconds(VenueBlock.starts_at), other=seconds(VenueBlock.ends_at), day=VenueBlock.first_day,
        last_day=VenueBlock.last_day, opens=VenueBlock.start_time, closes=VenueBlock.end_time,
        weekdays=VenueBlock.weekdays, text=VenueBlock.reason,
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
    _fact(
        "room", Resource.id, other=Resource.room_type_id, number=Resource.capacity, text=cast(Resource.uuid, String)
    ).where(Resource.venue_id == _venue, Resource.kind == "room", Resource.active),
    _fact(
        "works_at",
        StaffMember.resource_id,
        other=VenueMember.venue_id,
        number=VenueMember.priority,
        member=StaffMember.id,
        text=StaffMember.gender,
        signs_in=and_(StaffMember.email.is_not(None), StaffMember.password_hash.is_not(None)),
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
    .where(ShiftRow.counts(), ShiftRow.venue_id.in_(_venues), ShiftRow.starts_at > _since, ShiftRow.starts_at < _until)
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
