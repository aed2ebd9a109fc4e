"""Telling therapists about offers: a subscriber of what happens to bookings, so that no booking waits for it."""

from __future__ import annotations

from portal.clock import now
from portal.database import atomic
from portal.models import OutboxEvent
from portal.models.offer import CANCELLED
from portal.notices.kinds import Kind
from portal.notices.queries import desk_of, open_offers, told_offers, unanswered_items
from portal.notices.service import tell_member
from portal.notices.visits import SOON


@atomic
def tell_of_open_offers(event: OutboxEvent) -> None:
    """Tell everybody who is asked and was not told yet: once for each time that she is asked."""
    if event.subject is None:
        return
    at = now()
    for offer in open_offers(event.organisation_id, event.subject):
        starts_at, booking = offer.item.starts_at, offer.item.booking
        if booking.test or starts_at <= at:
            continue
        tell_member(
            offer.member, Kind.OFFER, venue=booking.venue, subject=offer.uuid,
            key=f"offer:{offer.uuid}:{offer.sent_at.isoformat()}", urgent=starts_at <= at + SOON, starts_at=starts_at,
        )  # fmt: skip


@atomic
def tell_of_unanswered_offers(event: OutboxEvent) -> None:
    """Tell the desk that nobody is left to be asked: once for each treatment and time."""
    for item in unanswered_items(event.organisation_id, event.subject) if event.subject else ():
        booking = item.booking
        if event.type == "booking.created" and booking.channel == "desk":
            continue  # whoever has just made it knows
        for member in desk_of(booking.venue):
            tell_member(
                member, Kind.OFFER_UNANSWERED, venue=booking.venue, subject=item.uuid,
                key=f"unanswered:{item.uuid}:{item.alerted_at}", urgent=item.starts_at <= now() + SOON,
            )  # fmt: skip


@atomic
def tell_of_withdrawn_offers(event: OutboxEvent) -> None:
    """Tell those who have heard of an offer that there is nothing to answer any more."""
    if event.subject is None:
        return
    for offer in told_offers(event.organisation_id, event.subject, CANCELLED):
        closed_at = offer.closed_at or now()
        tell_member(
            offer.member, Kind.OFFER_WITHDRAWN, venue=offer.item.booking.venue, subject=offer.uuid,
            key=f"withdrawn:{offer.uuid}:{closed_at.isoformat()}",
        )  # fmt: skip
