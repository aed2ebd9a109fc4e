"""Reading the guests of a list: a page of them by name, or those who can be meant, and what stands beside each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_

from portal.customers.finding.queries import ACTIVE, closest, meant
from portal.customers.listing.filters import Filters
from portal.customers.wanted import read_wanted
from portal.database import db
from portal.models import Booking, Customer, Venue
from portal.models.booking_states import CANCELLED, CONFIRMED, NOSHOW, PENDING

PAGE = 50
_MONTH = timedelta(days=30.44)


class Visits(NamedTuple):
    """What stands beside a guest: her bookings, the latest visit that began, the next one, and how often she missed."""

    bookings: int = 0
    last: datetime | None = None
    next: datetime | None = None
    noshows: int = 0


def list_by_name(
    venue: Venue, filters: Filters, *, at: datetime, after: UUID | None, before: UUID | None, letter: str
) -> tuple[list[Customer], bool]:
    """One page by last name after or before a guest, or from a letter on, and whether there are more that way.

    One statement, or two when it follows another guest.
    """
    query = _listed(venue, filters, at)
    stop = _place(venue, before or after)
    key = tuple_(Customer.order_key, Customer.id)
    backwards = before is not None and stop is not None
    if stop is not None:
        query = query.where(key < stop if backwards else key > stop)
    elif letter:
        query = query.where(Customer.order_key >= letter)
    order = (Customer.order_key.desc(), Customer.id.desc()) if backwards else (Customer.order_key, Customer.id)
    found = list(db.session.scalars(query.order_by(*order).limit(PAGE + 1)))
    more, found = len(found) > PAGE, found[:PAGE]
    return found[::-1] if backwards else found, more


def list_meant(venue: Venue, filters: Filters, *, at: datetime, page: int) -> tuple[list[Customer], bool]:
    """One page of the guests who can be meant by what was typed, the closest first, and whether there are more."""
    wanted, only = read_wanted(filters.q), conditions(venue, filters, at=at)
    query = select(Customer).where(
        Customer.organisation_id == venue.organisation_id, meant(venue.organisation, wanted, *only)
    )
    query = query.order_by(*closest(venue.organisation, wanted)).limit(PAGE + 1).offset(PAGE * (page - 1))
    found = list(db.session.scalars(query))
    return found[:PAGE], len(found) > PAGE


def matching(venue: Venue, filters: Filters, *, at: datetime) -> Select[Customer]:
    """All guests of a list, whatever page they stand on, and those for whom a search has no page any more."""
    only = conditions(venue, filters, at=at)
    wanted = [meant(venue.organisation, read_wanted(filters.q), *only, most=None)] if filters.q else only
    return select(Customer).where(Customer.organisation_id == venue.organisation_id, *wanted)


def visits_of(venue: Venue, customers: Sequence[Customer], *, at: datetime, here: bool) -> dict[int, Visits]:
    """By the customers' ids, at the venue (`here`) or at all of its organisation; one statement."""
    if not customers:
        return {}
    ids = [customer.id for customer in customers]
    begun = and_(Booking.starts_at <= at, Booking.status.not_in((CANCELLED, NOSHOW)))
    coming = and_(Booking.starts_at > at, Booking.status.in_((PENDING, CONFIRMED)))
    query = select(
        Booking.customer_id,
        func.count(),
        func.max(case((begun, Booking.starts_at))),
        func.min(case((coming, Booking.starts_at))),
        func.sum(case((Booking.status == NOSHOW, 1), else_=0)),
    ).where(Booking.organisation_id == venue.organisation_id, Booking.customer_id.in_(ids))
    if here:
        query = query.where(Booking.venue_id == venue.id)
    return {row[0]: Visits(*row[1:]) for row in db.session.execute(query.group_by(Booking.customer_id))}


def conditions(venue: Venue, filters: Filters, *, at: datetime) -> list[ColumnElement[bool]]:
    """On Customer. Guests of the venue are those who were booked there, and those who were booked nowhere yet."""
    here = [] if filters.where else [Booking.venue_id == venue.id]
    found: list[ColumnElement[bool]] = [ACTIVE if not filters.state else ~ACTIVE]
    if here and not filters.visits:
        found.append(or_(_booked(*here), ~_booked()))
    if filters.flag:
        found.append(Customer.flag == filters.flag)
    if filters.language:
        found.append(Customer.language == filters.language)
    if filters.consent:
        found.append((Customer.email_consent if filters.consent == "email" else Customer.sms_consent).is_(True))
    return [*found, *_by_visits(filters.visits, here, at)]


def _by_visits(visits: str, here: list[ColumnElement[bool]], at: datetime) -> list[ColumnElement[bool]]:
    if visits == "upcoming":
        return [_booked(Booking.starts_at >= at, Booking.status.in_((PENDING, CONFIRMED)), *here)]
    if visits == "never":
        return [~_booked()]
    if visits:
        came = Booking.status.not_in((CANCELLED, NOSHOW))
        since = at - int(visits.removeprefix("unseen")) * _MONTH
        return [_booked(came, *here), ~_booked(came, Booking.starts_at >= since, *here)]
    return []


def _booked(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether there is such a booking of hers: looked up guest by guest, never by reading all bookings of the house."""
    one = select(Booking.id).where(Booking.customer_id == Customer.id, *conditions).correlate(Customer).limit(1)
    return one.scalar_subquery().is_not(None)


def _listed(venue: Venue, filters: Filters, at: datetime) -> Select[Customer]:
    mine = Customer.organisation_id == venue.organisation_id
    return select(Customer).where(mine, *conditions(venue, filters, at=at))


def _place(venue: Venue, guest: UUID | None) -> ColumnElement[Any] | None:
    """Where the guest stands in the list; None when there is no such guest."""
    if guest is None:
        return None
    query = select(Customer.order_key, Customer.id)
    mine = Customer.organisation_id == venue.organisation_id, Customer.uuid == guest
    found = db.session.execute(query.where(*mine)).first()
    return tuple_(*found) if found else None
