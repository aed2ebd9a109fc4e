"""Reading a therapist's own visits, what she knew of them, and who has not seen a late change."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import NotFound
from portal.models import (
    Assignment,
    Booking,
    BookingEvent,
    BookingItem,
    Claim,
    Customer,
    StaffMember,
    Venue,
    VisitLook,
)
from portal.models.booking_states import CONFIRMED, PENDING


def get_visit(venue: Venue, member: StaffMember, item_id: UUID) -> BookingItem:
    """A treatment at the venue that she serves. Raises NotFound."""
    found = db.session.scalar(
        select(BookingItem)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(
            Booking.organisation_id == venue.organisation_id,
            BookingItem.venue_id == venue.id,
            BookingItem.uuid == item_id,
            _is_hers(member),
        )
        .options(joinedload(BookingItem.booking).options(joinedload(Booking.customer), joinedload(Booking.venue)))
    )
    if found is None:
        raise NotFound()
    return found


def get_guest(venue: Venue, item: BookingItem) -> Customer:
    """Under whose name the treatment stands. Raises NotFound for a guest without a name and for a class."""
    guest = item.booking.customer
    if guest is None or item.venue_id != venue.id:
        raise NotFound()
    return guest


def list_named(member: StaffMember, items: Collection[UUID], *, lock: bool = False) -> list[BookingItem]:
    """Those of the treatments that the member serves; with `lock` held until the transaction ends, in their order."""
    query = (
        select(BookingItem)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(Booking.organisation_id == member.organisation_id, BookingItem.uuid.in_(items), _is_hers(member))
        .options(selectinload(BookingItem.claims).joinedload(Claim.resource))
        .order_by(BookingItem.id)
    )
    if lock:
        query = query.with_for_update(of=BookingItem)
    return list(db.session.scalars(query.execution_options(populate_existing=lock)))


def looks_of(member: StaffMember, items: Collection[int], *, lock: bool = False) -> dict[int, VisitLook]:
    """What the member knew of these treatments, by the treatment's key."""
    query = select(VisitLook).where(
        VisitLook.organisation_id == member.organisation_id,
        VisitLook.member_id == member.id,
        VisitLook.item_id.in_(items),
    )
    query = query.with_for_update() if lock else query
    return {look.item_id: look for look in db.session.scalars(query.execution_options(populate_existing=lock))}


def list_gone(member: StaffMember, *, start: datetime) -> list[VisitLook]:
    """Visits that she knew of and that are no longer hers, as far as they would end after `start`; soonest first."""
    stands = exists().where(
        Assignment.item_id == VisitLook.item_id, Assignment.member_id == member.id, Assignment.ended_at.is_(None)
    )
    query = (
        select(VisitLook)
        .join(BookingItem, BookingItem.id == VisitLook.item_id)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(
            VisitLook.organisation_id == member.organisation_id,
            VisitLook.member_id == member.id,
            Booking.organisation_id == member.organisation_id,
            BookingItem.ends_at > start,
            (Booking.cancelled_at.is_not(None)) | ~stands,
        )
        .options(
            joinedload(VisitLook.item).options(
                joinedload(BookingItem.treatment),
                joinedload(BookingItem.booking).options(joinedload(Booking.customer), joinedload(Booking.venue)),
            )
        )
        .order_by(BookingItem.starts_at, BookingItem.id)
    )
    return [look for look in db.session.scalars(query) if look.known]


def lock_unread(venue: Venue, *, start: datetime, end: datetime, changed_before: datetime) -> list[VisitLook]:
    """Looks at visits that begin in the span, whose last change is old enough, and of which the desk was not told.

    Held until the transaction ends; what another worker holds is left out.
    """
    latest = (
        select(func.max(BookingEvent.at)).where(BookingEvent.booking_id == BookingItem.booking_id).scalar_subquery()
    )
    query = (
        select(VisitLook)
        .join(BookingItem, BookingItem.id == VisitLook.item_id)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(
            BookingItem.venue_id == venue.id,
            Booking.organisation_id == venue.organisation_id,
            Booking.status.in_((PENDING, CONFIRMED)),
            BookingItem.starts_at > start,
            BookingItem.starts_at <= end,
            VisitLook.told_desk_at.is_(None),
            latest <= changed_before,
            exists().where(
                Assignment.item_id == BookingItem.id,
                Assignment.member_id == VisitLook.member_id,
                Assignment.ended_at.is_(None),
            ),
        )
        .options(
            joinedload(VisitLook.member),
            joinedload(VisitLook.item).selectinload(BookingItem.claims).joinedload(Claim.resource),
        )
        .order_by(VisitLook.id)
        .with_for_update(of=VisitLook, skip_locked=True)
    )
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def told_of(venue: Venue, items: Collection[int]) -> list[VisitLook]:
    """Looks at these treatments of the venue of which the desk was told that they came too late."""
    query = select(VisitLook).where(
        VisitLook.organisation_id == venue.organisation_id,
        VisitLook.item_id.in_(items),
        VisitLook.told_desk_at.is_not(None),
    )
    return list(db.session.scalars(query.options(joinedload(VisitLook.member)).order_by(VisitLook.id)))


def _is_hers(member: StaffMember) -> ColumnElement[bool]:
    return exists().where(
        Assignment.item_id == BookingItem.id, Assignment.member_id == member.id, Assignment.ended_at.is_(None)
    )
