"""Reading series and their occurrences, always of one venue."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import known
from portal.models import Booking, Series, StaffMember, Treatment, Variant, Venue
from portal.models.booking_states import CONFIRMED, PENDING
from portal.team.queries import treating_at


def get_series(venue: Venue, series_id: UUID) -> Series:
    """The series. Raises NotFound."""
    return known(db.session.scalar(_of(venue).where(Series.uuid == series_id)))


def lock_series(venue: Venue, series: Series) -> Series:
    """The series as it is now, held until the transaction ends. Raises NotFound."""
    query = _of(venue).where(Series.id == series.id).with_for_update(of=Series)
    return known(db.session.scalar(query.execution_options(populate_existing=True)))


def occurrences_of(venue: Venue, series: Series) -> list[Booking]:
    """The bookings of the series in the order of their dates."""
    query = select(Booking).where(Booking.venue_id == venue.id, Booking.series_id == series.id)
    return list(db.session.scalars(query.order_by(Booking.series_date)))


def open_occurrences(venue: Venue, series: Series, at: datetime, *, since: date | None = None) -> list[Booking]:
    """Those that have not begun and can still be changed, from a date of the series on."""
    query = select(Booking).where(
        Booking.venue_id == venue.id, Booking.series_id == series.id, Booking.starts_at > at,
        Booking.status.in_((PENDING, CONFIRMED)),
    )  # fmt: skip
    if since is not None:
        query = query.where(Booking.series_date >= since)
    return list(db.session.scalars(query.order_by(Booking.series_date)))


def series_to_continue(venue: Venue, until: date) -> list[Series]:
    """Those that go on and have not been looked at up to that date."""
    goes_on = or_(Series.ended_on.is_(None), Series.ended_on > Series.made_until)
    return list(db.session.scalars(_of(venue).where(Series.made_until < until, goes_on).order_by(Series.id)))


def find_variant(venue: Venue, variant_id: UUID) -> Variant | None:
    """A variant that is still on the venue's menu."""
    return db.session.scalar(
        select(Variant)
        .join(Treatment)
        .where(Treatment.venue_id == venue.id, Variant.uuid == variant_id, Variant.active, Treatment.active)
        .options(joinedload(Variant.treatment))
    )


def find_therapists(venue: Venue, ids: list[UUID]) -> list[StaffMember]:
    """Those of the therapists who still work at the venue."""
    if not ids:
        return []
    return list(db.session.scalars(treating_at(venue).where(StaffMember.uuid.in_(ids))))


def _of(venue: Venue) -> Select[Series]:
    return select(Series).where(Series.organisation_id == venue.organisation_id, Series.venue_id == venue.id)
