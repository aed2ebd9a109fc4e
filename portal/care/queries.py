"""Reading who treats a guest, and the sealed notes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select

from portal.database import db
from portal.models import (
    Assignment,
    AuditEntry,
    Booking,
    BookingItem,
    Customer,
    HealthNote,
    Organisation,
    Participant,
    StaffMember,
)
from portal.models.booking_states import CANCELLED, NOSHOW


def find_note(organisation: Organisation, customer: Customer, *, lock: bool = False) -> HealthNote | None:
    """The guest's sealed notes, if there are any; with `lock` held until the transaction ends."""
    query = select(HealthNote).where(
        HealthNote.organisation_id == organisation.id, HealthNote.customer_id == customer.id
    )
    if lock:
        query = query.with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def customers_with_notes(organisation: Organisation, customers: set[int]) -> set[int]:
    """Those of the guests about whose health something is noted; what it is stays sealed."""
    if not customers:
        return set()
    mine = HealthNote.organisation_id == organisation.id, HealthNote.customer_id.in_(customers)
    return set(db.session.scalars(select(HealthNote.customer_id).where(*mine)))


def treats(organisation: Organisation, member: StaffMember, customer: Customer, *, since: datetime) -> bool:
    """Whether the member serves a booking of the guest that ended after `since` or is yet to come."""
    hers = exists().where(
        Assignment.item_id == BookingItem.id, Assignment.member_id == member.id, Assignment.ended_at.is_(None)
    )
    guest = or_(
        Booking.customer_id == customer.id,
        exists().where(Participant.booking_id == Booking.id, Participant.customer_id == customer.id),
    )
    query = (
        select(BookingItem.id)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(
            Booking.organisation_id == organisation.id,
            Booking.status.not_in((CANCELLED, NOSHOW)),
            BookingItem.ends_at > since,
            guest,
            hers,
        )
        .limit(1)
    )
    return db.session.scalar(query) is not None


def list_looks(organisation: Organisation, customer: UUID, *, limit: int | None = None) -> list[AuditEntry]:
    """Who read or wrote the guest's health notes, newest first."""
    query = select(AuditEntry).where(
        AuditEntry.organisation_id == organisation.id,
        AuditEntry.subject == customer,
        AuditEntry.verb.in_(("care:read", "care:written")),
    )
    return list(db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)))
