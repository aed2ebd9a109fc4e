"""Reading what hangs on the venue's own values."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.database import db
from portal.models import Treatment, Venue


def lock_menu(venue: Venue) -> list[Treatment]:
    """All treatments of the venue with all their variants, held until the transaction ends."""
    query = select(Treatment).where(Treatment.venue_id == venue.id).options(selectinload(Treatment.variants))
    return list(db.session.scalars(query.order_by(Treatment.id).with_for_update(of=Treatment)))
