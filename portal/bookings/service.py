"""What one does with a booking: accept, give back, cancel. Lock, re-read, decide, write."""

from __future__ import annotations

from datetime import datetime

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import cancellation, claims
from portal.bookings.availability import therapist_conflict
from portal.bookings.broadcast import work_of
from portal.bookings.errors import (
    AlreadyTaken,
    NotFree,
    NotOffered,
    NotQualified,
    OfferCancelled,
    OfferExpired,
    Stale,
)
from portal.bookings.news import tell_booking
from portal.bookings.queries import lock_booking, lock_offer
from portal.bookings.slots.queries import load_snapshot
from portal.bookings.unable.service import stop_asking
from portal.bookings.waves import carry_on
from portal.bookings.wishes.service import fulfil_wish
from portal.changes.record import recording
from portal.clock import local_date, now
from portal.database import atomic, db
from portal.messages.queries import has_heard
from portal.messages.service import Kind, tell_guest
from portal.models import Booking, BookingItem, Offer, StaffMember, Venue
from portal.models.booking_states import CANCELLED as BOOKING_CANCELLED
from portal.models.booking_states import CONFIRMED, PENDING, FullyStaffed
from portal.models.offer import ACCEPTED, CANCELLED, OPEN, TAKEN
from portal.notices.visits import tell_of_visits, visits_of
from portal.payments.ledger import accounts_of
from portal.payments.queries import lines_of
from portal.payments.service import settle_deposits_of_cancelled
from portal.webhooks import outbox


@atomic
def accept_booking(venue: Venue, *, offer: Offer, by: Actor) -> Offer:
    """The therapist who answers takes the offered item; a repeat by the winner is harmless.

    The last missing therapist confirms the booking and closes the offer for all others. Raises, in this order:
    NotOffered, OfferCancelled, AlreadyTaken, OfferExpired, FullyStaffed, NotQualified, NotFree.
    """
    member = _member(by)
    at = now()
    claims.lock_days(venue.organisation_id, offer.item.starts_at, offer.item.ends_at)
    offer = lock_offer(venue, offer)
    item, booking = offer.item, offer.item.booking
    if offer.member_id != member.id or not member.active or member.resource_id is None:
        raise NotOffered()
    if item.is_served_by(member) and booking.status != BOOKING_CANCELLED:
        return offer
    _check_answerable(offer, at=at)
    _check_able(venue, item, member)
    offer.accept(at=at)
    booking.accept(item, member, by=by, at=at)
    try:
        claims.reserve_person(item, claims.resource_of(member))
    except claims.TimeTaken:
        raise NotFree() from None
    if item.therapists_missing == 0:
        _close_offers(item, TAKEN, at=at)
    fulfil_wish(item, member, at=at)
    carry_on(venue, item, at=at)
    stop_asking(venue.organisation_id, [claims.resource_of(member)], at=at, by=by)
    audit.record(by, "booking:accepted", booking, status=booking.status)
    if booking.status == CONFIRMED:
        outbox.publish("booking.confirmed", booking)
        if booking.channel == "desk" and has_heard(venue, booking):
            tell_guest(venue, booking, Kind.CONFIRMED, by=by)
    tell_booking(venue, booking)
    return offer


@atomic
def withdraw_from_booking(venue: Venue, *, booking: Booking, by: Actor) -> Booking:
    """A therapist gives a booking back before it begins: pending again, offered to the others, never to her again.

    Harmless when she gave it back already. Raises NotAssigned, OfferExpired once the treatment has begun.
    """
    member = _member(by)
    at = now()
    claims.lock_days(venue.organisation_id, booking.starts_at, booking.ends_at)
    booking = lock_booking(venue, booking)
    for item in booking.items:
        mine = next((offer for offer in item.offers if offer.member_id == member.id), None)
        if mine is not None and mine.was_refused_by_her and not item.is_served_by(member):
            return booking
    if booking.starts_at <= at:
        raise OfferExpired()
    served = [item for item in booking.items if item.is_served_by(member)] or booking.items
    for item in served:
        booking.give_back(item, member, by=by, at=at)
        _withdraw_offer(venue, item, member, at=at)
        claims.release(item, resource_id=claims.resource_of(member))
    db.session.flush()
    for item in served:
        carry_on(venue, item, at=at)
    audit.record(by, "booking:withdrawn", booking)
    outbox.publish("booking.unassigned", booking)
    tell_booking(venue, booking)
    return booking


@atomic
def cancel_booking(
    venue: Venue,
    *,
    booking: Booking,
    reason: str,
    cancelled_by: str,
    by: Actor,
    refund_percent: int | None = None,
    version: int | None = None,
    tell: bool = False,
) -> Booking:
    """Cancel a pending or confirmed booking and free what it holds.

    Staff give everything back unless they choose another percentage; for guests and partners the venue's tiers apply
    to what was paid. With a `version`, refuses a booking that was changed since; with `tell` the guest gets an e-mail.
    Raises NotCancellable, Stale.
    """
    at = now()
    claims.lock_days(venue.organisation_id, booking.starts_at, booking.ends_at)
    booking = lock_booking(venue, booking)
    if version is not None and booking.version != version and booking.is_open:
        raise Stale()
    if refund_percent is None and by.member is not None:
        refund_percent = 100
    visits, ledger = visits_of(booking), lines_of(venue, booking)
    paid = sum(balance.received_minor for _payer, balance in accounts_of(booking, ledger))
    terms = cancellation.terms(booking, at=at, paid_minor=paid, refund_percent=refund_percent)
    with recording(venue, "booking:cancelled", booking, by=by, ledger=ledger) as change:
        booking.cancel(terms, reason=reason, cancelled_by=cancelled_by, by=by, at=at)
        settle_deposits_of_cancelled(booking, ledger, terms, by=by)
        for item in booking.items:
            claims.release(item)
            _close_offers(item, CANCELLED, at=at)
    audit.record(by, "booking:cancelled", booking, refund_percent=terms.refund_percent)
    outbox.publish("booking.cancelled", booking)
    if tell:
        tell_guest(venue, booking, Kind.CANCELLED, by=by, change=change)
    tell_booking(venue, booking)
    tell_of_visits(venue, booking, visits, by=by)
    return booking


def _check_answerable(offer: Offer, *, at: datetime) -> None:
    booking = offer.item.booking
    if booking.cancelled_at is not None or (offer.status == CANCELLED and not offer.was_given_up):
        raise OfferCancelled()
    if booking.status != PENDING or offer.status == TAKEN:
        raise AlreadyTaken()
    if not (offer.status == OPEN or offer.was_given_up) or offer.item.starts_at <= at:
        raise OfferExpired()
    if offer.item.therapists_missing == 0:
        raise FullyStaffed()


def _check_able(venue: Venue, item: BookingItem, member: StaffMember) -> None:
    treatments = {qualification.treatment_id for qualification in member.qualifications}
    if treatments and item.treatment_id not in treatments:
        raise NotQualified()
    day = local_date(item.starts_at, venue.timezone)
    interval = therapist_conflict(load_snapshot(venue, first=day, last=day), claims.resource_of(member), work_of(item))
    if interval is not None:
        raise NotFree(interval=interval)


def _close_offers(item: BookingItem, status: str, *, at: datetime) -> None:
    for offer in item.offers:
        if offer.is_open or (status == CANCELLED and offer.status == ACCEPTED):
            offer.close(status, at=at)


def _withdraw_offer(venue: Venue, item: BookingItem, member: StaffMember, *, at: datetime) -> None:
    """Whoever was assigned without an offer gets one that says that she gave it back, so that she is not asked."""
    mine = next((offer for offer in item.offers if offer.member_id == member.id), None)
    if mine is None:
        mine = Offer(organisation_id=venue.organisation_id, venue_id=venue.id, member_id=member.id, sent_at=at)
        item.offers.append(mine)
    mine.withdraw(at=at)


def _member(by: Actor) -> StaffMember:
    if by.member is None:
        raise NotOffered()
    return by.member
