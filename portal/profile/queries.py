"""Reading all that is known of one guest, at the venues that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.customers.queries import TOTALS
from portal.database import db
from portal.models import (
    Assignment,
    AuditEntry,
    Booking,
    BookingEvent,
    BookingItem,
    Customer,
    CustomerConsent,
    CustomerLink,
    CustomerNote,
    GuestMessage,
    Organisation,
    Participant,
    Venue,
)
from portal.models.booking_states import NOSHOW
from portal.models.participant import LEFT

_MOST = 2_000


class Total(NamedTuple):
    """A guest's bookings at one venue: how many, the start of the latest, what she paid in minor units."""

    venue: Venue
    bookings: int
    last: datetime
    spent_minor: int


def totals_of(venues: Sequence[Venue], customer: Customer) -> list[Total]:
    """Per venue by the rule of the partner API, by name; venues without a booking of hers are left out."""
    names = {venue.id: venue for venue in venues}
    query = select(Booking.venue_id, *TOTALS).where(Booking.customer_id == customer.id, Booking.venue_id.in_(names))
    rows = db.session.execute(query.group_by(Booking.venue_id))
    found = [Total(names[key], count, last, int(spent)) for key, count, last, spent in rows]
    return sorted(found, key=lambda total: total.venue.name)


def count_noshows(venues: Sequence[Venue], customer: Customer) -> int:
    """How often she did not come."""
    query = select(func.count()).where(Booking.customer_id == customer.id, Booking.status == NOSHOW)
    return db.session.scalar(query.where(_at(venues))) or 0


def bookings_of(venues: Sequence[Venue], customer: Customer) -> list[int]:
    """The keys of the bookings that stand under her name or in which she takes part: the latest 2,000.

    What is read about them is read by these keys: asked all at once a database would rather read a whole venue.
    """
    own = select(Booking.id).where(Booking.customer_id == customer.id, _at(venues))
    part = select(Participant.booking_id).where(
        Participant.customer_id == customer.id, Participant.status != LEFT, Participant.venue_id.in_(_ids(venues))
    )
    both = own.union(part).subquery()
    return list(db.session.scalars(select(both.c.id).order_by(both.c.id.desc()).limit(_MOST)))


def list_upcoming(venues: Sequence[Venue], hers: Sequence[int], *, at: datetime, limit: int) -> list[Booking]:
    """Those of her bookings that are not over; the next first."""
    query = _bookings(venues, hers).where(Booking.ends_at > at)
    return list(db.session.scalars(query.order_by(Booking.starts_at, Booking.id).limit(limit)))


def list_past(
    venues: Sequence[Venue], hers: Sequence[int], *, at: datetime, limit: int, offset: int = 0
) -> list[Booking]:
    """The others, the latest first."""
    query = _bookings(venues, hers).where(Booking.ends_at <= at)
    order = Booking.starts_at.desc(), Booking.id.desc()
    return list(db.session.scalars(query.order_by(*order).limit(limit).offset(offset)))


def list_notes(organisation: Organisation, customer: Customer, *, limit: int = 100) -> list[CustomerNote]:
    """Pinned ones first, then the newest."""
    query = select(CustomerNote).where(
        CustomerNote.organisation_id == organisation.id, CustomerNote.customer_id == customer.id
    )
    order = CustomerNote.pinned.desc(), CustomerNote.created_at.desc(), CustomerNote.id.desc()
    return list(db.session.scalars(query.order_by(*order).limit(limit)))


def list_consents(organisation: Organisation, customer: Customer, *, limit: int = 50) -> list[CustomerConsent]:
    """The ledger, newest first."""
    query = select(CustomerConsent).where(
        CustomerConsent.organisation_id == organisation.id, CustomerConsent.customer_id == customer.id
    )
    order = CustomerConsent.at.desc(), CustomerConsent.id.desc()
    return list(db.session.scalars(query.order_by(*order).limit(limit)))


def list_links(organisation: Organisation, customer: Customer, *, limit: int = 50) -> list[CustomerLink]:
    """For whom she books, and who books for her."""
    query = select(CustomerLink).where(
        CustomerLink.organisation_id == organisation.id,
        or_(CustomerLink.customer_id == customer.id, CustomerLink.other_id == customer.id),
    )
    people = joinedload(CustomerLink.customer), joinedload(CustomerLink.other)
    return list(db.session.scalars(query.options(*people).order_by(CustomerLink.id).limit(limit)))


def list_messages(
    venues: Sequence[Venue], hers: Sequence[int], customer: Customer, *, limit: int, before: datetime | None = None
) -> list[GuestMessage]:
    """What was written to her, the newest first."""
    query = select(GuestMessage).where(GuestMessage.booking_id.in_(hers), GuestMessage.venue_id.in_(_ids(venues)))
    if before is not None:
        query = query.where(GuestMessage.created_at < before)
    order = GuestMessage.created_at.desc(), GuestMessage.id.desc()
    found = db.session.scalars(query.order_by(*order).limit(limit))
    return [one for one in found if one.details.get("customer") in {None, str(customer.uuid)}]


def list_events(
    venues: Sequence[Venue], hers: Sequence[int], *, limit: int, before: datetime | None = None
) -> list[BookingEvent]:
    """What happened to her bookings, the newest first."""
    query = (
        select(BookingEvent)
        .join(Booking, Booking.id == BookingEvent.booking_id)
        .where(BookingEvent.booking_id.in_(hers), _at(venues))
        .options(joinedload(BookingEvent.booking).joinedload(Booking.venue))
    )
    if before is not None:
        query = query.where(BookingEvent.at < before)
    return list(db.session.scalars(query.order_by(BookingEvent.at.desc(), BookingEvent.id.desc()).limit(limit)))


def list_trail(
    organisation: Organisation, customer: Customer, *, limit: int, health: bool, before: datetime | None = None
) -> list[AuditEntry]:
    """What was done with her own data, the newest first; with `health` also who looked at her health notes."""
    query = select(AuditEntry).where(AuditEntry.organisation_id == organisation.id, AuditEntry.subject == customer.uuid)
    if not health:
        query = query.where(AuditEntry.verb.not_like("care:%"))
    if before is not None:
        query = query.where(AuditEntry.at < before)
    return list(db.session.scalars(query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)))


def _bookings(venues: Sequence[Venue], hers: Sequence[int]) -> Select[Booking]:
    """With their treatments and therapists."""
    items = selectinload(Booking.items).options(
        joinedload(BookingItem.treatment),
        joinedload(BookingItem.variant),
        selectinload(BookingItem.assignments).joinedload(Assignment.member),
    )
    return select(Booking).where(Booking.id.in_(hers), _at(venues)).options(items, joinedload(Booking.venue))


def _at(venues: Sequence[Venue]) -> ColumnElement[bool]:
    return Booking.venue_id.in_(_ids(venues))


def _ids(venues: Sequence[Venue]) -> list[int]:
    return [venue.id for venue in venues]
