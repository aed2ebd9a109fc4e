"""Reading messages to guests, and what they speak of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.models import Booking, BookingItem, Change, GuestMessage, Participant, Venue
from portal.models.message import QUEUED, SENT

_FRESH: dict[str, Any] = {"populate_existing": True}


def list_messages(venue: Venue, booking: Booking) -> list[GuestMessage]:
    """The booking's messages, newest first."""
    query = select(GuestMessage).where(GuestMessage.venue_id == venue.id, GuestMessage.booking_id == booking.id)
    return list(db.session.scalars(query.order_by(GuestMessage.id.desc())))


def has_heard(venue: Venue, booking: Booking) -> bool:
    """Whether a guest was told of the booking by us, or is about to be."""
    query = select(GuestMessage.id).where(GuestMessage.venue_id == venue.id, GuestMessage.booking_id == booking.id)
    return db.session.scalar(query.where(GuestMessage.status.in_((QUEUED, SENT))).limit(1)) is not None


def lock_waiting(venue: Venue, booking: Booking) -> list[GuestMessage]:
    """The booking's messages that have not left, held until the transaction ends."""
    query = select(GuestMessage).where(
        GuestMessage.venue_id == venue.id, GuestMessage.booking_id == booking.id, GuestMessage.status == QUEUED
    )
    query = query.order_by(GuestMessage.id).with_for_update().execution_options(**_FRESH)
    return [message for message in db.session.scalars(query) if message.is_waiting]


def lock_of_change(venue_id: int, change: Change) -> list[GuestMessage]:
    """The messages that tell a change, held until the transaction ends."""
    query = select(GuestMessage).where(GuestMessage.venue_id == venue_id, GuestMessage.change_id == change.id)
    return list(db.session.scalars(query.order_by(GuestMessage.id).with_for_update().execution_options(**_FRESH)))


def lock_named(venue_id: int, names: Iterable[str]) -> list[GuestMessage]:
    """Messages by their uuid, held until the transaction ends."""
    wanted = [UUID(name) for name in names]
    if not wanted:
        return []
    query = select(GuestMessage).where(GuestMessage.venue_id == venue_id, GuestMessage.uuid.in_(wanted))
    return list(db.session.scalars(query.order_by(GuestMessage.id).with_for_update().execution_options(**_FRESH)))


def lock_message(organisation_id: int, message_id: UUID) -> GuestMessage | None:
    """One message as it is now, held until the transaction ends."""
    query = select(GuestMessage).where(GuestMessage.organisation_id == organisation_id, GuestMessage.uuid == message_id)
    return db.session.scalar(query.with_for_update().execution_options(**_FRESH))


def find_change_id(venue: Venue, change_id: UUID) -> int | None:
    """The key of a change that was recorded in this transaction or before."""
    return db.session.scalar(select(Change.id).where(Change.venue_id == venue.id, Change.uuid == change_id))


def has_newer(organisation_id: int, message: GuestMessage) -> bool:
    """Whether the same guest was told about the same booking later, or is about to be."""
    later = select(GuestMessage).where(
        GuestMessage.organisation_id == organisation_id, GuestMessage.booking_id == message.booking_id,
        GuestMessage.id > message.id, GuestMessage.status.in_((QUEUED, SENT)),
    )  # fmt: skip
    return any(one.details.get("customer") == message.details.get("customer") for one in db.session.scalars(later))


def booking_of(organisation_id: int, message: GuestMessage) -> Booking:
    """The booking that a message speaks of, with all that a letter says."""
    query = select(Booking).where(Booking.organisation_id == organisation_id, Booking.id == message.booking_id)
    return db.session.scalars(
        query.options(
            joinedload(Booking.customer),
            joinedload(Booking.venue),
            joinedload(Booking.therapist),
            selectinload(Booking.participants).joinedload(Participant.customer),
            selectinload(Booking.items).options(joinedload(BookingItem.treatment), joinedload(BookingItem.variant)),
        )
    ).one()
