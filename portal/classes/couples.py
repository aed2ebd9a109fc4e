"""A booking for two: who the second guest is, and what happens when one of them does not come."""

from __future__ import annotations

from typing import Any

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.errors import Stale
from portal.bookings.news import footprint_of, tell_booking
from portal.bookings.queries import lock_booking
from portal.bookings.service import cancel_booking
from portal.changes.record import recording
from portal.clock import now
from portal.database import atomic
from portal.errors import known
from portal.messages.service import Kind, tell_guest
from portal.models import Booking, BookingItem, Participant, StaffMember, Venue
from portal.models.booking_states import CONFIRMED, NotNow
from portal.models.offer import ACCEPTED, TAKEN
from portal.models.participant import MISSED
from portal.notices.visits import tell_of_visits, visits_of
from portal.payments.deposits import share
from portal.payments.ledger import Balance, balance_of
from portal.payments.queries import lines_of
from portal.payments.service import follow_ledger
from portal.webhooks import outbox


@atomic
def cancel_guests(
    venue: Venue, *, booking: Booking, participant: Participant | None, price_minor: int, by: Actor, **told: Any
) -> Booking:
    """Cancel the booking of a couple for all of them, or for the one `participant` alone.

    `told` are `reason`, `refund_percent`, `tell` and `version`, as for `cancel_booking`. Raises what the two verbs do.
    """
    if participant is None:
        return cancel_booking(venue, booking=booking, cancelled_by="staff", by=by, **told)
    return part_with_guest(venue, booking=booking, participant=participant, price_minor=price_minor, by=by, **told)


@atomic
def part_with_guest(
    venue: Venue,
    *,
    booking: Booking,
    participant: Participant,
    price_minor: int,
    by: Actor,
    reason: str = "",
    refund_percent: int = 100,
    tell: bool = False,
    therapist: StaffMember | None = None,
    version: int | None = None,
) -> Booking:
    """One of two guests does not come («this one»); the other one keeps the time, a room and a therapist.

    The `therapist` named, else the one who was assigned last, is free again. `price_minor` is what the visit costs
    from now on. Of what was paid above it `refund_percent` is to go back; the rest is kept and stays in the price.
    With `tell` the guest who does not come gets an e-mail. Raises NotNow unless it is still to come and for two, Stale.
    """
    booking = _locked(venue, booking, version)
    if not booking.is_open or not booking.is_for_several:
        raise NotNow()
    leaving, lines = _of(booking, participant), lines_of(venue, booking)
    price = price_minor + kept_of_part(balance_of(booking, lines), price_minor, refund_percent=refund_percent)
    with recording(venue, "booking:parted", booking, by=by, ledger=lines) as change:
        _go_on_without(venue, booking, leaving, therapist, by=by, price_minor=price, reason=reason or None)
        follow_ledger(venue, booking)
    audit.record(by, "booking:parted", booking, participant=str(leaving.uuid), price_minor=price)
    if tell and leaving.customer:
        tell_guest(venue, booking, Kind.CANCELLED, by=by, change=change, only=leaving.customer)
    return booking


@atomic
def miss_guest(
    venue: Venue, *, booking: Booking, participant: Participant, by: Actor, therapist: StaffMember | None = None
) -> Booking:
    """One of two guests did not come, who was expected; the other one keeps the time, a room and a therapist.

    Nothing goes back: the price stays. A repeat is harmless. Raises NotNow before the start, for who has arrived, for
    the last one who may still come, and once the visit is over.
    """
    booking = _locked(venue, booking, None)
    missing = _of(booking, participant)
    if missing.status == MISSED:
        return booking
    if now() < booking.starts_at or missing.arrived_at is not None or not booking.is_for_several:
        raise NotNow()
    with recording(venue, "booking:missed", booking, by=by):
        _go_on_without(venue, booking, missing, therapist, by=by, price_minor=booking.price_minor, missed=True)
    audit.record(by, "booking:missed", booking, participant=str(missing.uuid))
    return booking


def kept_of_part(balance: Balance, price_minor: int, *, refund_percent: int) -> int:
    """What is kept when the visit costs `price_minor` from now on, of what was paid here above it."""
    over = max(0, balance.refundable_minor + balance.held_minor - price_minor)
    return over - share(over, refund_percent)


@atomic
def name_participant(venue: Venue, *, booking: Booking, participant: Participant, name: str, by: Actor) -> Booking:
    """Who the second guest is; harmless when that was known. Raises NotNow once the booking is over."""
    booking = _locked(venue, booking, None)
    guest = _of(booking, participant)
    if not (booking.is_open or booking.is_underway) or guest.customer_id is not None:
        raise NotNow()
    if guest.name == name:
        return booking
    with recording(venue, "booking:named", booking, by=by):
        guest.name = name or None
        booking.note_guest("named", guest, by=by, at=now())
    audit.record(by, "booking:named", booking, participant=str(guest.uuid))
    tell_booking(venue, booking)
    return booking


def _locked(venue: Venue, booking: Booking, version: int | None) -> Booking:
    claims.lock_days(venue.organisation_id, booking.starts_at, booking.ends_at)
    booking = lock_booking(venue, booking)
    if version is not None and booking.version != version:
        raise Stale()
    return booking


def _go_on_without(
    venue: Venue, booking: Booking, guest: Participant, therapist: StaffMember | None, *, by: Actor, **parting: Any
) -> None:
    stood, visits, status = footprint_of(venue, booking), visits_of(booking), booking.status
    for item in booking.items:
        _reduce(booking, item, therapist, by=by)
    booking.part_with(guest, by=by, at=now(), **parting)
    for item in booking.items:
        _close_offers(item)
    outbox.publish("booking.updated", booking)
    if booking.status != status and booking.status == CONFIRMED:
        outbox.publish("booking.confirmed", booking)
    tell_booking(venue, booking, stood)
    tell_of_visits(venue, booking, visits, by=by)


def _reduce(booking: Booking, item: BookingItem, therapist: StaffMember | None, *, by: Actor) -> None:
    """One therapist fewer when there is one for each guest, and one room fewer when there are two."""
    serving = [assignment.member for assignment in item.current_assignments]
    if len(serving) >= item.guest_count:
        freed = next((one for one in serving if therapist is not None and one.id == therapist.id), serving[-1])
        booking.unassign(item, freed, by=by, at=now())
        claims.release(item, resource_id=claims.resource_of(freed))
    rooms = [claim for claim in item.claims if claim.active and claim.resource.kind == "room"]
    for claim in rooms[1:]:
        claims.release(item, resource_id=claim.resource_id)


def _close_offers(item: BookingItem) -> None:
    """Who no longer serves it knows so; once it is staffed nobody is asked any more."""
    serving = {assignment.member_id for assignment in item.current_assignments}
    for offer in item.offers:
        is_idle = offer.is_open and item.therapists_missing == 0
        if offer.member_id not in serving and (offer.status == ACCEPTED or is_idle):
            offer.close(TAKEN, at=now())


def _of(booking: Booking, participant: Participant) -> Participant:
    return known(next((one for one in booking.participants if one.id == participant.id), None))
