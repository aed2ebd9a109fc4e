"""Reading what a calendar feed shows: over all venues of the member's organisation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.feeds.calendar import Visit, is_gone
from portal.models import (
    Assignment,
    Booking,
    BookingEvent,
    BookingItem,
    CalendarFeed,
    Claim,
    Shift,
    StaffMember,
)
from portal.models.booking_states import CANCELLED


def find_feed(token_hash: str) -> CalendarFeed | None:
    """The feed with this token, of an active member, who comes with it."""
    query = select(CalendarFeed).join(StaffMember, StaffMember.id == CalendarFeed.member_id)
    query = query.where(CalendarFeed.token_hash == token_hash, StaffMember.active)
    return db.session.scalar(query.options(joinedload(CalendarFeed.member).joinedload(StaffMember.organisation)))


def feed_of(member: StaffMember) -> CalendarFeed | None:
    """The member's own feed."""
    return db.session.scalar(_of(member))


def lock_feed(member: StaffMember) -> CalendarFeed | None:
    """The member's own feed, held until the transaction ends."""
    mine = CalendarFeed.organisation_id == member.organisation_id, CalendarFeed.member_id == member.id
    return db.session.scalar(
        select(CalendarFeed).where(*mine).with_for_update().execution_options(populate_existing=True)
    )


def list_visits(member: StaffMember, *, start: datetime, end: datetime, gone_since: datetime) -> list[Visit]:
    """What she treats between two instants, and what went from her since `gone_since`; in order of time."""
    lines = select(func.count()).where(BookingEvent.booking_id == BookingItem.booking_id).scalar_subquery()
    latest = (
        select(func.max(BookingEvent.at)).where(BookingEvent.booking_id == BookingItem.booking_id).scalar_subquery()
    )
    hers = and_(Assignment.item_id == BookingItem.id, Assignment.member_id == member.id)
    stands = and_(Booking.status != CANCELLED, exists().where(hers, Assignment.ended_at.is_(None)))
    went = or_(
        and_(Booking.cancelled_at >= gone_since, exists().where(hers, Assignment.ended_at.is_(None))),
        exists().where(hers, Assignment.ended_at >= gone_since),
    )
    query = (
        select(BookingItem, lines, latest)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(
            Booking.organisation_id == member.organisation_id,
            BookingItem.ends_at > start,
            BookingItem.starts_at < end,
            or_(stands, went),
        )
        .options(
            joinedload(BookingItem.booking).options(joinedload(Booking.customer), joinedload(Booking.venue)),
            joinedload(BookingItem.treatment),
            selectinload(BookingItem.assignments),
            selectinload(BookingItem.claims).joinedload(Claim.resource),
        )
        .order_by(BookingItem.starts_at, BookingItem.id)
    )
    return [
        Visit(item, count, at or item.booking.created_at, is_gone(item, member))
        for item, count, at in db.session.execute(query)
    ]


def list_shifts(member: StaffMember, *, start: datetime, end: datetime) -> list[Shift]:
    """Her shifts between two instants, in order of time."""
    query = select(Shift).where(
        Shift.organisation_id == member.organisation_id,
        Shift.member_id == member.id,
        Shift.counts(),
        Shift.ends_at > start,
        Shift.starts_at < end,
    )
    return list(db.session.scalars(query.options(joinedload(Shift.venue)).order_by(Shift.starts_at, Shift.id)))


def _of(member: StaffMember) -> Select[CalendarFeed]:
    return select(CalendarFeed).where(
        CalendarFeed.organisation_id == member.organisation_id, CalendarFeed.member_id == member.id
    )
