"""Answering an offer other than by taking it: decline, and having seen it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.errors import NotOffered
from portal.bookings.news import asked_topic, tell_asked, tell_proposals
from portal.bookings.proposals.service import check_open
from portal.bookings.queries import lock_offer
from portal.bookings.waves import carry_on
from portal.bookings.words import DECLINE_WORDS
from portal.clock import now
from portal.database import atomic, db
from portal.errors import Invalid
from portal.live.service import agenda_topic, announce
from portal.models import Booking, BookingItem, Offer, Venue
from portal.models.offer import DECLINED
from portal.webhooks import outbox

# Why she cannot or would rather not; no reason is as good as any, and none is ever counted.
REASONS = tuple(DECLINE_WORDS)


@atomic
def decline_offer(venue: Venue, *, offer: Offer, by: Actor, reason: str | None = None) -> Offer:
    """The therapist will not take it and is not asked again; the others still are. A repeat is harmless.

    `reason` is one of REASONS or None. Raises NotOffered, AlreadyYours, OfferCancelled, AlreadyTaken, OfferExpired,
    Invalid.
    """
    at = now()
    claims.lock_days(venue.organisation_id, offer.item.starts_at, offer.item.ends_at)
    offer = lock_offer(venue, offer)
    if by.member is None or offer.member_id != by.member.id:
        raise NotOffered()
    if reason is not None and reason not in REASONS:
        raise Invalid(field="reason")
    if offer.status == DECLINED:
        return offer
    check_open(offer, at=at)
    offer.decline(at=at, reason=reason)
    booking = offer.item.booking
    booking.remember("declined", by=by, at=at, from_status=booking.status, therapist=by.member.name, reason=reason)
    audit.record(by, "offer:declined", offer, reason=reason)
    outbox.publish("offer.declined", offer)
    announce(venue, "offers", agenda_topic(venue, booking.starts_at), asked_topic(booking))
    tell_proposals(venue, booking)
    carry_on(venue, offer.item, at=at)
    return offer


@atomic
def mark_seen(offer_ids: Sequence[UUID], *, by: Actor) -> list[Offer]:
    """Note when she first saw these of her offers, for the desk; the ones that she had seen before stay as they are."""
    at = now()
    if by.member is None:
        raise NotOffered()
    fresh = db.session.scalars(
        select(Offer)
        .where(
            Offer.organisation_id == by.member.organisation_id,
            Offer.member_id == by.member.id,
            Offer.uuid.in_(offer_ids),
            Offer.seen_at.is_(None),
        )
        .options(joinedload(Offer.item).joinedload(BookingItem.booking).joinedload(Booking.venue))
        .order_by(Offer.id)
        .with_for_update(of=Offer)
    ).all()
    for offer in fresh:
        offer.see(at=at)
        audit.record(by, "offer:seen", offer)
        tell_asked(offer.item.booking.venue, offer.item.booking)
    return list(fresh)
