"""Reading what the settings are about, always of one venue."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.models import Booking, BookingItem, Customer, Treatment, Venue
from portal.models.booking_states import CONFIRMED, ONGOING, PENDING
from portal.settings.hits import Hit

# Further ahead nobody books: whoever decides about bookings ahead keeps these days for as long.
HORIZON = timedelta(days=400)
# What still needs its place.
AHEAD = (PENDING, CONFIRMED, ONGOING)


def get_venue(venue: Venue) -> Venue:
    """The venue as it is now."""
    query = select(Venue).where(Venue.organisation_id == venue.organisation_id, Venue.id == venue.id)
    query = query.options(joinedload(Venue.organisation)).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def lock_venue(venue: Venue) -> Venue:
    """The venue as it is now, held until the transaction ends."""
    query = select(Venue).where(Venue.organisation_id == venue.organisation_id, Venue.id == venue.id)
    query = query.with_for_update(of=Venue).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def has_bookings(venue: Venue) -> bool:
    """Whether anything was ever booked here."""
    return db.session.scalar(select(Booking.id).where(Booking.venue_id == venue.id).limit(1)) is not None


def hits_ahead(
    venue: Venue, *which: ColumnElement[bool], at: datetime, items: Collection[int] | None = None
) -> list[Hit]:
    """The treatments booked that are not over `at` that instant, in order of time; `which` narrows them."""
    query = _ahead(venue, at=at).where(*which).order_by(BookingItem.starts_at, BookingItem.id)
    if items is not None:
        query = query.where(BookingItem.id.in_(items))
    return [_hit(row) for row in db.session.execute(query)]


def count_ahead(venue: Venue, *which: ColumnElement[bool], at: datetime) -> int:
    """How many treatments are booked that are not over `at` that instant."""
    counted = _ahead(venue, at=at).where(*which).with_only_columns(func.count())
    return db.session.scalar(counted) or 0


def _ahead(venue: Venue, *, at: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            BookingItem.id, BookingItem.starts_at, BookingItem.ends_at, Booking.uuid, Booking.number, Booking.status,
            Customer.first_name, Customer.last_name, Treatment.name, Treatment.name_en,
        )
        .join(Booking, Booking.id == BookingItem.booking_id)
        .join(Treatment, Treatment.id == BookingItem.treatment_id)
        .outerjoin(Customer, Customer.id == Booking.customer_id)
        .where(BookingItem.venue_id == venue.id, Booking.status.in_(AHEAD), BookingItem.ends_at > at)
    )  # fmt: skip


def _hit(row: Row[*tuple[Any, ...]]) -> Hit:
    guest = " ".join(part for part in (row.first_name, row.last_name) if part)
    return Hit(
        booking=row.uuid, number=row.number, status=row.status, starts_at=row.starts_at, ends_at=row.ends_at,
        guest=guest, name=row.name, name_en=row.name_en, item_id=row.id,
    )  # fmt: skip
