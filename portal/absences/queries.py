"""Reading who works when and who is away: of one member over all her venues, or of one venue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import known
from portal.models import Assignment, Block, Booking, BookingItem, Shift, StaffMember, TimeOff, Venue, VenueMember
from portal.models.absence import APPROVED
from portal.models.absence import CANCELLED as TAKEN_BACK
from portal.models.booking_states import CANCELLED


class When(NamedTuple):
    """A visit of hers, and where."""

    venue_id: int
    starts_at: datetime
    ends_at: datetime


class Colleague(NamedTuple):
    first_name: str
    last_name: str


def home_of(member: StaffMember) -> Venue | None:
    """The venue by whose clock her days are reckoned: the first of those where she works, by name."""
    return next(iter(venues_of(member)), None)


def venues_of(member: StaffMember) -> Sequence[Venue]:
    """The active venues where she works, by name."""
    query = (
        select(Venue)
        .join(VenueMember, VenueMember.venue_id == Venue.id)
        .where(VenueMember.member_id == member.id, Venue.status == "active")
    )
    return db.session.scalars(query.order_by(Venue.name, Venue.id)).all()


def lock_member(member: StaffMember) -> None:
    """Whoever else decides about her own time waits until the transaction ends."""
    db.session.execute(select(StaffMember.id).where(StaffMember.id == member.id).with_for_update())


def shifts_of(member: StaffMember, first: date, last: date) -> Sequence[Shift]:
    """Her shifts that begin on these local dates, at whatever venue, in order of time."""
    return db.session.scalars(_shifts(member).where(Shift.day >= first, Shift.day <= last)).all()


def next_shift_of(member: StaffMember, *, at: datetime) -> Shift | None:
    """The shift that goes on, else the next one; not one of which nothing is left to work but time off."""
    return db.session.scalar(_shifts(member).where(Shift.ends_at > at, ~_off_until_its_end(at)).limit(1))


def team_of(member: StaffMember, shifts: Collection[Shift], *, at: datetime) -> dict[tuple[int, date], list[Colleague]]:
    """Who else works at the venues and on the days of these shifts, and is not away for all that is left of it."""
    if not shifts:
        return {}
    rows = db.session.execute(
        select(Shift.venue_id, Shift.day, StaffMember.first_name, StaffMember.last_name)
        .join(StaffMember, StaffMember.id == Shift.member_id)
        .where(
            Shift.organisation_id == member.organisation_id, Shift.member_id != member.id, Shift.counts(),
            StaffMember.active, ~_off_until_its_end(at),
            Shift.venue_id.in_({one.venue_id for one in shifts}), Shift.day.in_({one.day for one in shifts}),
        )
        .distinct()
    )  # fmt: skip
    found: dict[tuple[int, date], list[Colleague]] = defaultdict(list)
    for venue_id, day, first_name, last_name in rows:
        found[venue_id, day].append(Colleague(first_name, last_name))
    return found


def visits_of(member: StaffMember, start: datetime, end: datetime) -> list[When]:
    """When she treats guests between two instants."""
    hers = exists().where(
        Assignment.item_id == BookingItem.id, Assignment.member_id == member.id, Assignment.ended_at.is_(None)
    )
    rows = db.session.execute(
        select(BookingItem.venue_id, BookingItem.starts_at, BookingItem.ends_at)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(
            Booking.organisation_id == member.organisation_id, Booking.status != CANCELLED,
            BookingItem.starts_at < end, BookingItem.ends_at > start, hers,
        )
        .order_by(BookingItem.starts_at)
    )  # fmt: skip
    return [When(*row) for row in rows]


def time_off_of(member: StaffMember, start: datetime, end: datetime, *, statuses: Collection[str]) -> list[TimeOff]:
    """Her time off in these states that touches the time, in order."""
    query = _own(member).where(TimeOff.status.in_(statuses), TimeOff.starts_at < end, TimeOff.ends_at > start)
    return list(db.session.scalars(query.order_by(TimeOff.starts_at, TimeOff.id)))


def find_time_off(member: StaffMember, name: UUID) -> TimeOff | None:
    """A request of hers."""
    return db.session.scalar(_own(member).where(TimeOff.uuid == name))


def get_time_off(member: StaffMember, name: UUID) -> TimeOff:
    """A request of hers. Raises NotFound."""
    return known(find_time_off(member, name))


def lock_time_off(member: StaffMember, off: TimeOff) -> TimeOff:
    """Her request as it is now, held until the transaction ends. Raises NotFound."""
    query = _own(member).where(TimeOff.id == off.id).with_for_update(of=TimeOff)
    return known(db.session.scalar(query.execution_options(populate_existing=True)))


def answers_for(member: StaffMember, *, at: datetime) -> list[TimeOff]:
    """What she has asked for that is not over, whatever was answered; what she took back is left out."""
    query = _own(member).where(TimeOff.ends_at > at, TimeOff.status != TAKEN_BACK)
    return list(db.session.scalars(query.order_by(TimeOff.starts_at, TimeOff.id)))


def blocks_holding(member: StaffMember, batch: UUID) -> list[Block]:
    """The blocks that hold time off of hers and still stand."""
    query = select(Block).where(
        Block.organisation_id == member.organisation_id, Block.resource_id == member.resource_id,
        Block.batch == batch, Block.removed_at.is_(None),
    )  # fmt: skip
    return list(db.session.scalars(query.options(joinedload(Block.venue)).order_by(Block.starts_at, Block.id)))


def blocks_of(member: StaffMember, start: datetime, end: datetime) -> list[Block]:
    """Her breaks, meetings and other blocked time that touches the time, in order; what holds time off is left out."""
    off = select(TimeOff.batch).where(
        TimeOff.member_id == member.id, TimeOff.status == APPROVED, TimeOff.batch.is_not(None)
    )
    query = select(Block).where(
        Block.organisation_id == member.organisation_id, Block.resource_id == member.resource_id,
        Block.removed_at.is_(None), Block.starts_at < end, Block.ends_at > start,
        Block.batch.is_(None) | Block.batch.not_in(off),
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(Block.starts_at, Block.id)))


def _off_until_its_end(at: datetime) -> ColumnElement[bool]:
    """Approved time off takes the whole shift, or the rest of it from now on."""
    return exists().where(
        TimeOff.member_id == Shift.member_id, TimeOff.status == APPROVED, TimeOff.ends_at >= Shift.ends_at,
        or_(TimeOff.starts_at <= Shift.starts_at, TimeOff.starts_at <= at), TimeOff.starts_at < Shift.ends_at,
    ).correlate(Shift)  # fmt: skip


def _own(member: StaffMember) -> Select[TimeOff]:
    return select(TimeOff).where(TimeOff.organisation_id == member.organisation_id, TimeOff.member_id == member.id)


def _shifts(member: StaffMember) -> Select[Shift]:
    mine = select(Shift).where(
        Shift.organisation_id == member.organisation_id, Shift.member_id == member.id, Shift.counts()
    )
    return mine.options(joinedload(Shift.venue)).order_by(Shift.starts_at, Shift.id)
