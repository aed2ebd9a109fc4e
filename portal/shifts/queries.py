"""Reading the rota and what decides about it, always of one venue. What people do elsewhere is read as time only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import joinedload

from portal.blocks.facts import Label, Span
from portal.clock import start_of_day
from portal.database import db
from portal.errors import known
from portal.models import (
    Assignment,
    Block,
    Booking,
    BookingItem,
    Customer,
    RotaTemplate,
    Shift,
    StaffMember,
    TimeOff,
    Treatment,
    Venue,
    VenueMember,
)
from portal.models.absence import APPROVED, REQUESTED
from portal.models.booking_states import COMPLETED, CONFIRMED, ONGOING, PENDING
from portal.models.shift import DRAFT
from portal.shifts.facts import Away, Blocked, Facts, Visit, Work

_DAY = timedelta(days=1)
_FRESH = {"populate_existing": True}


def team_of(venue: Venue) -> list[StaffMember]:
    """Who can be planned at the venue: its active members, therapists first, by name."""
    here = select(VenueMember.member_id).where(VenueMember.venue_id == venue.id)
    query = select(StaffMember).where(
        StaffMember.organisation_id == venue.organisation_id, StaffMember.id.in_(here), StaffMember.active
    )
    found = db.session.scalars(query.order_by(StaffMember.first_name, StaffMember.last_name, StaffMember.id))
    return sorted(found, key=lambda one: not one.is_therapist)


def people_of(venue: Venue, first: date, last: date) -> list[StaffMember]:
    """The team, and whoever else has a shift at the venue that begins on these dates."""
    here = select(VenueMember.member_id).where(VenueMember.venue_id == venue.id)
    planned = select(Shift.member_id).where(
        Shift.venue_id == venue.id, Shift.stands(), Shift.day >= first, Shift.day <= last
    )
    query = select(StaffMember).where(
        StaffMember.organisation_id == venue.organisation_id,
        or_(StaffMember.id.in_(here) & StaffMember.active, StaffMember.id.in_(planned)),
    )
    found = db.session.scalars(query.order_by(StaffMember.first_name, StaffMember.last_name, StaffMember.id))
    return sorted(found, key=lambda one: not one.is_therapist)


def get_person(venue: Venue, name: UUID) -> StaffMember:
    """Somebody who can be planned at the venue. Raises NotFound."""
    return known(next((one for one in team_of(venue) if one.uuid == name), None))


def get_shift(venue: Venue, name: UUID) -> Shift:
    """A shift of the venue, a removed one too. Raises NotFound."""
    query = select(Shift).where(Shift.venue_id == venue.id, Shift.uuid == name)
    return known(db.session.scalar(query.options(joinedload(Shift.member))))


def find_made(venue: Venue, name: UUID) -> Shift | None:
    """What a form made that is sent a second time."""
    return db.session.scalar(select(Shift).where(Shift.venue_id == venue.id, Shift.uuid == name))


def lock_shifts(venue: Venue, ids: Collection[int]) -> list[Shift]:
    """The shifts as they are now, removed ones too, held until the transaction ends, in one order for everybody."""
    query = select(Shift).where(Shift.venue_id == venue.id, Shift.id.in_(ids)).order_by(Shift.id)
    query = query.options(joinedload(Shift.member)).with_for_update(of=Shift)
    return list(db.session.scalars(query.execution_options(**_FRESH)))


def standing_between(venue: Venue, first: date, last: date) -> list[Shift]:
    """What is planned at the venue on these dates, drafts too, in order of time."""
    query = select(Shift).where(Shift.venue_id == venue.id, Shift.stands(), Shift.day >= first, Shift.day <= last)
    return list(db.session.scalars(query.order_by(Shift.starts_at, Shift.id)))


def drafts_between(venue: Venue, first: date, last: date) -> list[Shift]:
    """What is planned on these dates and not published, held until the transaction ends."""
    query = select(Shift).where(
        Shift.venue_id == venue.id, Shift.status == DRAFT, Shift.day >= first, Shift.day <= last
    )
    query = query.order_by(Shift.id).options(joinedload(Shift.member)).with_for_update(of=Shift)
    return list(db.session.scalars(query.execution_options(**_FRESH)))


def names_of_drafts(venue: Venue, first: date, last: date) -> list[tuple[UUID, int]]:
    """Which drafts there are on these dates, each with its version."""
    query = select(Shift.uuid, Shift.version).where(
        Shift.venue_id == venue.id, Shift.status == DRAFT, Shift.day >= first, Shift.day <= last
    )
    return [(name, version) for name, version in db.session.execute(query.order_by(Shift.id))]


def published_of(venue: Venue, members: Collection[int], first: date, last: date) -> list[Shift]:
    """By what these people work at the venue on these dates, in order of time."""
    query = select(Shift).where(
        Shift.venue_id == venue.id, Shift.member_id.in_(members), Shift.counts(), Shift.day >= first, Shift.day <= last
    )
    return list(db.session.scalars(query.order_by(Shift.starts_at, Shift.id)))


def load_facts(
    venue: Venue, members: Collection[int], start: datetime, end: datetime, *, with_visits: bool = True
) -> Facts:
    """All that decides about the shifts of these people between two instants: four statements."""
    return Facts(
        venue_id=venue.id,
        zone=venue.timezone,
        between=timedelta(minutes=venue.inter_venue_buffer_minutes),
        shifts=_shifts(venue, members, start - _DAY, end + _DAY),
        away=_away(venue, members, start, end),
        blocked=_blocked(venue, members, start, end),
        visits=_visits(venue, members, start, end) if with_visits else [],
    )


def facts_of_days(
    venue: Venue, members: Collection[int], first: date, last: date, *, with_visits: bool = False
) -> Facts:
    """The same for local dates, with the nights that follow them."""
    start, end = start_of_day(first, venue.timezone), start_of_day(last + _DAY, venue.timezone)
    return load_facts(venue, members, start, end + _DAY, with_visits=with_visits)


def templates_of(venue: Venue) -> list[RotaTemplate]:
    """The patterns of the venue, by person and date."""
    query = select(RotaTemplate).join(StaffMember, StaffMember.id == RotaTemplate.member_id)
    query = query.where(RotaTemplate.venue_id == venue.id, RotaTemplate.removed_at.is_(None))
    query = query.order_by(StaffMember.first_name, StaffMember.last_name, RotaTemplate.valid_from, RotaTemplate.id)
    return list(db.session.scalars(query.options(joinedload(RotaTemplate.member))))


def get_template(venue: Venue, name: UUID) -> RotaTemplate:
    """A pattern of the venue that was not removed. Raises NotFound."""
    query = select(RotaTemplate).where(
        RotaTemplate.venue_id == venue.id, RotaTemplate.uuid == name, RotaTemplate.removed_at.is_(None)
    )
    return known(db.session.scalar(query.options(joinedload(RotaTemplate.member))))


def find_template(venue: Venue, member: StaffMember, name: UUID) -> RotaTemplate | None:
    """What a form made that is sent a second time."""
    query = select(RotaTemplate).where(
        RotaTemplate.venue_id == venue.id, RotaTemplate.member_id == member.id, RotaTemplate.uuid == name
    )
    return db.session.scalar(query)


def lock_template(venue: Venue, template: RotaTemplate) -> RotaTemplate:
    """The pattern as it is now, held until the transaction ends. Raises NotFound."""
    query = select(RotaTemplate).where(RotaTemplate.venue_id == venue.id, RotaTemplate.id == template.id)
    query = query.where(RotaTemplate.removed_at.is_(None)).with_for_update(of=RotaTemplate)
    return known(db.session.scalar(query.execution_options(**_FRESH)))


def lock_member(member: StaffMember) -> None:
    """Whoever else writes her patterns waits until the transaction ends."""
    db.session.execute(select(StaffMember.id).where(StaffMember.id == member.id).with_for_update())


def _shifts(venue: Venue, members: Collection[int], start: datetime, end: datetime) -> list[Work]:
    rows = db.session.execute(
        select(
            Shift.id, Shift.uuid, Shift.member_id, Shift.venue_id, Venue.name, Venue.name_en, Venue.timezone,
            Shift.day, Shift.start_time, Shift.end_time, Shift.starts_at, Shift.ends_at, Shift.counts().label("counts"),
            Shift.version, Shift.template_id,
        )
        .join(Venue, Venue.id == Shift.venue_id)
        .where(
            Shift.organisation_id == venue.organisation_id, Shift.member_id.in_(members), Shift.stands(),
            Shift.starts_at < end, Shift.starts_at > start - _DAY, Shift.ends_at > start,
        )
        .order_by(Shift.starts_at, Shift.id)
    )  # fmt: skip
    return [_work(row) for row in rows]


def _work(row: Row[*tuple[Any, ...]]) -> Work:
    return Work(
        row.id, row.uuid, row.member_id, row.venue_id, Label(row.name, row.name_en), row.timezone, row.day,
        row.start_time, row.end_time, row.starts_at, row.ends_at, bool(row.counts), row.version, row.template_id,
    )  # fmt: skip


def _away(venue: Venue, members: Collection[int], start: datetime, end: datetime) -> list[Away]:
    rows = db.session.execute(
        select(TimeOff.uuid, TimeOff.member_id, TimeOff.kind, TimeOff.starts_at, TimeOff.ends_at, TimeOff.status)
        .where(
            TimeOff.organisation_id == venue.organisation_id, TimeOff.member_id.in_(members),
            TimeOff.status.in_([REQUESTED, APPROVED]), TimeOff.starts_at < end, TimeOff.ends_at > start,
        )
        .order_by(TimeOff.starts_at, TimeOff.id)
    )  # fmt: skip
    return [Away(name, who, kind, Span(since, until), status == APPROVED)
            for name, who, kind, since, until, status in rows]  # fmt: skip


def _blocked(venue: Venue, members: Collection[int], start: datetime, end: datetime) -> list[Blocked]:
    off = select(TimeOff.batch).where(
        TimeOff.organisation_id == venue.organisation_id, TimeOff.status == APPROVED, TimeOff.batch.is_not(None)
    )
    rows = db.session.execute(
        select(Block.uuid, StaffMember.id, Block.venue_id, Block.kind, Block.starts_at, Block.ends_at)
        .join(StaffMember, StaffMember.resource_id == Block.resource_id)
        .where(
            Block.organisation_id == venue.organisation_id, StaffMember.id.in_(members), Block.removed_at.is_(None),
            Block.starts_at < end, Block.ends_at > start, or_(Block.batch.is_(None), Block.batch.not_in(off)),
        )
        .order_by(Block.starts_at, Block.id)
    )  # fmt: skip
    return [Blocked(*row[:4], Span(row[4], row[5])) for row in rows]


def _visits(venue: Venue, members: Collection[int], start: datetime, end: datetime) -> list[Visit]:
    rows = db.session.execute(
        select(
            BookingItem.uuid, Booking.uuid, Booking.number, Assignment.member_id, BookingItem.starts_at,
            BookingItem.ends_at, Customer.first_name, Customer.last_name, Treatment.name, Treatment.name_en,
        )
        .join(Booking, Booking.id == BookingItem.booking_id)
        .join(Assignment, Assignment.item_id == BookingItem.id)
        .join(Treatment, Treatment.id == BookingItem.treatment_id)
        .outerjoin(Customer, Customer.id == Booking.customer_id)
        .where(
            BookingItem.venue_id == venue.id, Booking.organisation_id == venue.organisation_id,
            Assignment.ended_at.is_(None), Assignment.member_id.in_(members),
            Booking.status.in_([PENDING, CONFIRMED, ONGOING, COMPLETED]),
            BookingItem.starts_at < end, BookingItem.ends_at > start,
        )
        .order_by(BookingItem.starts_at, BookingItem.id)
    )  # fmt: skip
    return [
        Visit(*row[:4], Span(row[4], row[5]), " ".join(filter(None, row[6:8])), Label(row[8], row[9])) for row in rows
    ]
