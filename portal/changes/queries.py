"""Reading changes, and what they touched, always of one venue."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import known
from portal.models import Block, Booking, Change, Series, Shift, ShiftSwap, StaffMember, TimeOff, Venue

_ASIDE = {"populate_existing": True}


def get_change(venue: Venue, change_id: UUID) -> Change:
    """The change, whoever made it. Raises NotFound."""
    return known(db.session.scalar(select(Change).where(Change.venue_id == venue.id, Change.uuid == change_id)))


def lock_change(venue: Venue, change: Change) -> Change:
    """The change as it is now, held until the transaction ends. Raises NotFound."""
    query = select(Change).where(Change.venue_id == venue.id, Change.id == change.id).with_for_update(of=Change)
    return known(db.session.scalar(query.execution_options(**_ASIDE)))


def last_change(venue: Venue, member: StaffMember) -> Change | None:
    """What the member did last at the venue and has not undone."""
    query = select(Change).where(Change.venue_id == venue.id, Change.member_id == member.id, Change.undone_at.is_(None))
    return db.session.scalar(query.order_by(Change.at.desc(), Change.id.desc()).limit(1))


def changes_before(venue: Venue, change: Change, *, limit: int) -> list[Change]:
    """The latest changes at the venue that were made before this one and are not undone."""
    query = select(Change).where(Change.venue_id == venue.id, Change.id < change.id, Change.undone_at.is_(None))
    return list(db.session.scalars(query.order_by(Change.id.desc()).limit(limit)))


def bookings_named(venue: Venue, names: list[UUID]) -> list[Booking]:
    """Bookings by their uuid, in the order of their keys."""
    query = select(Booking).where(Booking.venue_id == venue.id, Booking.uuid.in_(names)).order_by(Booking.id)
    return list(db.session.scalars(query))


def blocks_named(venue: Venue, names: list[UUID]) -> list[Block]:
    """Blocks by their uuid, in the order of their keys."""
    return list(db.session.scalars(select(Block).where(Block.venue_id == venue.id, Block.uuid.in_(names))))


def lock_blocks(venue: Venue, names: Collection[UUID]) -> list[Block]:
    """Blocks by their uuid as they are now, removed ones too, held until the transaction ends."""
    query = select(Block).where(Block.venue_id == venue.id, Block.uuid.in_(names)).order_by(Block.id)
    query = query.with_for_update(of=Block).options(joinedload(Block.resource), selectinload(Block.claims))
    return list(db.session.scalars(query.execution_options(**_ASIDE)))


def series_named(venue: Venue, names: list[UUID]) -> list[Series]:
    """Series by their uuid, held until the transaction ends."""
    query = select(Series).where(Series.venue_id == venue.id, Series.uuid.in_(names)).order_by(Series.id)
    return list(db.session.scalars(query.with_for_update().execution_options(**_ASIDE)))


def time_off_named(venue: Venue, names: list[UUID]) -> list[TimeOff]:
    """Time off of the venue's organisation by its uuid, held until the transaction ends."""
    query = select(TimeOff).where(TimeOff.organisation_id == venue.organisation_id, TimeOff.uuid.in_(names))
    return list(db.session.scalars(query.order_by(TimeOff.id).with_for_update(of=TimeOff).execution_options(**_ASIDE)))


def swaps_named(venue: Venue, names: list[UUID]) -> list[ShiftSwap]:
    """Exchanges of shifts by their uuid, held until the transaction ends."""
    query = select(ShiftSwap).where(ShiftSwap.venue_id == venue.id, ShiftSwap.uuid.in_(names)).order_by(ShiftSwap.id)
    return list(db.session.scalars(query.with_for_update(of=ShiftSwap).execution_options(**_ASIDE)))


def shifts_named(venue: Venue, names: list[UUID]) -> list[Shift]:
    """Shifts by their uuid, held until the transaction ends."""
    query = select(Shift).where(Shift.venue_id == venue.id, Shift.uuid.in_(names)).order_by(Shift.id)
    return list(db.session.scalars(query.with_for_update(of=Shift).execution_options(**_ASIDE)))
