"""Reading the blocks of a whole venue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from portal.database import db
from portal.errors import known
from portal.models import Venue, VenueBlock


def blocks_ahead(venue: Venue, *, at: datetime) -> Sequence[VenueBlock]:
    """Those that are not over at that instant: the weekly ones first, then by time."""
    over = or_(VenueBlock.ends_at > at, VenueBlock.start_time.is_not(None))
    query = select(VenueBlock).where(VenueBlock.venue_id == venue.id, over)
    query = query.where(or_(VenueBlock.last_day.is_(None), VenueBlock.last_day >= venue.today()))
    order = (VenueBlock.start_time.is_(None), VenueBlock.starts_at, VenueBlock.start_time, VenueBlock.id)
    return db.session.scalars(query.order_by(*order)).all()


def get_block(venue: Venue, block_id: UUID) -> VenueBlock:
    """A block of the venue. Raises NotFound."""
    return known(find_block(venue, block_id))


def find_block(venue: Venue, block_id: UUID) -> VenueBlock | None:
    """The same; None when there is none, or none any more."""
    query = select(VenueBlock).where(VenueBlock.venue_id == venue.id, VenueBlock.uuid == block_id)
    return db.session.scalar(query.execution_options(populate_existing=True))
