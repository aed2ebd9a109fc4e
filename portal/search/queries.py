"""Looking for bookings of a venue, over all dates, and for guests of its organisation who have none there."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

import portal.clock as clock
from portal.customers.finding.queries import ACTIVE, closest, meant
from portal.customers.wanted import Wanted, read_wanted
from portal.database import db
from portal.folding import fold
from portal.models import Assignment, Booking, BookingItem, Customer, Participant, Venue
from portal.models.booking_states import CONFIRMED, ONGOING, PENDING
from portal.models.participant import LEFT

LONGEST = 120
_LEAST = 3
_MOST_NUMBER = 2**53
_LEADING = re.compile(r"^(?:#|n°|no\.?|nr\.?|room|chambre|ch\.?|zimmer)\s*(?=\d)", re.IGNORECASE)
_TODAY, _UPCOMING, _PAST = 1, 2, 3


def find_bookings(venue: Venue, text: str, *, limit: int) -> list[Booking]:
    """Bookings by guest, phone, e-mail, number, partner reference or hotel room: today's, then to come, then past.

    A booking's own number or reference comes before all. Three statements; nothing for too short a text.
    """
    asked = _reference(text)
    ways = [*_by_reference(asked), *_by_guest(venue, read_wanted(text))]
    if not ways:
        return []
    start, end = clock.day_bounds(venue.today(), venue.timezone)
    when = case((Booking.starts_at < start, _PAST), (Booking.starts_at >= end, _UPCOMING), else_=_TODAY)
    order = (
        case((or_(*_named_exactly(asked)), 0), else_=when),
        case((Booking.starts_at >= start, Booking.starts_at)).asc().nulls_last(),
        Booking.starts_at.desc(),
        Booking.id,
    )
    return _load(_bookings(venue).where(or_(*ways)).order_by(*order).limit(limit))


def list_present(venue: Venue, at: datetime, *, limit: int) -> list[Booking]:
    """The bookings whose guests are in the spa at that instant, in the order of their times; three statements."""
    return _load(_bookings(venue).where(_is_present(venue, at)).order_by(Booking.starts_at, Booking.id).limit(limit))


def count_present(venue: Venue, at: datetime) -> int:
    """How many guests are in the spa: arrived, or in treatment."""
    query = select(func.sum(Booking.guest_count)).where(_is_of(venue), _is_present(venue, at))
    return int(db.session.scalar(query) or 0)


def find_strangers(venue: Venue, text: str, *, limit: int) -> list[Customer]:
    """Guests of the organisation who can be meant and have no booking at the venue."""
    wanted = read_wanted(text)
    if wanted.is_too_short:
        return []
    came = exists().where(Booking.customer_id == Customer.id, Booking.venue_id == venue.id)
    found = meant(venue.organisation, wanted, ACTIVE, ~came)
    query = select(Customer).where(Customer.organisation_id == venue.organisation_id, found)
    return list(db.session.scalars(query.order_by(*closest(venue.organisation, wanted)).limit(limit)))


def _reference(text: str) -> str:
    """What was typed, as a number or a reference is compared: `room 212` is `212`."""
    plain = " ".join("".join(sign for sign in text[:LONGEST] if sign.isprintable()).split())
    return _LEADING.sub("", plain).lower()


def _named_exactly(asked: str) -> list[ColumnElement[bool]]:
    """The booking that goes by this very number or reference."""
    own = [func.lower(Booking.external_reference) == asked, func.lower(Booking.external_id) == asked]
    if asked.isascii() and asked.isdigit() and int(asked) < _MOST_NUMBER:
        own.append(Booking.number == int(asked))
    return own


def _by_reference(asked: str) -> list[ColumnElement[bool]]:
    if not asked:
        return []
    ways = [*_named_exactly(asked), func.lower(Booking.room_number) == asked]
    if len(asked) >= _LEAST:
        columns = (Booking.external_reference, Booking.external_id)
        ways += [func.lower(column).contains(asked, autoescape=True) for column in columns]
    return ways


def _by_guest(venue: Venue, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Those of the guest whose booking it is, and of whoever takes part in it."""
    if wanted.is_too_short:
        return []
    found = select(Customer.id).where(meant(venue.organisation, wanted))
    takes_part = exists().where(
        Participant.booking_id == Booking.id, Participant.venue_id == venue.id, Participant.status != LEFT,
        or_(Participant.customer_id.in_(found), *_by_name_alone(wanted)),
    )  # fmt: skip
    return [Booking.customer_id.in_(found), takes_part]


def _by_name_alone(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Guests whose name was noted and nothing else; accents count as they were typed."""
    if not wanted.words:
        return []
    return [and_(*[func.lower(Participant.name).contains(fold(word), autoescape=True) for word in wanted.words])]


def _is_present(venue: Venue, at: datetime) -> ColumnElement[bool]:
    start, end = clock.day_bounds(venue.today(), venue.timezone)
    today = or_(and_(Booking.starts_at >= start, Booking.starts_at < end), Booking.ends_at > at)
    arrived = and_(Booking.arrived_at.is_not(None), Booking.status.in_((PENDING, CONFIRMED)))
    return and_(today, or_(Booking.status == ONGOING, arrived))


def _is_of(venue: Venue) -> ColumnElement[bool]:
    return and_(Booking.organisation_id == venue.organisation_id, Booking.venue_id == venue.id)


def _bookings(venue: Venue) -> Select[Booking]:
    return select(Booking).where(_is_of(venue))


def _load(query: Select[Any]) -> list[Booking]:
    """With guest, treatments and therapists."""
    items = selectinload(Booking.items).options(
        joinedload(BookingItem.treatment),
        joinedload(BookingItem.variant),
        selectinload(BookingItem.assignments).joinedload(Assignment.member),
    )
    return list(db.session.scalars(query.options(joinedload(Booking.customer), items)))
