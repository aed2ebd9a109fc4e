"""Classes: open a session, join it, leave it, mark who came. One therapist, one room, many guests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.creation import request_booking
from portal.bookings.news import tell_booking
from portal.bookings.queries import lock_booking
from portal.bookings.request import Request
from portal.bookings.welcome import check_member
from portal.changes.record import recording
from portal.classes.errors import CapacityReached, HasPaid, NotAClass, SessionOver, TooEarly
from portal.clock import now
from portal.database import atomic, db
from portal.errors import known
from portal.models import Booking, Customer, Participant, Room, StaffMember, Variant, Venue
from portal.models.booking_states import CANCELLED, COMPLETED, NOSHOW, REFUNDED
from portal.models.participant import ATTENDED, MISSED
from portal.payments.ledger import balance_of
from portal.payments.queries import lines_of
from portal.payments.service import follow_ledger, give_deposit_back, give_payments_back, keep_deposit
from portal.webhooks import outbox

KINDS = frozenset({"class", "event"})


@atomic
def open_session(
    venue: Venue,
    *,
    variant: Variant,
    starts_at: datetime,
    by: Actor,
    therapist: StaffMember | None = None,
    room: Room | None = None,
    customers: Sequence[Customer] = (),
    notes: str | None = None,
) -> Booking:
    """A session of a class or event: a room and a therapist are reserved (or asked) whoever comes.

    It costs nothing itself: each of the `customers`, and whoever joins later, pays for himself. Raises NotAClass,
    CapacityReached, SlotUnavailable.
    """
    treatment = variant.treatment
    if treatment.kind not in KINDS:
        raise NotAClass()
    if len({customer.id for customer in customers}) > treatment.max_participants:
        raise CapacityReached()
    wish = Request(
        variant=variant, starts_at=starts_at, customer=None, price_minor=0, channel="desk", desk=True, notes=notes,
        therapists=(therapist,) if therapist else (), room=room,
    )  # fmt: skip
    with recording(venue, "session:opened", by=by):
        booking = request_booking(venue, wish, by=by)
        for customer in customers:
            booking = join_session(venue, booking=booking, customer=customer, by=by)
    audit.record(by, "session:opened", booking)
    return booking


@atomic
def join_session(venue: Venue, *, booking: Booking, customer: Customer, by: Actor) -> Booking:
    """The guest takes a place; harmless for who has one; who had left comes back, with what he has paid.

    The booking's row is held while places are counted: two who want the last one wait for each other. Raises
    CapacityReached beyond the treatment's maximum, GuestBlocked, SessionOver, NotAClass.
    """
    booking = _locked(venue, booking)
    present = [one for one in booking.participants if one.is_in]
    known = next((one for one in booking.participants if one.customer_id == customer.id), None)
    if known is not None and known.is_in:
        return booking
    check_member(customer)
    if len(present) >= booking.items[0].treatment.max_participants:
        raise CapacityReached()
    at = now()
    with recording(venue, "session:joined", booking, by=by):
        joining = known or _participant(venue, booking, customer, at)
        joining.join(at=at)
        booking.note_guest("joined", joining, by=by, at=at)
        if joining.payment_status == REFUNDED:
            joining.payment_status = "pending"  # it is to be paid again
    return _told(venue, booking, joining, "session:joined", by=by)


@atomic
def leave_session(
    venue: Venue, *, booking: Booking, participant: Participant, by: Actor, give_back: bool | None = None
) -> Booking:
    """The guest gives his place up; a repeat is harmless. Raises SessionOver.

    What he has paid goes back to him the way it came, his deposit too, when told to `give_back`; else it is kept, and
    counts again should he come back. Raises HasPaid while neither was said.
    """
    booking = _locked(venue, booking)
    leaving = _of(booking, participant)
    if not leaving.is_in:
        return booking
    lines = lines_of(venue, booking)
    balance = balance_of(booking, lines, participant=leaving)
    if give_back is None and balance.refundable_minor + balance.held_minor > 0:
        raise HasPaid()
    at = now()
    with recording(venue, "session:left", booking, by=by, ledger=lines):
        leaving.leave(at=at)
        booking.note_guest("left", leaving, by=by, at=at)
        if give_back:
            give_payments_back(booking, lines, balance.refundable_minor, by=by, participant=leaving)
            give_deposit_back(booking, lines, balance.held_minor, by=by, participant=leaving)
            follow_ledger(venue, booking, participant=leaving)
        else:
            keep_deposit(booking, balance, by=by, participant=leaving)
    return _told(venue, booking, leaving, "session:left", by=by)


@atomic
def mark_attended(
    venue: Venue, *, booking: Booking, participant: Participant, attended: bool | None, by: Actor
) -> Booking:
    """Whether the guest came; None opens the question again. Also after the class, while it was not cancelled.

    A repeat is harmless. Raises TooEarly for who is said to have missed it before it began, SessionOver.
    """
    booking = _locked(venue, booking, also=(COMPLETED,))
    guest = _of(booking, participant)
    at = now()
    if not guest.is_in:
        raise SessionOver()
    if attended is False and at < booking.starts_at:
        raise TooEarly()
    if attended is _mark(guest):
        return booking
    verb = {True: "attended", False: "missed", None: "expected"}[attended]
    with recording(venue, f"session:{verb}", booking, by=by):
        if attended is None:
            guest.expect()
        elif attended:
            guest.come(at=at)
        else:
            guest.miss()
        booking.note_guest(verb, guest, by=by, at=at)
    return _told(venue, booking, guest, f"session:{verb}", by=by)


def _mark(guest: Participant) -> bool | None:
    return {ATTENDED: True, MISSED: False}.get(guest.status)


def _locked(venue: Venue, booking: Booking, *, also: Iterable[str] = ()) -> Booking:
    claims.lock_days(venue.organisation_id, booking.starts_at, booking.ends_at)
    booking = lock_booking(venue, booking)
    if not booking.is_session:
        raise NotAClass()
    if booking.status in {CANCELLED, COMPLETED, NOSHOW} - set(also):
        raise SessionOver()
    return booking


def _of(booking: Booking, participant: Participant) -> Participant:
    return known(next((one for one in booking.participants if one.id == participant.id), None))


def _participant(venue: Venue, booking: Booking, customer: Customer, at: datetime) -> Participant:
    made = Participant(
        organisation_id=venue.organisation_id, venue_id=venue.id, customer=customer, joined_at=at, status="joined",
        position=max((one.position for one in booking.participants), default=-1) + 1,
        price_minor=booking.items[0].variant.price_minor,
    )  # fmt: skip
    booking.participants.append(made)
    return made


def _told(venue: Venue, booking: Booking, guest: Participant, verb: str, *, by: Actor) -> Booking:
    db.session.flush()
    audit.record(by, verb, booking, participant=str(guest.uuid))
    outbox.publish(verb.replace(":", "."), booking, participant=str(guest.uuid))
    tell_booking(venue, booking)
    return booking
