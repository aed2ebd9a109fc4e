"""Who was asked and cannot do it any more is not asked any more; who can again is asked again.

What fills a therapist's time closes her questions in its own transaction (`stop_asking`). What else changes is found by
the worker, within seconds (`settle_questions`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import structlog

import portal.audit as audit
from portal.audit import SYSTEM, Actor
from portal.bookings import claims
from portal.bookings.broadcast import ask_next, wave_after
from portal.bookings.news import asked_topic, tell_booking, tell_proposals
from portal.bookings.queries import lock_booking
from portal.bookings.slots.queries import load_snapshot
from portal.bookings.unable.queries import bookings_of, find_able_again, find_unable, lock_offers
from portal.clock import local_date, now
from portal.database import atomic, db
from portal.live.service import agenda_topic, announce
from portal.models import Booking, Offer

_log = structlog.get_logger(__name__)


def stop_asking(organisation_id: int, people: Collection[int], *, at: datetime, by: Actor) -> list[Offer]:
    """Close what these people (by their resources) are asked and cannot take any more, as their time stands now.

    The caller holds the days and has written what fills them. Where nobody of a wave is left to answer, the next one
    is due at once. Without anything to close it is one statement.
    """
    db.session.flush()
    return _close(organisation_id, find_unable(at=at, organisation_id=organisation_id, people=people), at=at, by=by)


def settle_questions() -> int:
    """Wherever somebody who is asked cannot do it any more, or can again, put it right; how many there were.

    Any number of workers may do this at once: whoever is second finds that nothing is left.
    """
    at, done = now(), 0
    unable, able = bookings_of(find_unable(at=at)), bookings_of(find_able_again(at=at))
    keys = [(booking.id, False) for booking in unable] + [(booking.id, True) for booking in able]
    for booking_id, is_able in keys:
        try:
            done += _settle(booking_id, is_able, at)
        except Exception:  # noqa: BLE001  (one that fails must not keep the others waiting)
            db.session.rollback()
            _log.exception("question not settled", booking=booking_id)
    return done


@atomic
def _settle(booking_id: int, is_able: bool, at: datetime) -> int:
    """One booking: days first, then the booking, then look again."""
    booking = db.session.get_one(Booking, booking_id)
    claims.lock_days(booking.organisation_id, booking.starts_at, booking.ends_at)
    booking = lock_booking(booking.venue, booking)
    if is_able:
        return _ask_again(booking, find_able_again(at=at, booking_id=booking_id), at=at)
    found = find_unable(at=at, booking_id=booking_id)
    return len(_close(booking.organisation_id, found, at=at, by=SYSTEM))


def _close(organisation_id: int, found: dict[int, str], *, at: datetime, by: Actor) -> list[Offer]:
    # Whoever suggests another time holds only the booking; whoever accepts or declines waits for the days.
    closed = lock_offers(organisation_id, found) if found else []
    for offer in closed:
        booking, venue = offer.item.booking, offer.item.booking.venue
        tell_proposals(venue, booking)
        offer.give_up(found[offer.id], at=at)
        audit.record(by, "offer:given_up", offer, reason=offer.reason)
        announce(venue, "offers", agenda_topic(venue, booking.starts_at), asked_topic(booking))
        if not offer.item.waits_for_answer:
            offer.item.hurry(at=at)
    return closed


def _ask_again(booking: Booking, keys: Collection[int], *, at: datetime) -> int:
    """She could now: asked at once, unless the desk wants nobody to be asked or it is not her turn."""
    mine = [offer for item in booking.items for offer in item.offers if offer.id in keys]
    for offer in mine:
        offer.reason = None  # once: she is not looked for again unless she is asked
        item, venue = offer.item, booking.venue
        if offer.is_open or any(one.was_taken_back for one in item.offers):
            continue
        day = local_date(item.starts_at, venue.timezone)
        snapshot = load_snapshot(venue, first=day, last=day)
        wave = wave_after(venue, item, snapshot, at=at)
        if wave is None or offer.member_id not in {one.member_id for one in wave.therapists}:
            continue
        ask_next(venue, item, snapshot, at=at)
        booking.remember("asked", by=SYSTEM, at=at, from_status=booking.status, rank=item.offered_rank)
        audit.record(SYSTEM, "booking:asked", booking, rank=item.offered_rank)
        tell_booking(venue, booking)
    return len(mine)
