"""Reading all that lies ahead of a venue and follows its clock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.models import (
    Block,
    Booking,
    BookingItem,
    Claim,
    CounterProposal,
    Resource,
    Shift,
    SoftHold,
    StaffMember,
    TimeOff,
    Venue,
    VenueBlock,
    VenueMember,
    VisitLook,
)
from portal.models.absence import REQUESTED
from portal.models.booking_states import CONFIRMED, PENDING
from portal.models.proposal import OPEN
from portal.settings.hits import Hit
from portal.settings.queries import hits_ahead
from portal.settings.zone.facts import Reserved

# What has begun stays at its instants; what has not follows the clock on the wall.
FOLLOWING = (PENDING, CONFIRMED)
_DAY = timedelta(days=1)
_ASIDE = {"populate_existing": True}


def visits_ahead(venue: Venue, *, at: datetime) -> list[Hit]:
    """The treatments of bookings that have not begun `at` that instant, in order of time."""
    return hits_ahead(venue, Booking.status.in_(FOLLOWING), Booking.starts_at > at, at=at)


def reserved_around(venue: Venue, hits: Sequence[Hit], *, at: datetime) -> list[Reserved]:
    """Active reservations of whoever and whatever the venue has, here and elsewhere, from `at` on.

    Those of the treatments named, and of the venue's blocks, follow the clock; all others stay.
    """
    items = {hit.item_id for hit in hits}
    mine = select(Claim.resource_id).where(Claim.venue_id == venue.id, Claim.active, Claim.ends_at > at)
    rows = db.session.execute(
        select(
            Claim.id, Claim.resource_id, Resource.name, Claim.starts_at, Claim.ends_at, Claim.item_id, Claim.block_id,
            Claim.overbooked, Claim.venue_id,
        )
        .join(Resource, Resource.id == Claim.resource_id)
        .where(
            Claim.organisation_id == venue.organisation_id, Claim.active, Claim.ends_at > at - _DAY,
            or_(Claim.venue_id == venue.id, Claim.resource_id.in_(mine)),
        )
        .order_by(Claim.id)
    )  # fmt: skip
    return [
        Reserved(
            id=row.id, resource_id=row.resource_id, resource=row.name, starts_at=row.starts_at, ends_at=row.ends_at,
            item_id=row.item_id, block_id=row.block_id, overbooked=row.overbooked,
            moves=row.item_id in items or (row.block_id is not None and row.venue_id == venue.id and row.ends_at > at),
            way=row.venue_id != venue.id,
        )
        for row in rows
    ]  # fmt: skip


def last_instant(venue: Venue, *, at: datetime) -> datetime:
    """The end of the last thing ahead that follows the venue's clock."""
    ends = [
        db.session.scalar(select(func.max(model.ends_at)).where(model.venue_id == venue.id))
        for model in (Booking, Block, Shift)
    ]
    return max([at, *(end for end in ends if end is not None)])


def lock_bookings(venue: Venue, keys: Collection[int]) -> list[Booking]:
    """The bookings of these treatments with all that hangs on them, held until the transaction ends."""
    of_items = select(BookingItem.booking_id).where(BookingItem.venue_id == venue.id, BookingItem.id.in_(keys))
    query = select(Booking).where(Booking.venue_id == venue.id, Booking.id.in_(of_items)).order_by(Booking.id)
    query = query.options(
        selectinload(Booking.items).selectinload(BookingItem.claims).joinedload(Claim.resource),
        selectinload(Booking.items).selectinload(BookingItem.assignments),
        selectinload(Booking.events),
    )
    return list(db.session.scalars(query.with_for_update(of=Booking).execution_options(**_ASIDE)))


def lock_blocks(venue: Venue, *, at: datetime) -> list[Block]:
    """The blocks that are not over, with their claims, held until the transaction ends."""
    query = select(Block).where(Block.venue_id == venue.id, Block.removed_at.is_(None), Block.ends_at > at)
    query = query.options(selectinload(Block.claims), joinedload(Block.resource)).order_by(Block.id)
    return list(db.session.scalars(query.with_for_update(of=Block).execution_options(**_ASIDE)))


def lock_shifts(venue: Venue, *, at: datetime) -> Sequence[Shift]:
    """The shifts that are not over, held until the transaction ends."""
    query = select(Shift).where(Shift.venue_id == venue.id, Shift.stands(), Shift.ends_at > at).order_by(Shift.id)
    return db.session.scalars(query.with_for_update(of=Shift).execution_options(**_ASIDE)).all()


def shifts_around(venue: Venue, *, at: datetime) -> list[Row[*tuple[Any, ...]]]:
    """The shifts that are not over of whoever works here, at any venue."""
    here = select(Shift.member_id).where(Shift.venue_id == venue.id, Shift.stands(), Shift.ends_at > at)
    query = (
        select(
            Shift.id, Shift.venue_id, Shift.member_id, Shift.day, Shift.start_time, Shift.end_time, Shift.starts_at,
            Shift.ends_at, StaffMember.first_name, StaffMember.last_name,
        )
        .join(StaffMember, StaffMember.id == Shift.member_id)
        .where(
            Shift.organisation_id == venue.organisation_id, Shift.member_id.in_(here), Shift.stands(),
            Shift.ends_at > at - _DAY,
        )
        .order_by(Shift.starts_at, Shift.id)
    )  # fmt: skip
    return list(db.session.execute(query))


def count_shifts(venue: Venue, *, at: datetime) -> int:
    """How many shifts are not over."""
    counted = select(func.count()).select_from(Shift)
    counted = counted.where(Shift.venue_id == venue.id, Shift.stands(), Shift.ends_at > at)
    return db.session.scalar(counted) or 0


def count_blocks(venue: Venue, *, at: datetime) -> int:
    """How many blocks are not over."""
    counted = select(func.count()).select_from(Block)
    counted = counted.where(Block.venue_id == venue.id, Block.removed_at.is_(None), Block.ends_at > at)
    return db.session.scalar(counted) or 0


def dated_blocks(venue: Venue, *, at: datetime) -> Sequence[VenueBlock]:
    """The dated times at which the whole venue takes nobody that are not over."""
    query = select(VenueBlock).where(VenueBlock.venue_id == venue.id, VenueBlock.ends_at > at)
    return db.session.scalars(query.order_by(VenueBlock.id).with_for_update()).all()


def proposals_ahead(venue: Venue) -> Sequence[CounterProposal]:
    """Other times that therapists have suggested and nobody has answered."""
    query = select(CounterProposal).where(CounterProposal.venue_id == venue.id, CounterProposal.status == OPEN)
    return db.session.scalars(query.order_by(CounterProposal.id).with_for_update()).all()


def time_off_ahead(venue: Venue, batches: Collection[object], *, at: datetime) -> Sequence[TimeOff]:
    """Time off that these batches of blocks hold, and what is asked by those who work nowhere else."""
    elsewhere = select(VenueMember.member_id).where(VenueMember.venue_id != venue.id)
    here = select(VenueMember.member_id).where(
        VenueMember.venue_id == venue.id, VenueMember.member_id.not_in(elsewhere)
    )
    asked = (TimeOff.status == REQUESTED) & TimeOff.member_id.in_(here) & (TimeOff.ends_at > at)
    query = select(TimeOff).join(StaffMember, StaffMember.id == TimeOff.member_id)
    query = query.where(TimeOff.organisation_id == venue.organisation_id, or_(TimeOff.batch.in_(batches), asked))
    return db.session.scalars(query.order_by(TimeOff.id).with_for_update(of=TimeOff)).all()


def looks_at(venue: Venue, keys: Collection[int]) -> Sequence[VisitLook]:
    """What therapists know of these treatments."""
    mine = select(BookingItem.id).where(BookingItem.venue_id == venue.id, BookingItem.id.in_(keys))
    return db.session.scalars(select(VisitLook).where(VisitLook.item_id.in_(mine)).with_for_update()).all()


def holds_of(venue: Venue) -> Sequence[SoftHold]:
    """What is being typed just now."""
    return db.session.scalars(select(SoftHold).where(SoftHold.venue_id == venue.id).with_for_update()).all()
