"""Reading and locking members, always of one organisation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import known
from portal.models import (
    Assignment,
    Booking,
    BookingItem,
    CalendarFeed,
    MemberPhoto,
    Offer,
    Organisation,
    PushSubscription,
    StaffMember,
    Venue,
    VenueMember,
)
from portal.models.booking_states import CONFIRMED, ONGOING, PENDING

_OPEN = (PENDING, CONFIRMED, ONGOING)


def get_member(organisation: Organisation, member_id: UUID) -> StaffMember:
    """A member of the organisation with her venues. Raises NotFound."""
    return known(db.session.scalar(_member(organisation.id).where(StaffMember.uuid == member_id)))


def lock_staff(organisation: Organisation, member: StaffMember) -> StaffMember:
    """The member as of now. Whoever else changes the team of the organisation waits until the transaction ends."""
    db.session.execute(select(Organisation.id).where(Organisation.id == organisation.id).with_for_update())
    query = _member(organisation.id).where(StaffMember.id == member.id)
    return known(db.session.scalar(query.execution_options(populate_existing=True)))


def read_anew(member: StaffMember) -> StaffMember | None:
    """The member as she stands in the database now."""
    return db.session.get(StaffMember, member.id, populate_existing=True)


def venues_in(organisation: Organisation) -> list[Venue]:
    """All active venues, by name."""
    query = select(Venue).where(Venue.organisation_id == organisation.id, Venue.status == "active")
    return list(db.session.scalars(query.order_by(Venue.name, Venue.id)))


def count_admins(organisation: Organisation, *, but: StaffMember) -> int:
    """How many others could let people in: active admins with an account."""
    query = select(func.count()).select_from(StaffMember)
    query = query.where(
        StaffMember.organisation_id == organisation.id, StaffMember.role == "admin", StaffMember.active,
        StaffMember.password_hash.is_not(None), StaffMember.id != but.id,
    )  # fmt: skip
    return db.session.scalar(query) or 0


def has_address(organisation: Organisation, address: str, *, but: int = 0) -> bool:
    """Whether somebody else of the organisation signs in with the address, or was invited to it."""
    taken = exists().where(
        StaffMember.organisation_id == organisation.id, StaffMember.id != but,
        or_(StaffMember.email == address, StaffMember.invited_as == address),
    )  # fmt: skip
    return bool(db.session.scalar(select(taken)))


def count_visits(member: StaffMember, *, at: datetime, venue_id: int | None = None) -> int:
    """How many treatments that are not over she is to give, at all venues or at one."""
    query = (
        select(func.count(BookingItem.id.distinct()))
        .join(Booking, Booking.id == BookingItem.booking_id)
        .join(Assignment, Assignment.item_id == BookingItem.id)
        .where(
            Booking.organisation_id == member.organisation_id, Booking.status.in_(_OPEN), BookingItem.ends_at > at,
            Assignment.member_id == member.id, Assignment.ended_at.is_(None),
        )
    )  # fmt: skip
    return db.session.scalar(query.where(BookingItem.venue_id == venue_id) if venue_id else query) or 0


def last_visit_end(member: StaffMember, *, at: datetime) -> datetime | None:
    """When the last treatment that she is to give ends."""
    query = (
        select(func.max(BookingItem.ends_at))
        .join(Booking, Booking.id == BookingItem.booking_id)
        .join(Assignment, Assignment.item_id == BookingItem.id)
        .where(
            Booking.organisation_id == member.organisation_id, Booking.status.in_(_OPEN), BookingItem.ends_at > at,
            Assignment.member_id == member.id, Assignment.ended_at.is_(None),
        )
    )  # fmt: skip
    return db.session.scalar(query)


def open_offers(member: StaffMember) -> list[Offer]:
    """What she is asked and has not answered."""
    query = select(Offer).where(
        Offer.organisation_id == member.organisation_id, Offer.member_id == member.id, Offer.status == "open"
    )
    return list(
        db.session.scalars(
            query.order_by(Offer.id).options(
                joinedload(Offer.item).joinedload(BookingItem.booking).joinedload(Booking.venue)
            )
        )
    )


def browsers_of(member: StaffMember) -> list[PushSubscription]:
    """The browsers in which she is told of things."""
    query = select(PushSubscription).where(PushSubscription.member_id == member.id, PushSubscription.ended_at.is_(None))
    return list(db.session.scalars(query))


def feed_of(member: StaffMember) -> CalendarFeed | None:
    """The address at which her calendar is read."""
    return db.session.scalar(select(CalendarFeed).where(CalendarFeed.member_id == member.id))


def photo_of(member: StaffMember) -> MemberPhoto | None:
    """Her picture."""
    return db.session.scalar(select(MemberPhoto).where(MemberPhoto.member_id == member.id))


def _member(organisation_id: int) -> Select[StaffMember]:
    return (
        select(StaffMember)
        .where(StaffMember.organisation_id == organisation_id)
        .options(selectinload(StaffMember.venue_links).joinedload(VenueMember.venue))
    )
