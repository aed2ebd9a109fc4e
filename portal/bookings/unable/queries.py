"""Reading which open questions cannot be answered with yes any more, and which closed ones can again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal.database import db
from portal.models import Block, Booking, BookingItem, Claim, CounterProposal, Offer, Shift, StaffMember
from portal.models.booking_states import PENDING
from portal.models.offer import AWAY, BLOCKED, BUSY, CANCELLED, OFF, OPEN, UNABLE
from portal.models.proposal import OPEN as WAITING

# As which kinds of block she is away, rather than kept by something.
_AWAY = ("vacation", "sick", "training")


def find_unable(
    *,
    at: datetime,
    organisation_id: int | None = None,
    people: Collection[int] | None = None,
    booking_id: int | None = None,
) -> dict[int, str]:
    """Open offers, by their keys, whose therapist cannot take them, and why; the time must be to come.

    One with a suggestion that waits for the desk stays while she is free at the suggested time. `people` are the
    therapists' resources; without an organisation it is asked of all venues.
    """
    query = _offers(at, organisation_id, people, booking_id).where(
        Offer.status == OPEN, or_(_busy(), _blocked(), _off()), ~_suggests_elsewhere(at)
    )
    return {key: why for key, why in db.session.execute(query.with_only_columns(Offer.id, _why()))}  # noqa: C416


def find_able_again(*, at: datetime, booking_id: int | None = None) -> list[int]:
    """Offers, by their keys, that were closed because their therapist could not, and that she could take now."""
    query = _offers(at, None, None, booking_id).where(
        Offer.status == CANCELLED, Offer.reason.in_(UNABLE), ~_busy(), ~_blocked(), ~_off(),
        BookingItem.therapists_assigned < BookingItem.guest_count,
    )  # fmt: skip
    return list(db.session.scalars(query))


def bookings_of(offer_ids: Collection[int]) -> list[Booking]:
    """The bookings of these offers with their venues, in the order of their keys."""
    mine = select(BookingItem.booking_id).join(Offer, Offer.item_id == BookingItem.id).where(Offer.id.in_(offer_ids))
    query = select(Booking).where(Booking.id.in_(mine)).options(joinedload(Booking.venue))
    return list(db.session.scalars(query.order_by(Booking.id)))


def lock_offers(organisation_id: int, offer_ids: Collection[int]) -> list[Offer]:
    """Those of the offers that are still open, as they are now, with all that were asked beside; their bookings are
    held until the transaction ends.
    """
    mine = select(BookingItem.booking_id).join(Offer, Offer.item_id == BookingItem.id).where(Offer.id.in_(offer_ids))
    held = select(Booking.id).where(Booking.organisation_id == organisation_id, Booking.id.in_(mine))
    db.session.execute(held.order_by(Booking.id).with_for_update()).all()
    query = (
        select(Offer)
        .where(Offer.organisation_id == organisation_id, Offer.id.in_(offer_ids), Offer.status == OPEN)
        .options(
            joinedload(Offer.member),
            joinedload(Offer.item).options(
                selectinload(BookingItem.offers),
                joinedload(BookingItem.booking).joinedload(Booking.venue),
            ),
        )
        .order_by(Offer.id)
    )
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _offers(
    at: datetime, organisation_id: int | None, people: Collection[int] | None, booking_id: int | None
) -> Select[int]:
    query = (
        select(Offer.id)
        .join(BookingItem, BookingItem.id == Offer.item_id)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .join(StaffMember, StaffMember.id == Offer.member_id)
        .where(BookingItem.starts_at > at, Booking.status == PENDING)
        .order_by(Offer.id)
    )
    if organisation_id is not None:
        query = query.where(Offer.organisation_id == organisation_id)
    if people is not None:
        query = query.where(StaffMember.resource_id.in_(people))
    return query if booking_id is None else query.where(Booking.id == booking_id)


def _why() -> ColumnElement[str]:
    away = _blocked(Block.kind.in_(_AWAY))
    return case((away, AWAY), (_blocked(), BLOCKED), (_busy(), BUSY), else_=OFF)


def _in_the_way() -> ColumnElement[bool]:
    overlap = (Claim.starts_at < BookingItem.ends_at) & (Claim.ends_at > BookingItem.starts_at)
    return and_(Claim.resource_id == StaffMember.resource_id, Claim.active, overlap)


def _busy() -> ColumnElement[bool]:
    return exists().where(_in_the_way(), Claim.item_id != BookingItem.id).correlate(BookingItem, StaffMember)


def _blocked(*kinds: ColumnElement[bool]) -> ColumnElement[bool]:
    lies = exists().where(_in_the_way(), Block.id == Claim.block_id, *kinds)
    return lies.correlate(BookingItem, StaffMember)


def _off() -> ColumnElement[bool]:
    """No shift of hers at the venue holds its start, or none its end: shifts that touch are one."""
    hers = and_(Shift.member_id == Offer.member_id, Shift.venue_id == BookingItem.venue_id, Shift.counts())
    begins = exists().where(hers, Shift.starts_at <= BookingItem.starts_at, Shift.ends_at > BookingItem.starts_at)
    ends = exists().where(hers, Shift.starts_at < BookingItem.ends_at, Shift.ends_at >= BookingItem.ends_at)
    return ~and_(begins.correlate(Offer, BookingItem), ends.correlate(Offer, BookingItem))


def _suggests_elsewhere(at: datetime) -> ColumnElement[bool]:
    other = aliased(Claim)
    taken = exists().where(
        other.resource_id == StaffMember.resource_id, other.active,
        other.starts_at < CounterProposal.ends_at, other.ends_at > CounterProposal.starts_at,
    )  # fmt: skip
    waits = exists().where(
        CounterProposal.offer_id == Offer.id, CounterProposal.status == WAITING, CounterProposal.expires_at > at,
        ~taken.correlate(StaffMember, CounterProposal),
    )  # fmt: skip
    return waits.correlate(Offer, StaffMember)
