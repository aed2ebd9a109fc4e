"""What the desk does about an offer: tell the rest now, give it to somebody, take it back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.broadcast import ask_rest
from portal.bookings.moving import Move, move_booking
from portal.bookings.news import tell_asked, tell_booking
from portal.bookings.queries import lock_booking
from portal.bookings.slots.queries import load_snapshot
from portal.bookings.waves import carry_on, is_to_staff
from portal.changes.queries import last_change
from portal.changes.record import recording
from portal.clock import local_date, now
from portal.database import atomic
from portal.errors import Conflict
from portal.messages.queries import has_heard
from portal.messages.service import Kind, tell_guest
from portal.models import Booking, BookingItem, Offer, StaffMember, Venue
from portal.models.booking_states import CONFIRMED
from portal.webhooks import outbox


class NobodyLeft(Conflict):
    """Everybody who could do it is being asked, or has refused."""

    code = "nobody_left"
    message = _l("Everybody who could do it has been asked.")


class NotAsked(Conflict):
    """She has answered, or is not being asked any more."""

    code = "not_asked"
    message = _l("There is no answer to wait for any more.")


class StaffedMeanwhile(Conflict):
    """A therapist was faster than the desk."""

    code = "staffed_meanwhile"
    message = _l("A therapist has taken it in the meantime.")


@atomic
def tell_rest(venue: Venue, *, booking: Booking, by: Actor) -> Booking:
    """Ask everybody at once who can do it and did not refuse, whatever the rank and the guest's preference.

    Those from whom the desk had taken it back are asked again only where nobody else is left. After the usual time the
    desk is alerted. Raises NobodyLeft, and StaffedMeanwhile when nobody is needed.
    """
    at = now()
    booking = _held(venue, booking)
    waiting = [item for item in booking.items if is_to_staff(booking, item, at=at)]
    if not waiting:
        raise StaffedMeanwhile()
    day = local_date(booking.starts_at, venue.timezone)
    last = local_date(booking.ends_at, venue.timezone)
    snapshot = load_snapshot(venue, first=day, last=last)
    asked = [ask_rest(venue, item, snapshot, at=at) for item in waiting]
    if not any(asked):
        raise NobodyLeft()
    booking.remember("asked_rest", by=by, at=at, from_status=booking.status)
    audit.record(by, "booking:asked_rest", booking)
    tell_booking(venue, booking)
    tell_asked(venue, booking)
    return booking


@atomic
def take_back(venue: Venue, *, booking: Booking, by: Actor, offer: Offer | None = None) -> Booking:
    """The spa does not want this therapist's answer any more, or (without `offer`) anybody's.

    Taken back from one of them, the others go on: the next wave comes at once when she was the last of hers. Taken
    back from all, nobody is asked until the desk says so. Can be undone. Raises NotAsked.
    """
    at = now()
    booking = _held(venue, booking)
    open_ones = [one for item in booking.items for one in item.offers if one.is_open]
    open_ones = [one for one in open_ones if offer is None or one.id == offer.id]
    if not open_ones:
        raise NotAsked()
    with recording(venue, "offers:taken_back", booking, by=by):
        for one in open_ones:
            one.take_back(at=at)
        names = sorted(one.member.name for one in open_ones)
        booking.remember("taken_back", by=by, at=at, from_status=booking.status, names=names)
        for item in {one.item_id: one.item for one in open_ones}.values():
            if offer is None:
                item.alert(at=at)
            else:
                carry_on(venue, item, at=at)
    audit.record(by, "booking:taken_back", booking, members=[str(one.member.uuid) for one in open_ones])
    outbox.publish("offers.withdrawn", booking)
    tell_booking(venue, booking)
    tell_asked(venue, booking)
    return booking


@atomic
def assign_therapist(
    venue: Venue, *, booking: Booking, item: BookingItem, therapist: StaffMember, by: Actor
) -> Booking:
    """Give the item to a therapist as if she had accepted; a guest who was told of the booking hears of it.

    Raises StaffedMeanwhile, SlotUnavailable when she cannot do it then, NotNow once it is over.
    """
    booking = _held(venue, booking)
    current = next(one for one in booking.items if one.id == item.id)
    if current.is_served_by(therapist):
        return booking
    if booking.is_open and current.therapists_missing == 0:
        raise StaffedMeanwhile()
    booking = move_booking(venue, booking=booking, item=current, move=Move(therapist=therapist, alone=True), by=by)
    if booking.status == CONFIRMED and by.member is not None and has_heard(venue, booking):
        tell_guest(venue, booking, Kind.CONFIRMED, by=by, change=last_change(venue, by.member))
    tell_asked(venue, booking)
    return booking


def _held(venue: Venue, booking: Booking) -> Booking:
    claims.lock_days(venue.organisation_id, booking.starts_at, booking.ends_at)
    return lock_booking(venue, booking)
