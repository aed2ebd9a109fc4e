"""Reading what a partner may book at a venue and what it has booked, and making its rivals wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select

from portal.clock import local_date, start_of_day
from portal.database import db
from portal.models import ApiKey, Booking, Partner, PartnerQuota, Venue
from portal.models.booking_states import CANCELLED
from portal.sqlite import is_unguarded


def hold_quota(venue: Venue, partner: Partner) -> None:
    """Nobody else books with the partner's keys, or changes its quotas, until the transaction ends."""
    if is_unguarded(db.session.get_bind()):
        return
    query = select(Partner.id).where(Partner.organisation_id == venue.organisation_id, Partner.id == partner.id)
    db.session.execute(query.with_for_update(key_share=True))


def quotas_at(venue: Venue, partner: Partner, *, first: date, last: date) -> Sequence[PartnerQuota]:
    """What is said for the weekdays, and for the dates from `first` to `last`."""
    query = select(PartnerQuota).where(
        PartnerQuota.partner_id == partner.id, PartnerQuota.venue_id == venue.id,
        or_(PartnerQuota.day.is_(None), PartnerQuota.day.between(first, last)),
    )  # fmt: skip
    return db.session.scalars(query.order_by(PartnerQuota.day, PartnerQuota.weekday)).all()


def booked_at(venue: Venue, partner: Partner, *, first: date, last: date, test: bool) -> list[tuple[date, int]]:
    """The local day and the guests of each booking of the partner that stands; rehearsals are counted apart."""
    since = start_of_day(first, venue.timezone)
    until = start_of_day(last + timedelta(days=1), venue.timezone)
    query = (
        select(Booking.starts_at, Booking.guest_count)
        .join(ApiKey, ApiKey.id == Booking.api_key_id)
        .where(
            Booking.venue_id == venue.id, Booking.starts_at >= since, Booking.starts_at < until,
            Booking.status != CANCELLED, Booking.test == test, ApiKey.partner_id == partner.id,
        )
    )  # fmt: skip
    return [(local_date(starts_at, venue.timezone), guests) for starts_at, guests in db.session.execute(query)]
