"""Reading blocks and what lies under them, always of one venue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import joinedload, selectinload

from portal.blocks.facts import Held, Label, Place, Span, Underneath
from portal.changes.queries import lock_blocks
from portal.customers.names import fold
from portal.database import db
from portal.errors import known
from portal.models import (
    Block,
    Booking,
    BookingItem,
    Claim,
    Customer,
    Resource,
    Shift,
    StaffMember,
    TimeOff,
    Treatment,
    Venue,
)
from portal.models.absence import APPROVED
from portal.models.booking_states import CANCELLED, COMPLETED, NOSHOW
from portal.team.queries import rooms_of, working_at

_DAY = timedelta(days=1)
# What is over needs no look any more, even if its claims are still there.
OVER = frozenset({COMPLETED, CANCELLED, NOSHOW})
_ASIDE = {"populate_existing": True}


def people_and_rooms(venue: Venue) -> list[Place]:
    """Whom and what can be blocked: the venue's people with a calendar by name, then its rooms in their order."""
    members = db.session.scalars(working_at(venue).options(joinedload(StaffMember.resource)))
    people = [Place(one.uuid, one.name, None, one.resource) for one in members if one.resource is not None]
    shown = [Place(room.uuid, room.name, room.name_en, room) for room in rooms_of(venue)]
    return sorted(people, key=lambda place: fold(place.name)) + shown


def get_block(venue: Venue, block_id: UUID) -> Block:
    """The block with whom it keeps away, also when it was removed. Raises NotFound."""
    query = select(Block).where(Block.venue_id == venue.id, Block.uuid == block_id)
    return known(db.session.scalar(query.options(joinedload(Block.resource))))


def batch_of(venue: Venue, block: Block) -> list[Block]:
    """What was made together with the block and still stands, in order of time."""
    if block.batch is None:
        return [] if block.removed_at else [block]
    query = _live(venue).where(Block.batch == block.batch).options(joinedload(Block.resource))
    return list(db.session.scalars(query.order_by(Block.starts_at, Block.id)))


def made_as(venue: Venue, batch: UUID) -> list[Block]:
    """All blocks of a batch, removed ones too: what a form made that is sent a second time."""
    query = select(Block).where(Block.venue_id == venue.id, Block.batch == batch).options(joinedload(Block.resource))
    return list(db.session.scalars(query.order_by(Block.starts_at, Block.id)))


def lock_standing(venue: Venue, blocks: Iterable[Block]) -> list[Block]:
    """Those of the blocks that still stand, as they are now, held until the transaction ends."""
    return [one for one in lock_blocks(venue, [one.uuid for one in blocks]) if one.removed_at is None]


def time_off_held_by(venue: Venue, batches: Collection[UUID]) -> list[TimeOff]:
    """Approved time off whose time these batches of blocks hold, itself held until the transaction ends."""
    query = select(TimeOff).where(
        TimeOff.organisation_id == venue.organisation_id, TimeOff.status == APPROVED, TimeOff.batch.in_(batches)
    )
    query = query.order_by(TimeOff.id).with_for_update(of=TimeOff).execution_options(**_ASIDE)
    return list(db.session.scalars(query)) if batches else []


def blocks_around(venue: Venue, resource_ids: Collection[int], span: Span) -> list[Block]:
    """Blocks of these people and rooms that touch the time, at any venue of the organisation, with their claims."""
    query = select(Block).where(
        Block.organisation_id == venue.organisation_id, Block.removed_at.is_(None),
        Block.resource_id.in_(resource_ids), Block.starts_at < span.ends_at, Block.ends_at > span.starts_at,
    )  # fmt: skip
    query = query.options(selectinload(Block.claims)).order_by(Block.starts_at, Block.id)
    return list(db.session.scalars(query.execution_options(**_ASIDE)))


def held_in(venue: Venue, resource_ids: Collection[int], span: Span) -> list[Held]:
    """What is reserved of these people and rooms in the time, in order; of a booking elsewhere only when."""
    rows = db.session.execute(
        select(
            Claim.resource_id, Claim.starts_at, Claim.ends_at, Claim.block_id, Claim.venue_id,
            Resource.uuid.label("place"), Resource.name.label("resource"),
            BookingItem.starts_at.label("visit_starts"), BookingItem.ends_at.label("visit_ends"),
            Booking.uuid, Booking.number, Booking.status, Customer.first_name, Customer.last_name,
            Treatment.name, Treatment.name_en,
        )
        .join(Resource, Resource.id == Claim.resource_id)
        .outerjoin(BookingItem, BookingItem.id == Claim.item_id)
        .outerjoin(Booking, Booking.id == BookingItem.booking_id)
        .outerjoin(Customer, Customer.id == Booking.customer_id)
        .outerjoin(Treatment, Treatment.id == BookingItem.treatment_id)
        .where(
            Claim.organisation_id == venue.organisation_id, Claim.resource_id.in_(resource_ids), Claim.active,
            Claim.starts_at < span.ends_at, Claim.starts_at > span.starts_at - _DAY, Claim.ends_at > span.starts_at,
        )
        .order_by(Claim.starts_at, Claim.id)
    )  # fmt: skip
    return [_held(venue, row) for row in rows]


def bookings_under(venue: Venue, block: Block) -> list[Underneath]:
    """The bookings over which the block lies now, in order of time."""
    span = Span(block.starts_at, block.ends_at)
    held = held_in(venue, [block.resource_id], span)
    return [one.visit for one in held if one.visit and one.visit.span.overlaps(span)]


def shifts_of(venue: Venue, resource: Resource, first: date, last: date) -> Sequence[Shift]:
    """Her shifts at the venue that begin on these local dates."""
    query = select(Shift).join(StaffMember, StaffMember.id == Shift.member_id)
    query = query.where(Shift.venue_id == venue.id, StaffMember.resource_id == resource.id, Shift.counts())
    return db.session.scalars(query.where(Shift.day >= first, Shift.day <= last).order_by(Shift.starts_at)).all()


def _live(venue: Venue) -> Select[Block]:
    return select(Block).where(
        Block.organisation_id == venue.organisation_id, Block.venue_id == venue.id, Block.removed_at.is_(None)
    )


def _held(venue: Venue, row: Row[*tuple[Any, ...]]) -> Held:
    span = Span(row.starts_at, row.ends_at)
    is_open = row.block_id is None and row.status not in OVER
    return Held(row.resource_id, span, row.block_id, _underneath(venue, row) if is_open else None)


def _underneath(venue: Venue, row: Row[*tuple[Any, ...]]) -> Underneath:
    span = Span(row.visit_starts, row.visit_ends)
    if row.venue_id != venue.id:
        return Underneath(row.place, row.resource_id, row.resource, span)
    guest = " ".join(part for part in (row.first_name, row.last_name) if part)
    return Underneath(
        row.uuid, row.resource_id, row.resource, span, booking=row.uuid, number=row.number, status=row.status,
        guest=guest, treatment=Label(row.name, row.name_en),
    )  # fmt: skip
