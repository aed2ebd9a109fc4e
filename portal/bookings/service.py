"""What one does with a booking: request, accept, give back, cancel. Lock, re-read, decide, write."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, update
from sqlalchemy.exc import IntegrityError

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import cancellation, claims
from portal.bookings.availability import Grant, Refusal, alternatives, decide, therapist_conflict
from portal.bookings.broadcast import broadcast_again, first_wave, offers_of, work_of
from portal.bookings.errors import (
    AlreadyTaken,
    DuplicateExternalId,
    NotFree,
    NotOffered,
    NotQualified,
    OfferCancelled,
    OfferExpired,
    SlotUnavailable,
    Stale,
)
from portal.bookings.queries import bookings_of_items, count_therapists, find_by_external_id, lock_booking, lock_offer
from portal.bookings.request import Request, granted
from portal.bookings.slots.queries import load_snapshot
from portal.clock import now
from portal.database import append, atomic, db, insert_into, violated_constraint
from portal.live.service import agenda_topic, announce
from portal.models import Booking, BookingItem, Counter, Offer, StaffMember, Venue
from portal.models.booking import CONFIRMED, PENDING, FullyStaffed
from portal.models.offer import ACCEPTED, CANCELLED, OPEN, TAKEN
from portal.webhooks import outbox

# The next number of an organisation's bookings.
_BUMP = (
    update(Counter)
    .where(Counter.organisation_id == bindparam("organisation"), Counter.kind == "booking")
    .values(value=Counter.value + 1)
    .returning(Counter.value)
)
# How far around the wish the nearest alternatives are looked for.
ALTERNATIVE_DAYS = 14


@atomic
def request_booking(venue: Venue, wish: Request, *, by: Actor) -> Booking:
    """Reserve the rooms and the therapist capacity for a wish, and offer it to the venue's therapists.

    The booking is pending until as many therapists as guests have accepted; a venue with auto-validation and a single
    active therapist has it confirmed at once. Raises SlotUnavailable, DuplicateExternalId.
    """
    at = now()
    ends_at = wish.starts_at + timedelta(minutes=wish.variant.duration)
    claims.lock_days(venue.organisation_id, wish.starts_at, ends_at)
    day = _local_day(venue, wish.starts_at)
    snapshot = load_snapshot(venue, first=day, last=day)
    answer = decide(snapshot, wish.need(venue), wish.starts_at, at, on_grid=wish.on_grid)
    if isinstance(answer, Refusal):
        raise _refusal(venue, wish, answer, at)
    wave = first_wave(snapshot, wish.work(venue, answer))
    booking = granted(venue, wish, answer, by=by, at=at)
    booking.item.offered_rank = wave[0].ranks[venue.id] if wave else None
    # What needs no number comes first: from the number on, all others who book at this organisation wait.
    audit.record(by, "booking:requested", booking)
    outbox.publish("booking.created", booking)
    _tell(venue, booking)
    _save(venue, booking, wish, answer, by=by, at=at)
    append(*offers_of(booking.item, wave, at=at))
    append(booking.line("requested", by=by, at=at))
    _validate_alone(venue, booking)
    return booking


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
    if offer.member_id != member.id or not member.active:
        raise NotOffered()
    if item.is_served_by(member) and booking.is_open:
        return offer
    _check_answerable(offer, at=at)
    _check_able(venue, item, member)
    offer.accept(at=at)
    booking.accept(item, member, by=by, at=at)
    try:
        claims.reserve_person(item, _resource(member))
    except claims.TimeTaken:
        raise NotFree() from None
    if item.therapists_missing == 0:
        _close_offers(item, TAKEN, at=at)
    audit.record(by, "booking:accepted", booking, status=booking.status)
    if booking.status == CONFIRMED:
        outbox.publish("booking.confirmed", booking)
    _tell(venue, booking)
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
        claims.release(item, resource_id=_resource(member))
    db.session.flush()
    day = _local_day(venue, booking.starts_at)
    snapshot = load_snapshot(venue, first=day, last=day)
    for item in served:
        broadcast_again(item, snapshot, at=at)
    audit.record(by, "booking:withdrawn", booking)
    outbox.publish("booking.unassigned", booking)
    _tell(venue, booking)
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
) -> Booking:
    """Cancel a pending or confirmed booking and free what it holds.

    Staff give everything back unless they choose another percentage; for guests and partners the venue's tiers apply
    to what was paid. With a `version`, refuses a booking that was changed since. Raises NotCancellable, Stale.
    """
    at = now()
    claims.lock_days(venue.organisation_id, booking.starts_at, booking.ends_at)
    booking = lock_booking(venue, booking)
    if version is not None and booking.version != version and booking.is_open:
        raise Stale()
    if refund_percent is None and by.member is not None:
        refund_percent = 100
    terms = cancellation.terms(booking, at=at, refund_percent=refund_percent)
    booking.cancel(terms, reason=reason, cancelled_by=cancelled_by, by=by, at=at)
    for item in booking.items:
        claims.release(item)
        _close_offers(item, CANCELLED, at=at)
    audit.record(by, "booking:cancelled", booking, refund_percent=terms.refund_percent)
    outbox.publish("booking.cancelled", booking)
    _tell(venue, booking)
    return booking


def _refusal(venue: Venue, wish: Request, refusal: Refusal, at: datetime) -> Exception:
    """Why not, and what instead; or, when its own twin took the place meanwhile, that."""
    if wish.external_id and (twin := find_by_external_id(venue, wish.external_id)):
        return DuplicateExternalId(twin)
    day = _local_day(venue, wish.starts_at)
    around = load_snapshot(
        venue, first=day - timedelta(days=ALTERNATIVE_DAYS), last=day + timedelta(days=ALTERNATIVE_DAYS)
    )
    return SlotUnavailable(
        refusal.reason,
        interval=(refusal.starts_at, refusal.ends_at),
        alternatives=alternatives(around, wish.need(venue), wish.starts_at, at),
    )


def _save(venue: Venue, booking: Booking, wish: Request, grant: Grant, *, by: Actor, at: datetime) -> None:
    """Write the booking with its rooms, and give those that make way for it their other rooms."""
    try:
        claims.move_rooms(venue, grant.moves)
        booking.number = _next_number(venue.organisation_id)
        db.session.add(booking)
        db.session.flush()
        claims.write(claims.rooms_of(venue, booking.item.id, grant.rooms))
    except claims.TimeTaken:
        interval = (grant.starts_at, grant.ends_at)
        raise SlotUnavailable("no_room", interval=interval) from None
    except IntegrityError as error:
        if wish.external_id and "external_id" in (violated_constraint(error) or ""):
            raise DuplicateExternalId() from error
        raise
    for moved in bookings_of_items(venue, list(grant.moves)):
        moved.remember("room_changed", by=by, at=at, from_status=moved.status)


def _next_number(organisation_id: int) -> int:
    """The next booking number. Its row is the last thing locked before writing: whoever is second waits here."""
    connection, organisation = db.session.connection(), {"organisation": organisation_id}
    number: int | None = connection.scalar(_BUMP, organisation)
    if number is None:
        # The first booking ever; two may be the first at the same moment.
        first = insert_into(Counter).values(organisation_id=organisation_id, kind="booking", value=0)
        connection.execute(first.on_conflict_do_nothing())
        return connection.execute(_BUMP, organisation).scalar_one()
    return number


def _validate_alone(venue: Venue, booking: Booking) -> None:
    """Auto-validation: the only active therapist of the venue need not be asked."""
    if not venue.auto_validation or count_therapists(venue) != 1:
        return
    for offer in booking.item.offers:
        accept_booking(venue, offer=offer, by=Actor.of_member(offer.member, door="worker"))


def _check_answerable(offer: Offer, *, at: datetime) -> None:
    booking = offer.item.booking
    if booking.cancelled_at is not None or offer.status == CANCELLED:
        raise OfferCancelled()
    if booking.status != PENDING or offer.status == TAKEN:
        raise AlreadyTaken()
    if offer.status != OPEN or offer.item.starts_at <= at:
        raise OfferExpired()
    if offer.item.therapists_missing == 0:
        raise FullyStaffed()


def _check_able(venue: Venue, item: BookingItem, member: StaffMember) -> None:
    treatments = {qualification.treatment_id for qualification in member.qualifications}
    if treatments and item.treatment_id not in treatments:
        raise NotQualified()
    day = _local_day(venue, item.starts_at)
    interval = therapist_conflict(load_snapshot(venue, first=day, last=day), _resource(member), work_of(item))
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


def _resource(member: StaffMember) -> int:
    if member.resource_id is None:
        raise NotOffered()
    return member.resource_id


def _local_day(venue: Venue, instant: datetime) -> date:
    return instant.astimezone(ZoneInfo(venue.timezone)).date()


def _tell(venue: Venue, booking: Booking) -> None:
    topics = {agenda_topic(venue, booking.starts_at), agenda_topic(venue, booking.ends_at)}
    announce(venue, "offers", *topics)
