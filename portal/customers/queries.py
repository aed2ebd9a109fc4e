"""Reading guests: of an organisation when they are recognised, of a venue when they are listed."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Select, Subquery, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.customers.local_day import local_day
from portal.database import db
from portal.models import Booking, BookingItem, Customer, Organisation, Venue
from portal.models.booking import PAID_STATUSES

Q = TypeVar("Q", bound=Select[*tuple[Any, ...]])


# Recognising a guest is part of every booking: the statements are put together once.
_same_phone = Customer.phone == bindparam("phone")
_same_email = (Customer.email_key == bindparam("email_key")) & Customer.phone.is_(None)
_of_organisation = (
    select(Customer)
    .where(Customer.organisation_id == bindparam("organisation"))
    .order_by(Customer.phone.is_(None), Customer.id)
    .limit(1)
)
_SAME_PHONE = _of_organisation.where(_same_phone)
_SAME_PHONE_OR_EMAIL = _of_organisation.where(_same_phone | _same_email)


# Built once: putting it together takes as long as running it. No e-mail equals none.
_MATCH = (
    select(Customer)
    .where(
        Customer.organisation_id == bindparam("organisation_id"),
        or_(
            Customer.phone == bindparam("phone"),
            and_(Customer.email_key == bindparam("email_key"), Customer.phone.is_(None)),
        ),
    )
    .order_by(Customer.phone.is_(None), Customer.id)
    .limit(1)
)


class Guest(NamedTuple):
    """A customer as one venue knows her: her bookings, the day of the latest, what she paid (minor units)."""

    customer: Customer
    bookings: int
    last_visit: date
    spent_minor: int


def find_match(organisation: Organisation, *, phone: str, email_key: str | None) -> Customer | None:
    """The customer with this phone, else the oldest without any phone who has this e-mail."""
    asked = {"organisation_id": organisation.id, "phone": phone, "email_key": email_key}
    return db.session.scalar(_MATCH, asked)


def find_by_phone(organisation: Organisation, phone: str) -> Customer:
    """The customer with this phone, who exists."""
    query = select(Customer).where(Customer.organisation_id == organisation.id, Customer.phone == phone)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def lock_customer(organisation: Organisation, customer: Customer) -> Customer:
    """The customer as she is now, held until the transaction ends; bookings may still point to her meanwhile."""
    query = select(Customer).where(Customer.organisation_id == organisation.id, Customer.id == customer.id)
    locked = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return db.session.scalars(locked).one()


def list_guests(venue: Venue, *, limit: int, offset: int) -> list[Guest]:
    """Customers with at least one booking at the venue: by the day of their last visit, newest first, then id."""
    visits = _visits(venue)
    day = local_day(visits.c.last, venue.timezone)
    rows = db.session.execute(
        select(Customer, visits.c.bookings, day.label("day"), visits.c.spent)
        .join(visits, visits.c.customer_id == Customer.id)
        .where(Customer.organisation_id == venue.organisation_id)
        .order_by(day.desc(), Customer.uuid)
        .limit(limit)
        .offset(offset)
    )
    return [Guest(customer, bookings, last, int(spent)) for customer, bookings, last, spent in rows]


def count_guests(venue: Venue) -> int:
    """How many customers have at least one booking at the venue."""
    return db.session.scalar(_of_venue(select(func.count(Booking.customer_id.distinct())), venue)) or 0


def find_guest(venue: Venue, customer_id: UUID) -> Customer | None:
    """The customer, if she has at least one booking at the venue."""
    came = exists().where(Booking.customer_id == Customer.id, Booking.venue_id == venue.id)
    query = select(Customer).where(Customer.organisation_id == venue.organisation_id, Customer.uuid == customer_id)
    return db.session.scalar(query.where(came))


def list_bookings(venue: Venue, customer: Customer, *, limit: int, offset: int) -> list[Booking]:
    """Her bookings at the venue with their treatments, newest first."""
    return list(
        db.session.scalars(
            _of_venue(select(Booking), venue)
            .where(Booking.customer_id == customer.id)
            .order_by(Booking.starts_at.desc(), Booking.id.desc())
            .limit(limit)
            .offset(offset)
            .options(
                selectinload(Booking.items).options(joinedload(BookingItem.treatment), joinedload(BookingItem.variant))
            )
        )
    )


def count_bookings(venue: Venue, customer: Customer) -> int:
    """How many bookings she has at the venue."""
    query = _of_venue(select(func.count(Booking.id)), venue).where(Booking.customer_id == customer.id)
    return db.session.scalar(query) or 0


def _visits(venue: Venue) -> Subquery:
    paid = case((Booking.payment_status.in_(PAID_STATUSES), Booking.price_minor), else_=0)
    columns = (
        Booking.customer_id,
        func.count().label("bookings"),
        func.max(Booking.starts_at).label("last"),
        func.sum(paid).label("spent"),
    )
    return _of_venue(select(*columns), venue).group_by(Booking.customer_id).subquery()


def _of_venue(query: Q, venue: Venue) -> Q:
    return query.where(Booking.organisation_id == venue.organisation_id, Booking.venue_id == venue.id)
