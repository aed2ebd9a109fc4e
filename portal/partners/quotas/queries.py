"""Reading a partner's quotas, and what stands against them, at all venues at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select

from portal.database import db
from portal.models import ApiKey, Booking, Organisation, Partner, PartnerQuota, Venue
from portal.models.booking_states import CANCELLED


def quotas_of(
    organisation: Organisation, partner: Partner, *, since: date, venue: Venue | None = None
) -> Sequence[PartnerQuota]:
    """What is said for weekdays and for dates from `since` on, at all venues or at one."""
    query = select(PartnerQuota).where(
        PartnerQuota.organisation_id == organisation.id, PartnerQuota.partner_id == partner.id,
        or_(PartnerQuota.day.is_(None), PartnerQuota.day >= since),
    )  # fmt: skip
    if venue is not None:
        query = query.where(PartnerQuota.venue_id == venue.id)
    return db.session.scalars(query.order_by(PartnerQuota.day, PartnerQuota.weekday)).all()


def booked_by(
    organisation: Organisation, partner: Partner, *, since: datetime, until: datetime
) -> Sequence[tuple[int, datetime, int]]:
    """Venue, start and guests of each booking of the partner that stands and is no rehearsal."""
    query = (
        select(Booking.venue_id, Booking.starts_at, Booking.guest_count)
        .join(ApiKey, ApiKey.id == Booking.api_key_id)
        .where(
            ApiKey.organisation_id == organisation.id, ApiKey.partner_id == partner.id, Booking.starts_at >= since,
            Booking.starts_at < until, Booking.status != CANCELLED, Booking.test.is_(False),
        )
    )  # fmt: skip
    return [(venue_id, starts_at, guests) for venue_id, starts_at, guests in db.session.execute(query)]
