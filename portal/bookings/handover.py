"""Giving a treatment to another therapist at the same time in the same room: nobody is asked, nothing else moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.errors import SlotUnavailable, Stale
from portal.bookings.news import footprint_of, tell_booking
from portal.bookings.queries import lock_booking
from portal.bookings.slots.causes import Kind, person_cause
from portal.bookings.slots.facts import Work
from portal.bookings.slots.intervals import epoch, instant
from portal.bookings.slots.queries import load_snapshot
from portal.changes.record import recording
from portal.clock import local_date, now
from portal.database import atomic, db
from portal.models import Booking, BookingItem, StaffMember, Venue
from portal.models.booking_states import NotAssigned, NotNow
from portal.models.offer import ACCEPTED, TAKEN
from portal.notices.visits import tell_of_visits, visits_of
from portal.webhooks import outbox


@atomic
def hand_over(
    venue: Venue,
    *,
    booking: Booking,
    item: BookingItem,
    giver: StaffMember,
    taker: StaffMember,
    by: Actor,
    version: int | None = None,
) -> Booking:
    """`taker` gives the treatment in place of `giver`, if she is qualified, on shift, free and not promised to others.

    Harmless when she does already. Raises Stale, NotNow once it has begun, NotAssigned, SlotUnavailable.
    """
    claims.lock_days(venue.organisation_id, booking.starts_at, booking.ends_at)
    booking = lock_booking(venue, booking)
    if version is not None and booking.version != version:
        raise Stale()
    if not booking.is_open:
        raise NotNow()
    current = next(one for one in booking.items if one.id == item.id)
    if not current.is_served_by(giver):
        if current.is_served_by(taker):
            return booking
        raise NotAssigned()
    _check(venue, current, taker)
    stood, visits, at = footprint_of(venue, booking), visits_of(booking), now()
    with recording(venue, "booking:handed_over", booking, by=by):
        claims.release(current, resource_id=claims.resource_of(giver))
        take_over(booking, current, giver, taker, by=by, at=at)
    audit.record(by, "booking:handed_over", booking, giver=giver.name, taker=taker.name)
    tell_booking(venue, booking, stood)
    tell_of_visits(venue, booking, visits, by=by)
    return booking


def take_over(
    booking: Booking, item: BookingItem, giver: StaffMember, taker: StaffMember, *, by: Actor, at: datetime
) -> None:
    """Write it: assignment, claim, offers, history. The giver's claim was released. Raises SlotUnavailable."""
    db.session.flush()
    # Once the schema has refused, nothing more can be read in this transaction.
    refused = _unavailable(Kind.BUSY, (item.starts_at, item.ends_at), taker)
    booking.hand_over(item, giver, taker, by=by, at=at)
    for offer in item.offers:
        if offer.member_id == giver.id:
            offer.close(TAKEN, at=at)
        elif offer.member_id == taker.id and offer.status != ACCEPTED:
            offer.accept(at=at)
    try:
        claims.reserve_person(item, claims.resource_of(taker))
    except claims.TimeTaken:
        raise refused from None
    outbox.publish("booking.updated", booking)


def _check(venue: Venue, item: BookingItem, taker: StaffMember) -> None:
    day, person = local_date(item.starts_at, venue.timezone), claims.resource_of(taker)
    snapshot = load_snapshot(venue, first=day, last=day)
    work = Work(venue.id, epoch(item.starts_at), epoch(item.ends_at), item.treatment_id)
    if cause := person_cause(snapshot, person, work):
        raise _unavailable(cause.kind, (instant(cause.span.start), instant(cause.span.end)), taker)
    if not snapshot.staffing.can_take(replace(work, only=frozenset({person})), 1):
        raise _unavailable(Kind.PROMISED, (item.starts_at, item.ends_at), taker)


def _unavailable(cause: Kind, interval: tuple[datetime, datetime], taker: StaffMember) -> SlotUnavailable:
    return SlotUnavailable("no_therapist", interval=interval, cause=cause, subject=claims.resource_of(taker))
