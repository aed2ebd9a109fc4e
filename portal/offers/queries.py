"""Reading what a therapist was asked and what she holds, over all venues she works at."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import BindParameter, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from portal.database import db
from portal.errors import known
from portal.models import Assignment, Booking, BookingItem, Claim, Offer, StaffMember, Venue, VenueMember
from portal.models.booking_states import CANCELLED
from portal.models.offer import CANCELLED as CANCELLED_OFFER
from portal.models.offer import OPEN, TAKEN

# An answered offer stays in its place for so long, so that a second tap does not hit the next one.
LINGER = timedelta(seconds=20)

_MEMBER: BindParameter[int] = bindparam("member")
_IS_ASKED = (Offer.organisation_id == bindparam("organisation"), Offer.member_id == _MEMBER)
_WORKS_THERE = exists().where(VenueMember.venue_id == Offer.venue_id, VenueMember.member_id == _MEMBER)
_IS_HERS = exists().where(
    Assignment.item_id == BookingItem.id, Assignment.member_id == _MEMBER, Assignment.ended_at.is_(None)
)


def list_offers(member: StaffMember, *, at: datetime, with_visits: bool = False) -> list[Offer]:
    """Her open offers whose time has not begun, and those that were answered or closed just now; by time.

    With the whole visit of each, whoever serves it, only when asked for.
    """
    asked = {**_her(member), "at": at, "lingers_from": at - LINGER}
    return list(db.session.scalars(_listed(with_visits=with_visits), asked))


def count_open(member: StaffMember, *, at: datetime) -> int:
    """How many offers wait for her answer."""
    asked = select(func.count(Offer.id)).join(BookingItem, BookingItem.id == Offer.item_id)
    waiting = asked.where(*_IS_ASKED, Offer.status == OPEN, BookingItem.starts_at > at, _WORKS_THERE)
    return db.session.scalar(waiting, _her(member)) or 0


def find_in_the_way(member: StaffMember, item: BookingItem) -> BookingItem | None:
    """What she treats at the time of an item that she was asked for: the one that begins first."""
    visits = list_visits(member, start=item.starts_at, end=item.ends_at)
    return next((one for one in visits if one.id != item.id), None)


def get_offer(venue: Venue, member: StaffMember, offer_id: UUID) -> Offer:
    """One offer of the venue to this member, whatever became of it. Raises NotFound."""
    return known(
        db.session.scalar(
            _offers(with_visits=True).where(Offer.venue_id == venue.id, Offer.uuid == offer_id), _her(member)
        )
    )


def list_visits(member: StaffMember, *, start: datetime, end: datetime) -> list[BookingItem]:
    """What she treats and is to treat between two instants, cancelled bookings excepted; in order of time."""
    return list(db.session.scalars(_visits(), {**_her(member), "start": start, "end": end}))


def get_own_booking(venue: Venue, member: StaffMember, booking_id: UUID) -> Booking:
    """A booking of the venue that she holds or was asked about. Raises NotFound."""
    asked = exists().where(Offer.item_id == BookingItem.id, Offer.member_id == member.id)
    return known(
        db.session.scalar(
            select(Booking).where(
                Booking.organisation_id == venue.organisation_id,
                Booking.venue_id == venue.id,
                Booking.uuid == booking_id,
                Booking.items.any(or_(asked, _IS_HERS)),
            ),
            _her(member),
        )
    )


def _her(member: StaffMember) -> dict[str, int]:
    """What the statements below are asked with. They are made once: that takes longer than to run them."""
    return {"organisation": member.organisation_id, "member": member.id}


@cache
def _listed(*, with_visits: bool) -> Select[Offer]:
    waiting = and_(Offer.status == OPEN, BookingItem.starts_at > bindparam("at"))
    # A visit that she had accepted and that went away is no offer: it stands among what is no longer hers.
    lost = and_(Offer.status.in_((TAKEN, CANCELLED_OFFER)), Offer.answered_at.is_not(None))
    lingers = and_(Offer.closed_at > bindparam("lingers_from"), ~lost)
    mine = _offers(with_visits=with_visits).where(or_(waiting, lingers), _WORKS_THERE)
    return mine.order_by(BookingItem.starts_at, Offer.id)


@cache
def _offers(*, with_visits: bool) -> Select[Offer]:
    visit = selectinload(Booking.items).options(
        joinedload(BookingItem.variant),
        joinedload(BookingItem.treatment),
        selectinload(BookingItem.assignments).joinedload(Assignment.member),
    )
    booking = (joinedload(Booking.venue), joinedload(Booking.api_key), *((visit,) if with_visits else ()))
    return (
        select(Offer)
        .join(BookingItem, BookingItem.id == Offer.item_id)
        .where(*_IS_ASKED)
        .options(
            joinedload(Offer.item).options(
                joinedload(BookingItem.booking).options(*booking),
                selectinload(BookingItem.offers),
                *_item_details(),
            )
        )
    )


@cache
def _visits() -> Select[BookingItem]:
    booking = joinedload(BookingItem.booking).options(joinedload(Booking.customer), joinedload(Booking.venue))
    return (
        select(BookingItem)
        .join(Booking, Booking.id == BookingItem.booking_id)
        .where(
            Booking.organisation_id == bindparam("organisation"),
            Booking.status != CANCELLED,
            BookingItem.ends_at > bindparam("start"),
            BookingItem.starts_at < bindparam("end"),
            _IS_HERS,
        )
        .options(booking, *_item_details())
        .order_by(BookingItem.starts_at, BookingItem.id)
    )


def _item_details() -> tuple[_AbstractLoad, ...]:
    return (
        joinedload(BookingItem.treatment),
        selectinload(BookingItem.claims).joinedload(Claim.resource),
    )
