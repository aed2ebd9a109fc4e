"""Requesting a booking: decide, reserve, offer. The desk may also choose who, where, and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.availability import Grant, Refusal, decide
from portal.bookings.broadcast import Wave, escalation_delay, next_wave, offers_of, reasons_of
from portal.bookings.errors import DuplicateExternalId, SlotUnavailable
from portal.bookings.news import footprint, tell
from portal.bookings.overbooking import person_is_taken, squeezed
from portal.bookings.queries import find_by_external_id, next_number
from portal.bookings.quotas.rules import within_quota
from portal.bookings.refusals import ALTERNATIVE_DAYS, unavailable
from portal.bookings.relocation import Target, displaced, note_displaced, relocate
from portal.bookings.request import Request, granted, item_of
from portal.bookings.service import accept_booking
from portal.bookings.slots.queries import load_snapshot
from portal.bookings.slots.snapshot import Snapshot
from portal.bookings.welcome import check_welcome
from portal.bookings.wishes.queries import who_wished
from portal.changes.record import recording
from portal.clock import local_date, now
from portal.database import append, atomic, db, violated_constraint
from portal.models import Booking, BookingEvent, Venue
from portal.models.booking_states import CONFIRMED
from portal.notices.visits import tell_of_visits
from portal.payments.deposits import demand_deposit
from portal.team.queries import count_therapists
from portal.webhooks import outbox


@atomic
def request_booking(venue: Venue, wish: Request, *, by: Actor) -> Booking:
    """Reserve the rooms and the therapist capacity for a wish, and offer it to the venue's therapists.

    The booking is pending until as many therapists as guests have accepted. Therapists whom the desk has chosen are
    reserved at once; a venue with auto-validation and a single active therapist has it confirmed at once. With an
    overbooking reason it is booked where there is no place, see `squeezed`. Raises GuestBlocked,
    SlotUnavailable, DuplicateExternalId.
    """
    at, flagged = now(), check_welcome(wish)
    claims.lock_days(venue.organisation_id, wish.starts_at, wish.ends_at)
    day = local_date(wish.starts_at, venue.timezone)
    snapshot = load_snapshot(venue, first=day, last=day)
    grant = _grant(venue, snapshot, wish, at, by=by)
    if not grant.overbooked:
        wish = replace(wish, overbook_reason=None)
    booking = granted(venue, wish, grant, by=by, at=at)
    wave = _first_wave(venue, booking, snapshot, wish, grant, at=at)
    # What needs no number comes first: from the number on, all others who book at this organisation wait.
    audit.record(by, "booking:requested", booking)
    outbox.publish("booking.created", booking)
    columns = {snapshot.room_uuids[room.room_id] for room in grant.rooms} | {one.uuid for one in wish.therapists}
    tell(venue, footprint(venue, wish.starts_at, wish.ends_at, columns))
    with recording(venue, "booking:requested", by=by) as change:
        _save(venue, booking, wish, grant, by=by, at=at)
        if wave is not None:
            because = reasons_of(venue, booking.item, booking.customer_id, at=at)
            append(*offers_of(booking.item, wave, at=at, because=because))
        signed = {"change": change.ref} if by.member else {}
        reason = {"overbooked": wish.overbook_reason} if wish.overbook_reason else {}
        append(BookingEvent.about(booking, "requested", by=by, at=at, **signed, **reason, **flagged))
        _follow(venue, booking, wish, by=by, at=at)
        demand_deposit(booking, at=at)
        _reserve_chosen(booking, wish, snapshot, by=by, at=at)
        change.created(booking)
    _validate_alone(venue, booking)
    if booking.items[0].therapists_assigned:
        tell_of_visits(venue, booking, {}, by=by)
    return booking


def _grant(venue: Venue, snapshot: Snapshot, wish: Request, at: datetime, *, by: Actor) -> Grant:
    """What the wish gets. Raises SlotUnavailable, or DuplicateExternalId when its own twin took the place.

    A partner's quota binds what comes with its keys, and nobody at the desk.
    """
    day = local_date(wish.starts_at, venue.timezone)
    need = within_quota(venue, wish.need(venue), by.api_key, first=day, last=day, held=True)
    answer = decide(snapshot, need, wish.starts_at, at, desk=wish.desk)
    if isinstance(answer, Refusal) and wish.overbook_reason:
        answer = squeezed(snapshot, need, wish.starts_at, at, answer)
    if isinstance(answer, Grant):
        return answer
    if wish.external_id and (twin := find_by_external_id(venue, wish.external_id)):
        raise DuplicateExternalId(twin)
    reach = timedelta(days=ALTERNATIVE_DAYS)
    need = within_quota(venue, need, by.api_key, first=day - reach, last=day + reach)
    raise unavailable(venue, need, wish.starts_at, answer, at=at, desk=wish.desk, snapshot=snapshot)


def _first_wave(
    venue: Venue, booking: Booking, snapshot: Snapshot, wish: Request, grant: Grant, *, at: datetime
) -> Wave | None:
    """Who is asked at once; where somebody is needed and nobody can be asked, the desk is alerted."""
    chosen = {member.id for member in wish.therapists}
    if len(chosen) == wish.guest_count:
        return None
    requested = wish.requested.id if wish.requested else None
    wished = who_wished(venue, wish.variant.treatment_id, at=at)
    wave = next_wave(snapshot, wish.work(venue, grant), requested=requested, but=chosen, wished=wished)
    if wave is None:
        booking.item.alert(at=at)
    else:
        booking.item.ask(wave.rank, at=at, wait=escalation_delay(venue))
    return wave


def _save(venue: Venue, booking: Booking, wish: Request, grant: Grant, *, by: Actor, at: datetime) -> None:
    """Write the booking with its rooms, and give those that make way for it their other rooms."""
    others = displaced(venue, grant.moves)
    try:
        claims.move_rooms(venue, grant.moves)
        booking.number = next_number(venue)
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
    note_displaced(venue, others, by=by, at=at)


def _follow(venue: Venue, booking: Booking, wish: Request, *, by: Actor, at: datetime) -> None:
    """The treatments that come after the first, each where the one before it ends."""
    for position, variant in enumerate(wish.then, start=1):
        before = booking.items[-1]
        grant = Grant(before.ends_at, before.ends_at + variant.length, before.out_of_hours)
        item = item_of(venue, wish, variant, grant, position=position)
        booking.items.append(item)
        booking.ends_at = item.ends_at
        db.session.flush()
        target = Target(item, item.starts_at, item.ends_at, therapists=wish.therapists)
        relocate(venue, booking, [target], by=by, at=at, overbook_reason=wish.overbook_reason)


def _reserve_chosen(booking: Booking, wish: Request, snapshot: Snapshot, *, by: Actor, at: datetime) -> None:
    """Those whom the desk has chosen need not be asked; `relocate` has reserved the following treatments."""
    item = booking.items[0]
    for member in wish.therapists:
        booking.assign(item, member, by=by, at=at)
        person = claims.resource_of(member)
        taken = wish.overbook_reason is not None and person_is_taken(snapshot, person, item.starts_at, item.ends_at)
        try:
            claims.reserve_person(item, person, overbooked=taken)
        except claims.TimeTaken:
            raise SlotUnavailable("no_therapist", interval=(item.starts_at, item.ends_at)) from None
    if wish.therapists and booking.status == CONFIRMED:
        outbox.publish("booking.confirmed", booking)


def _validate_alone(venue: Venue, booking: Booking) -> None:
    """Auto-validation: the only active therapist of the venue need not be asked."""
    if not venue.auto_validation or count_therapists(venue) != 1:
        return
    for offer in booking.item.offers:
        accept_booking(venue, offer=offer, by=Actor.of_member(offer.member, door="worker"))
