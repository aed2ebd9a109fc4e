"""Reading guests: of an organisation when they are recognised, of a venue when they are listed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Select, Subquery, and_, bindparam, case, exists, func, or_, select, union_all
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

import portal.clock as clock
from portal.customers.finding.queries import ACTIVE, closest, meant
from portal.customers.likeness import Known
from portal.customers.local_day import local_day
from portal.customers.wanted import read_wanted
from portal.database import db
from portal.errors import known
from portal.folding import sound
from portal.models import (
    Booking,
    BookingItem,
    Customer,
    CustomerKey,
    CustomerLink,
    CustomerNote,
    GuestMerge,
    Organisation,
    Treatment,
    Variant,
    Venue,
)
from portal.models.booking_states import CANCELLED, NOSHOW, PAID_STATUSES
from portal.models.customer_key import LONGEST, SOUND, TAIL, TAIL_DIGITS
from portal.models.guest_merge import is_called, told_apart

Q = TypeVar("Q", bound=Select[*tuple[Any, ...]])

# What is counted of a guest's bookings, for partners and for the desk alike: all of them whatever their status, the
# start of the latest, and what was paid in minor units.
TOTALS = (
    func.count().label("bookings"),
    func.max(Booking.starts_at).label("last"),
    func.sum(case((Booking.payment_status.in_(PAID_STATUSES), Booking.price_minor), else_=0)).label("spent"),
)
MOST_ALIKE = 30


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


# Guests who became another one keep their number: it leads to her.
_KNOWN_BY = select(GuestMerge.customer_id).where(
    GuestMerge.organisation_id == bindparam("organisation_id"), GuestMerge.phone == bindparam("phone")
)


# Built once: putting it together takes as long as running it. No e-mail equals none.
_MATCH = (
    select(Customer)
    .where(
        Customer.organisation_id == bindparam("organisation_id"),
        or_(
            Customer.phone == bindparam("phone"),
            and_(Customer.email_key == bindparam("email_key"), Customer.phone.is_(None)),
            Customer.id.in_(_KNOWN_BY),
        ),
    )
    .order_by(Customer.phone.is_(None), Customer.phone != bindparam("phone"), Customer.id)
    .limit(1)
)


class Guest(NamedTuple):
    """A customer as one venue knows her: her bookings, the day of the latest, what she paid (minor units)."""

    customer: Customer
    bookings: int
    last_visit: date
    spent_minor: int


class Usual(NamedTuple):
    """What one venue knows of a guest: what she usually takes, when she came last, how often she did and did not."""

    variant: Variant | None = None
    last_visit: datetime | None = None
    visits: int = 0
    noshows: int = 0


def find_customer(venue: Venue, customer_id: UUID) -> Customer | None:
    """A guest of the venue's organisation; of somebody who became another guest that one."""
    query = select(Customer).where(Customer.organisation_id == venue.organisation_id, is_called(customer_id))
    return db.session.scalar(query)


def find_by_former_number(organisation: Organisation, phone: str) -> Customer | None:
    """Whose number this was before she became another guest: that one."""
    query = select(Customer).join(GuestMerge, GuestMerge.customer_id == Customer.id)
    return db.session.scalar(query.where(GuestMerge.organisation_id == organisation.id, GuestMerge.phone == phone))


def find_guests(organisation: Organisation, text: str, *, limit: int = 8) -> list[Customer]:
    """Guests by parts of the name in any order, of the phone in any writing, or of the e-mail address.

    What begins as it was typed comes first, then whoever was booked last; nobody who was put aside. One statement;
    nobody for too short a text.
    """
    wanted = read_wanted(text)
    if wanted.is_too_short:
        return []
    query = select(Customer).where(Customer.organisation_id == organisation.id, meant(organisation, wanted, ACTIVE))
    return list(db.session.scalars(query.order_by(*closest(organisation, wanted)).limit(limit)))


def usual_of(venue: Venue, customer: Customer) -> Usual:
    """What the guest usually takes at the venue, and her visits there."""
    return usuals_of(venue, [customer])[customer.id]


def usuals_of(venue: Venue, customers: list[Customer]) -> dict[int, Usual]:
    """By the customers' ids: the variant booked most often since a year ago, the latest of equals; two statements."""
    if not customers:
        return {}
    ids, at = [customer.id for customer in customers], clock.now()
    visits = {row[0]: row[1:] for row in db.session.execute(_came(venue, ids, at))}
    variants: dict[int, Variant] = {}
    for customer_id, variant, *_order in db.session.execute(_taken(venue, ids, at - timedelta(days=365))):
        variants.setdefault(customer_id, variant)
    return {one: Usual(variants.get(one), *visits.get(one, (None, 0, 0))) for one in ids}


def find_by_email(organisation: Organisation, email_key: str) -> Customer | None:
    """Who has this address, folded: the oldest."""
    query = select(Customer).where(Customer.organisation_id == organisation.id, Customer.email_key == email_key)
    return db.session.scalar(query.order_by(Customer.id).limit(1))


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


def lock_note(organisation: Organisation, customer: Customer, note: UUID) -> CustomerNote:
    """A note about the guest, held until the transaction ends. Raises NotFound."""
    query = select(CustomerNote).where(
        CustomerNote.organisation_id == organisation.id, CustomerNote.customer_id == customer.id,
        CustomerNote.uuid == note,
    )  # fmt: skip
    return known(db.session.scalar(query.with_for_update().execution_options(populate_existing=True)))


def find_link(organisation: Organisation, customer: Customer, other: Customer) -> CustomerLink | None:
    """What says that the one books for the other."""
    return db.session.scalar(
        select(CustomerLink).where(
            CustomerLink.organisation_id == organisation.id, CustomerLink.customer_id == customer.id,
            CustomerLink.other_id == other.id,
        )
    )  # fmt: skip


def lock_link(organisation: Organisation, customer: Customer, link: UUID) -> CustomerLink:
    """A link of the guest in either direction, held until the transaction ends. Raises NotFound."""
    query = select(CustomerLink).where(
        CustomerLink.organisation_id == organisation.id, CustomerLink.uuid == link,
        or_(CustomerLink.customer_id == customer.id, CustomerLink.other_id == customer.id),
    )  # fmt: skip
    return known(db.session.scalar(query.with_for_update(of=CustomerLink)))


def get_customer(venue: Venue, customer_id: UUID) -> Customer:
    """A guest of the venue's organisation, with the therapist whom she prefers. Raises NotFound."""
    query = select(Customer).where(Customer.organisation_id == venue.organisation_id, is_called(customer_id))
    return known(db.session.scalar(query.options(joinedload(Customer.preferred_therapist))))


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
    query = select(Customer).where(Customer.organisation_id == venue.organisation_id, is_called(customer_id))
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


def _came(venue: Venue, ids: list[int], at: datetime) -> Select[*tuple[Any, ...]]:
    """Per customer the latest visit begun by then, how many there were, and how many she missed."""
    begun = and_(Booking.starts_at <= at, Booking.status.not_in((CANCELLED, NOSHOW)))
    columns = (
        Booking.customer_id,
        func.max(case((begun, Booking.starts_at))),
        func.sum(case((begun, 1), else_=0)),
        func.sum(case((Booking.status == NOSHOW, 1), else_=0)),
    )
    return _of_venue(select(*columns), venue).where(Booking.customer_id.in_(ids)).group_by(Booking.customer_id)


def _taken(venue: Venue, ids: list[int], since: datetime) -> Select[*tuple[Any, ...]]:
    """Per customer the variants that can still be had, by how often they were booked since then."""
    times, latest = func.count().label("times"), func.max(BookingItem.starts_at).label("latest")
    return (
        _of_venue(select(Booking.customer_id, Variant, times, latest), venue)
        .join(BookingItem, BookingItem.booking_id == Booking.id)
        .join(Variant, Variant.id == BookingItem.variant_id)
        .join(Treatment, Treatment.id == Variant.treatment_id)
        .options(contains_eager(Variant.treatment))
        .where(Booking.customer_id.in_(ids), BookingItem.starts_at >= since, Variant.active, Treatment.active)
        .where(Booking.status.not_in((CANCELLED, NOSHOW)))
        .group_by(Booking.customer_id, Variant.id, Treatment.id)
        .order_by(Booking.customer_id, times.desc(), latest.desc())
    )


def _visits(venue: Venue) -> Subquery:
    return _of_venue(select(Booking.customer_id, *TOTALS), venue).group_by(Booking.customer_id).subquery()


def _of_venue(query: Q, venue: Venue) -> Q:
    return query.where(Booking.organisation_id == venue.organisation_id, Booking.venue_id == venue.id)


def alike(organisation: Organisation, typed: Known, *, but: int | None = None) -> list[Customer]:
    """Guests who share a key with somebody, whoever was told apart from `but` left out: one statement.

    Each way is looked up by itself: PostgreSQL answers an OR of them by reading all guests.
    """
    shared: list[Select[int]] = []
    keys = _keys_of(typed)
    if keys:
        mine = CustomerKey.organisation_id == organisation.id
        shared.append(select(CustomerKey.customer_id).where(mine, CustomerKey.key.in_(keys)))
    if typed.email_key:
        her = aliased(Customer)
        same = her.organisation_id == organisation.id, her.email_key == typed.email_key
        shared.append(select(her.id).where(*same))
    if not shared:
        return []
    query = select(Customer).where(Customer.organisation_id == organisation.id, Customer.id.in_(union_all(*shared)))
    if but is not None:
        query = query.where(Customer.id != but, ~told_apart(Customer.id, but))
    return list(db.session.scalars(query.order_by(Customer.id).limit(MOST_ALIKE)))


def _keys_of(typed: Known) -> list[str]:
    heard, digits = sound(typed.name_key), (typed.phone or "").lstrip("+")
    found = [f"{SOUND}{heard}"[:LONGEST]] if heard else []
    return found + ([f"{TAIL}{digits[-TAIL_DIGITS:]}"] if len(digits) > TAIL_DIGITS else [])
