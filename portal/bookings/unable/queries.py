"""Reading which open questions cannot be answered with yes any more, and which closed ones can again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, exists, not_, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal.bookings.slots.seconds import seconds
from portal.database import db
from portal.models import (
    Block,
    Booking,
    BookingItem,
    Claim,
    CounterProposal,
    Offer,
    Qualification,
    Shift,
    StaffMember,
    Venue,
)
from portal.models.booking_states import PENDING
from portal.models.offer import AWAY, BLOCKED, BUSY, CANCELLED, FAR, OFF, OPEN, UNABLE, UNSKILLED
from portal.models.proposal import OPEN as WAITING

# As which kinds of block she is away, rather than kept by something.
_AWAY = ("vacation", "sick", "training")
# No claim is longer than a day, and no way between two venues longer than eight hours: what began before has no say in
# what is to come. With this bound the index of claims is read for what is to come only.
_BEFORE = timedelta(hours=32)


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
        Offer.status == OPEN, _cannot(at), ~_suggests_elsewhere(at)
    )
    return {key: why for key, why in db.session.execute(query.with_only_columns(Offer.id, _why(at)))}  # noqa: C416


def find_able_again(*, at: datetime, booking_id: int | None = None) -> list[int]:
    """Offers, by their keys, that were closed because their therapist could not, and that she could take now."""
    query = _offers(at, None, None, booking_id).where(
        Offer.status == CANCELLED, Offer.reason.in_(UNABLE), not_(_cannot(at)),
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
        .join(Venue, Venue.id == BookingItem.venue_id)
        .where(BookingItem.starts_at > at, Booking.status == PENDING)
        .order_by(Offer.id)
    )
    if organisation_id is not None:
        query = query.where(Offer.organisation_id == organisation_id)
    if people is not None:
        query = query.where(StaffMember.resource_id.in_(people))
    return query if booking_id is None else query.where(Booking.id == booking_id)


def _cannot(at: datetime) -> ColumnElement[bool]:
    return or_(_busy(at), _blocked(at), _off(), _far(at), _unskilled())


def _why(at: datetime) -> ColumnElement[str]:
    away = _blocked(at, Block.kind.in_(_AWAY))
    reasons = ((away, AWAY), (_blocked(at), BLOCKED), (_busy(at), BUSY), (_unskilled(), UNSKILLED), (_off(), OFF))
    return case(*reasons, else_=FAR)


def _hers(at: datetime) -> ColumnElement[bool]:
    return and_(Claim.resource_id == StaffMember.resource_id, Claim.active, Claim.starts_at > at - _BEFORE)


def _in_the_way(at: datetime) -> ColumnElement[bool]:
    return and_(_hers(at), Claim.starts_at < BookingItem.ends_at, Claim.ends_at > BookingItem.starts_at)


def _busy(at: datetime) -> ColumnElement[bool]:
    return exists().where(_in_the_way(at), Claim.item_id != BookingItem.id).correlate(BookingItem, StaffMember)


def _blocked(at: datetime, *kinds: ColumnElement[bool]) -> ColumnElement[bool]:
    lies = exists().where(_in_the_way(at), Block.id == Claim.block_id, *kinds)
    return lies.correlate(BookingItem, StaffMember)


def _far(at: datetime) -> ColumnElement[bool]:
    """She has a guest at another venue, and less time between the two than the way takes."""
    way = Venue.inter_venue_buffer_minutes * 60
    elsewhere = and_(_hers(at), Claim.item_id.is_not(None), Claim.venue_id != BookingItem.venue_id)
    close = and_(
        seconds(Claim.starts_at) < seconds(BookingItem.ends_at) + way,
        seconds(Claim.ends_at) > seconds(BookingItem.starts_at) - way,
    )
    return exists().where(elsewhere, close).correlate(BookingItem, StaffMember, Venue)


def _unskilled() -> ColumnElement[bool]:
    """Something is listed that she can do, and not this."""
    skills = exists().where(Qualification.member_id == Offer.member_id)
    this = skills.where(Qualification.treatment_id == BookingItem.treatment_id)
    return and_(skills.correlate(Offer), ~this.correlate(Offer, BookingItem))


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
