"""Reading the picture of a venue."""

from __future__ import annotations

from sqlalchemy import delete, select

from portal.database import db
from portal.models import Venue, VenuePicture


def picture_of(venue: Venue) -> VenuePicture | None:
    """The venue's picture, if it has one."""
    query = select(VenuePicture).where(VenuePicture.organisation_id == venue.organisation_id)
    return db.session.scalar(query.where(VenuePicture.venue_id == venue.id))


def forget_picture(venue: Venue) -> None:
    """It has none any more."""
    db.session.execute(delete(VenuePicture).where(VenuePicture.venue_id == venue.id))
