"""Reading what the house holds of one person, always of one organisation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import known
from portal.models import (
    Booking,
    BookingEvent,
    Customer,
    CustomerLink,
    Event,
    GuestImport,
    GuestMerge,
    Organisation,
    Participant,
    Resource,
    StaffMember,
    TicketOrder,
    TicketType,
    Treatment,
    Variant,
    Venue,
)
from portal.models.booking_states import CONFIRMED, ONGOING, PENDING
from portal.models.guest_import import CANCELLED, DONE, FAILED
from portal.models.participant import EXPECTED
from portal.persons.holding import Holding
from portal.persons.person import Person, words_of

# What stands for a row of another table when a person reads it.
_NAMES: dict[str, tuple[Any, Any]] = {
    "venue": (Venue.id, Venue.name),
    "treatment": (Treatment.id, Treatment.name),
    "variant": (Variant.id, Variant.label),
    "staff_member": (StaffMember.id, StaffMember.first_name),
    "resource": (Resource.id, Resource.name),
    "booking": (Booking.id, Booking.number),
    "event": (Event.id, Event.name),
    "ticket_type": (TicketType.id, TicketType.name),
}
_CHUNK = 500


def get_guest(organisation: Organisation, name: UUID) -> Customer:
    """The guest. Raises NotFound."""
    return known(db.session.scalar(_of(organisation).where(Customer.uuid == name)))


def lock_guest(organisation: Organisation, name: UUID) -> Customer:
    """The guest as she is now. Until the transaction ends nothing can be booked for her. Raises NotFound."""
    query = _of(organisation).where(Customer.uuid == name).with_for_update(of=Customer)
    return known(db.session.scalar(query.execution_options(populate_existing=True)))


def person_of(organisation: Organisation, customer: Customer) -> Person:
    """She as the person map knows her: four statements."""
    merges = select(GuestMerge.lost, GuestMerge.phone).where(GuestMerge.customer_id == customer.id)
    merged = db.session.execute(merges).all()
    numbers = [number for number in (customer.phone, *[one.phone for one in merged]) if number]
    her = Person(
        id=customer.id,
        organisation_id=organisation.id,
        names=(customer.uuid, *[one.lost for one in merged]),
        words=words_of(customer, numbers),
        address=customer.email_key,
    )
    named = db.session.scalars(select(Booking.uuid).where(Booking.customer_id == customer.id))
    steps = BookingEvent.details["change"].as_string()
    lines = select(steps).where(
        or_(BookingEvent.booking_id.in_(her.bookings), BookingEvent.booking_id.in_(her.shared)), steps.is_not(None)
    )
    changes = {UUID(one) for one in db.session.scalars(lines.distinct()) if one}
    return replace(her, bookings_named=frozenset(str(one) for one in named), changes=tuple(sorted(changes)))


def upcoming_of(organisation: Organisation, customer: Customer, *, at: datetime) -> list[Booking]:
    """Bookings of hers, and of others in which she is expected, that are not over; the soonest first."""
    seated = select(Participant.booking_id).where(
        Participant.customer_id == customer.id, Participant.status.in_(EXPECTED)
    )
    query = (
        select(Booking)
        .where(
            Booking.organisation_id == organisation.id,
            or_(Booking.customer_id == customer.id, Booking.id.in_(seated)),
            Booking.status.in_((PENDING, CONFIRMED, ONGOING)),
            Booking.ends_at > at,
        )
        .order_by(Booking.starts_at)
        .options(joinedload(Booking.venue), selectinload(Booking.items))
    )
    return list(db.session.scalars(query))


def has_tickets_to_come(organisation: Organisation, customer: Customer, *, at: datetime) -> bool:
    """Whether she has bought or holds tickets of an event that is not over."""
    query = (
        select(TicketOrder.id)
        .join(Event, Event.id == TicketOrder.event_id)
        .where(
            TicketOrder.organisation_id == organisation.id,
            TicketOrder.customer_id == customer.id,
            TicketOrder.status.in_(("pending", "paid", "free")),
            Event.ends_at > at,
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def count_rows(her: Person, holding: Holding) -> int:
    """How many rows of a table are hers."""
    query = select(func.count()).select_from(holding.model).where(holding.rows(her))
    return db.session.scalar(query) or 0


def rows_of(her: Person, holding: Holding) -> list[dict[str, Any]]:
    """Her rows of a table, all columns, in the order in which they were made."""
    table = cast("Table", holding.model.__table__)
    query = select(table).where(holding.rows(her)).order_by(*table.primary_key.columns)
    return [dict(row) for row in db.session.execute(query).mappings()]


def names_in(table: str, ids: Iterable[int]) -> dict[int, Any]:
    """What a person reads in the place of rows of another table; those that came from rows read in scope."""
    key, name = _NAMES[table]
    found: dict[int, Any] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _CHUNK):
        rows = db.session.execute(select(key, name).where(key.in_(wanted[start : start + _CHUNK])))
        found |= {row[0]: row[1] for row in rows}
    return found


def is_named(table: str) -> bool:
    """Whether rows of the table have a name that a person can read."""
    return table in _NAMES


def links_of(organisation: Organisation, customer: Customer) -> list[dict[str, Any]]:
    """Whom she books for, and who books for her: first names only, the others are people too."""
    pairs = ((CustomerLink.customer_id, CustomerLink.other_id), (CustomerLink.other_id, CustomerLink.customer_id))
    found: list[dict[str, Any]] = []
    for (hers, others), kind in zip(pairs, ("books_for", "booked_by"), strict=True):
        query = (
            select(Customer.first_name, CustomerLink.relation, CustomerLink.created_at)
            .join(Customer, Customer.id == others)
            .where(CustomerLink.organisation_id == organisation.id, hers == customer.id)
            .order_by(CustomerLink.id)
        )
        found += [{"kind": kind, **row} for row in db.session.execute(query).mappings()]
    return found


def waiting_imports(organisation: Organisation) -> list[GuestImport]:
    """Files of guests that are not taken over yet, held until the transaction ends."""
    query = select(GuestImport).where(
        GuestImport.organisation_id == organisation.id, GuestImport.status.not_in((DONE, FAILED, CANCELLED))
    )
    return list(db.session.scalars(query.with_for_update(of=GuestImport)))


def _of(organisation: Organisation) -> Select[Customer]:
    return select(Customer).where(Customer.organisation_id == organisation.id)
