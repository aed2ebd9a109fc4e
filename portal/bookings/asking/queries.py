"""Reading who was asked and how it was sent, always of one venue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from portal.database import db
from portal.models import Delivery, Notice, Offer, StaffMember, Venue
from portal.notices.kinds import Kind


def members_of(venue: Venue, keys: Collection[int]) -> dict[int, StaffMember]:
    """Members of the venue's organisation by their keys."""
    if not keys:
        return {}
    query = select(StaffMember).where(StaffMember.organisation_id == venue.organisation_id, StaffMember.id.in_(keys))
    return {member.id: member for member in db.session.scalars(query)}


def ways_told(venue: Venue, offers: Sequence[UUID]) -> Mapping[UUID, Sequence[Delivery]]:
    """By which ways each offer was brought to its therapist since she was asked last, in that order."""
    if not offers:
        return {}
    query = (
        select(Offer.uuid, Delivery)
        .select_from(Offer)
        .join(Notice, Notice.subject == Offer.uuid)
        .join(Delivery, Delivery.notice_id == Notice.id)
        .where(
            Notice.organisation_id == venue.organisation_id, Notice.kind == Kind.OFFER, Notice.subject.in_(offers),
            Notice.created_at >= Offer.sent_at,
        )
        .order_by(Delivery.id)
    )  # fmt: skip
    found: dict[UUID, list[Delivery]] = defaultdict(list)
    for offer, delivery in db.session.execute(query):
        found[offer].append(delivery)
    return found
