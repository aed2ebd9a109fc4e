"""Reading a venue's hours and special days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, select

from portal.database import db
from portal.models import OpeningHours, SpecialDay, Venue


def weekly_hours(venue: Venue) -> Sequence[OpeningHours]:
    """The hours of the days of the week, in order; none for a venue whose days are all alike."""
    query = select(OpeningHours).where(OpeningHours.venue_id == venue.id)
    return db.session.scalars(query.order_by(OpeningHours.weekday, OpeningHours.opens)).all()


def special_days(venue: Venue, *, since: date) -> Sequence[SpecialDay]:
    """The special days from that date on, in order."""
    query = select(SpecialDay).where(SpecialDay.venue_id == venue.id, SpecialDay.day >= since)
    return db.session.scalars(query.order_by(SpecialDay.day, SpecialDay.opens)).all()


def special_day(venue: Venue, day: date) -> Sequence[SpecialDay]:
    """The rows of one date, in order."""
    query = select(SpecialDay).where(SpecialDay.venue_id == venue.id, SpecialDay.day == day)
    return db.session.scalars(query.order_by(SpecialDay.opens)).all()


def forget_weekly(venue: Venue) -> None:
    """Take the hours of the days of the week away, before others are written."""
    db.session.execute(delete(OpeningHours).where(OpeningHours.venue_id == venue.id))


def forget_special(venue: Venue, day: date) -> None:
    """Take a special day away."""
    db.session.execute(delete(SpecialDay).where(SpecialDay.venue_id == venue.id, SpecialDay.day == day))
