"""A booking for two: who the second guest is, and what happens when one of them does not come."""

from __future__ import annotations

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.errors import Stale
from portal.bookings.news import footprint_of, tell_booking
from portal.bookings.queries import lock_booking
from portal.changes.record import recording
from portal.clock import now
from portal.database import atomic
from portal.errors import NotFound
from portal.models import Booking, BookingItem, Participant, StaffMember, Venue
from portal.models.booking_states import CONFIRMED, NotNow
from portal.models.offer import ACCEPTED, TAKEN
from portal.notices.visits import tell_of_visits, visits_of
from portal.webhooks import outbox


@atomic
def part_with_guest(
    venue: Venue,
    *,
    booking: Booking,
    participant: Participant,
    price_minor: int,
    by: Actor,
    therapist: StaffMember | None = None,
    version: int | None = None,
) -> Booking:
    """One of two guests does not come («this one»); the other one keeps the time, a room and a therapist.

    The `therapist` named, else the one who was assigned last, is free again. `price_minor` is what the visit costs
    from now on; what was paid stays in the ledger. Raises NotNow unless it is still to come and for two, Stale.
    """
    at = now()
    claims.lock_days(venue.organisation_id, booking.starts_at, booking.ends_at)
    booking = lock_booking(venue, booking)
    if version is not None and booking.version != version:
        raise Stale()
    if not booking.is_open or booking.guest_count < 2:
        raise NotNow()
    leaving = _of(booking, participant)
    stood, visits, status = footprint_of(venue, booking), visits_of(booking), booking.status
    with recording(venue, "booking:parted", booking, by=by):
        for item in booking.items:
            _reduce(booking, item, therapist, by=by)
        booking.part_with(leaving, price_minor=price_minor, by=by, at=at)
        for item in booking.items:
            _close_offers(item)
    audit.record(by, "booking:parted", booking, participant=str(leaving.uuid), price_minor=price_minor)
    outbox.publish("booking.updated", booking)
    if booking.status != status and booking.status == CONFIRMED:
        outbox.publish("booking.confirmed", booking)
    tell_booking(venue, booking, stood)
    tell_of_visits(venue, booking, visits, by=by)
    return booking


@atomic
def name_participant(venue: Venue, *, booking: Booking, participant: Participant, name: str, by: Actor) -> Booking:
    """Who the second guest is; harmless when that was known. Raises NotNow once the booking is over."""
    claims.lock_days(venue.organisation_id, booking.starts_at, booking.ends_at)
    booking = lock_booking(venue, booking)
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
    found = next((one for one in booking.participants if one.id == participant.id), None)
    if found is None:
        raise NotFound()
    return found
