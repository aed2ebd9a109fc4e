"""Reading who is away, who asks to be, and what waits for an answer: always of one venue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased, joinedload

from portal.database import db
from portal.errors import known
from portal.models import (
    Assignment,
    Booking,
    BookingItem,
    Shift,
    ShiftSwap,
    StaffMember,
    TimeOff,
    Venue,
    VenueMember,
)
from portal.models.absence import ACCEPTED, APPROVED, REQUESTED, SICK
from portal.models.booking_states import CONFIRMED, PENDING

# How long the desk is told of somebody who is sick and whom no guest waits for.
FRESH = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Somebody is away sick: since a moment ago, or guests still wait for her (`has_guests`)."""

    id: UUID
    name: str
    ends_at: datetime
    has_guests: bool


@dataclass(frozen=True, slots=True)
class News:
    """How many answers the venue owes its people, and who has left guests behind."""

    waiting: int
    alarms: list[Alarm]


def get_absence(venue: Venue, name: UUID) -> TimeOff:
    """Time off of somebody who works at the venue. Raises NotFound."""
    return known(db.session.scalar(_here(venue).where(TimeOff.uuid == name)))


def waiting_at(venue: Venue, *, at: datetime) -> list[TimeOff]:
    """What waits for an answer and is not over, the soonest first."""
    query = _here(venue).where(TimeOff.status == REQUESTED, TimeOff.ends_at > at)
    return list(db.session.scalars(query.order_by(TimeOff.starts_at, TimeOff.id)))


def away_at(venue: Venue, *, at: datetime, limit: int = 100) -> list[TimeOff]:
    """Who is away now or will be, in order."""
    query = _here(venue).where(TimeOff.status == APPROVED, TimeOff.ends_at > at)
    return list(db.session.scalars(query.order_by(TimeOff.starts_at, TimeOff.id).limit(limit)))


def away_with(venue: Venue, off: TimeOff) -> list[TimeOff]:
    """Who else of the venue is away in that time, or asks to be."""
    query = _here(venue).where(
        TimeOff.status.in_([REQUESTED, APPROVED]), TimeOff.member_id != off.member_id,
        TimeOff.starts_at < off.ends_at, TimeOff.ends_at > off.starts_at,
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(TimeOff.starts_at, TimeOff.id)))


def news_of(venue: Venue, *, at: datetime) -> News:
    """What the desk is to know on every page: one statement. Exchanges count once the colleague has accepted."""
    asked = {"venue": venue.id, "organisation": venue.organisation_id, "at": at, "fresh": at - FRESH}
    waiting, alarms = 0, []
    for uuid, status, ends_at, first_name, last_name, has_guests, _begins in db.session.execute(_news(), asked):
        if status == REQUESTED:
            waiting += 1
        else:
            alarms.append(Alarm(uuid, f"{first_name} {last_name}".strip(), ends_at, bool(has_guests)))
    return News(waiting, alarms)


@cache
def _news() -> Select[*tuple[Any, ...]]:
    """Made once: that takes longer than to run it."""
    venue: BindParameter[int] = bindparam("venue")
    at: BindParameter[datetime] = bindparam("at")
    has_guests = _leaves_guests(venue, at)
    is_news = or_(TimeOff.decided_at > bindparam("fresh"), has_guests)
    sick = and_(TimeOff.status == APPROVED, TimeOff.kind == SICK, is_news)
    absences = select(
        TimeOff.uuid, TimeOff.status, TimeOff.ends_at, StaffMember.first_name, StaffMember.last_name,
        has_guests.label("has_guests"), TimeOff.starts_at.label("begins"),
    ).join(StaffMember, StaffMember.id == TimeOff.member_id).where(
        TimeOff.organisation_id == bindparam("organisation"), TimeOff.member_id.in_(_linked_to(venue)),
        TimeOff.ends_at > at, or_(TimeOff.status == REQUESTED, sick),
    )  # fmt: skip
    other = aliased(Shift)
    exchanges = (
        select(ShiftSwap.uuid, literal(REQUESTED), Shift.ends_at, literal(""), literal(""), false(), Shift.starts_at)
        .join(Shift, Shift.id == ShiftSwap.shift_id)
        .outerjoin(other, other.id == ShiftSwap.other_shift_id)
        .where(
            ShiftSwap.venue_id == venue, ShiftSwap.status == ACCEPTED, Shift.starts_at > at,
            or_(other.id.is_(None), other.starts_at > at),
        )
    )  # fmt: skip
    return union_all(absences, exchanges).order_by("begins")  # type: ignore[return-value]  # executed like a select


def _here(venue: Venue) -> Select[TimeOff]:
    return (
        select(TimeOff)
        .join(StaffMember, StaffMember.id == TimeOff.member_id)
        .where(TimeOff.organisation_id == venue.organisation_id, TimeOff.member_id.in_(_linked_to(venue.id)))
        .options(joinedload(TimeOff.member), joinedload(TimeOff.decided_by))
    )


def _linked_to(venue: int | BindParameter[int]) -> Select[int]:
    return select(VenueMember.member_id).where(VenueMember.venue_id == venue)


def _leaves_guests(venue: BindParameter[int], at: BindParameter[datetime]) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            Assignment.member_id == TimeOff.member_id, Assignment.ended_at.is_(None),
            BookingItem.id == Assignment.item_id, BookingItem.venue_id == venue, BookingItem.ends_at > at,
            BookingItem.starts_at < TimeOff.ends_at, BookingItem.ends_at > TimeOff.starts_at,
            Booking.id == BookingItem.booking_id, Booking.status.in_([PENDING, CONFIRMED]),
        )
        .correlate(TimeOff)
    )  # fmt: skip
