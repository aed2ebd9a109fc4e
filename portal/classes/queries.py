"""What a session can be opened with, always of one venue."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import known
from portal.models import Booking, Participant, Treatment, Variant, Venue

_KINDS = ("class", "event")


def class_variants(venue: Venue) -> list[Variant]:
    """What is on the menu for groups, with its treatment."""
    query = (
        select(Variant)
        .join(Treatment)
        .where(Treatment.venue_id == venue.id, Treatment.kind.in_(_KINDS), Treatment.active, Variant.active)
        .options(joinedload(Variant.treatment))
        .order_by(Treatment.sort_order, Treatment.name, Variant.duration)
    )
    return list(db.session.scalars(query))


def get_participant(venue: Venue, booking: Booking, participant_id: UUID) -> Participant:
    """One guest of the booking. Raises NotFound."""
    query = select(Participant).where(
        Participant.venue_id == venue.id, Participant.booking_id == booking.id, Participant.uuid == participant_id
    )
    return known(db.session.scalar(query.options(joinedload(Participant.customer))))
