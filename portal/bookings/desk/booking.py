"""Booking at the desk: the guest, known or new, the booking, its payment and its arrival in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.creation import request_booking
from portal.bookings.desk.holds import let_go
from portal.bookings.desk.queries import find_twin
from portal.bookings.news import tell_booking
from portal.bookings.payment import settle
from portal.bookings.queries import lock_booking
from portal.bookings.request import Request
from portal.bookings.visit import check_in
from portal.changes.record import recording
from portal.clock import now
from portal.customers.reading import TypedGuest
from portal.customers.service import create_customer
from portal.database import atomic, violated_constraint
from portal.errors import Conflict
from portal.messages.service import Kind, tell_guest
from portal.models import Booking, Customer, Venue
from portal.models.booking_states import NotNow
from portal.webhooks import outbox

TELL = "tell_guest"


class SentBefore(Conflict):
    """The form's booking exists already, and not here: the form must be drawn anew."""

    code = "sent_before"
    message = _l("This form was used before. Please open it again.")


@dataclass(frozen=True, slots=True)
class NewGuest:
    """Somebody whom nobody knows yet, as far as typed. `phone` is E.164."""

    first_name: str
    last_name: str
    phone: str | None = None
    email: str | None = None
    shared_email: bool = False

    @classmethod
    def typed(cls, guest: TypedGuest, *, shared_email: bool = False) -> NewGuest:
        return cls(guest.first_name, guest.last_name, guest.phone, guest.email, shared_email)


def book_at_desk(
    venue: Venue,
    wish: Request,
    *,
    booking_id: UUID,
    guest: Customer | NewGuest | None,
    by: Actor,
    paid_by: str | None = None,
    tell: bool | None = None,
    arrived: bool = False,
) -> Booking:
    """Book what the desk wishes for a known guest, for a new one, or for a walk-in without a name.

    `booking_id` becomes the booking's own: sent twice, the first booking is the answer. `paid_by` settles it at once,
    `arrived` checks the guest in, `tell` sends the confirmation once the time for an undo is over; None when that was
    no question, which leaves what was answered last. One undo takes all of it back but the new guest.
    Raises SlotUnavailable, CustomerExists and the errors of a new guest, SentBefore.
    """
    try:
        return _book(
            venue, wish, booking_id=booking_id, guest=guest, by=by, paid_by=paid_by, tell=tell, arrived=arrived
        )
    except IntegrityError as error:
        if "booking" in (violated_constraint(error) or "") and "uuid" in (violated_constraint(error) or ""):
            raise SentBefore() from error
        raise


@atomic
def _book(
    venue: Venue,
    wish: Request,
    *,
    booking_id: UUID,
    guest: Customer | NewGuest | None,
    by: Actor,
    paid_by: str | None,
    tell: bool | None,
    arrived: bool,
) -> Booking:
    claims.lock_days(venue.organisation_id, wish.starts_at, wish.ends_at)
    if twin := find_twin(venue, booking_id):
        return twin
    customer = _add(venue, guest, by=by) if isinstance(guest, NewGuest) else guest
    with recording(venue, "booking:requested", by=by) as change:
        booking = request_booking(venue, replace(wish, customer=customer, uuid=booking_id), by=by)
        if paid_by:
            settle(venue, booking=booking, method=paid_by, by=by)
        if arrived:
            check_in(venue, booking=booking, by=by)
    if tell:
        tell_guest(venue, booking, Kind.BOOKED, by=by, change=change)
    if by.member is not None:
        let_go(venue, by.member)
    if tell is not None:
        _remember(by, tell)
    return booking


@atomic
def name_guest(venue: Venue, *, booking: Booking, guest: Customer | NewGuest, by: Actor) -> Booking:
    """Say who a walk-in is. Raises NotNow when that is known already, CustomerExists and the errors of a new guest."""
    booking = lock_booking(venue, booking)
    if booking.customer_id is not None or booking.is_session:
        raise NotNow()
    customer = _add(venue, guest, by=by) if isinstance(guest, NewGuest) else guest
    with recording(venue, "booking:named", booking, by=by):
        booking.customer = customer
        for one in booking.participants[:1]:
            one.customer = customer
        booking.remember("guest_named", by=by, at=now(), from_status=booking.status, guest=customer.name)
    audit.record(by, "booking:named", booking, customer=str(customer.uuid))
    outbox.publish("booking.updated", booking)
    tell_booking(venue, booking)
    return booking


def _add(venue: Venue, guest: NewGuest, *, by: Actor) -> Customer:
    return create_customer(
        venue.organisation,
        first_name=guest.first_name,
        last_name=guest.last_name,
        phone=guest.phone,
        email=guest.email,
        language=venue.organisation.default_language,
        country=venue.country,
        shared_email=guest.shared_email,
        by=by,
    )


def _remember(by: Actor, tell: bool) -> None:
    """The next form begins with the choice that was made last."""
    if by.member is not None and by.member.preferences.get(TELL) is not tell:
        by.member.preferences = {**by.member.preferences, TELL: tell}
