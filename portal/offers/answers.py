"""What she reads once an offer has had its answer, or cannot be had any more: kind, and there is nothing to do."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.bookings.errors import AlreadyTaken, NotFree, NotQualified, OfferCancelled, OfferExpired
from portal.errors import PortalError
from portal.i18n import clock_time, day_and_time
from portal.models import BookingItem, Offer
from portal.models.offer import (
    ACCEPTED,
    AWAY,
    BLOCKED,
    BUSY,
    CANCELLED,
    DECLINED,
    FAR,
    OFF,
    OPEN,
    TAKEN,
    UNSKILLED,
    WITHDRAWN,
)
from portal.offers.words import rooms_of


def answer_of(offer: Offer, *, in_the_way: BookingItem | None = None) -> str:
    """What has become of the offer, perhaps for what she treats at that time; nothing while it is open."""
    if offer.status == ACCEPTED:
        return _won(offer.item)
    return {
        OPEN: "",
        DECLINED: _("You declined. There is nothing else to do."),
        WITHDRAWN: _("You gave it back. Your colleagues are asked now."),
        TAKEN: str(AlreadyTaken.message),
        CANCELLED: _given_up(offer, in_the_way) or str(OfferCancelled.message),
    }[offer.status]


def refusal_of(offer: Offer, refusal: PortalError, *, in_the_way: BookingItem | None = None) -> str:
    """Why she could not have it; `in_the_way` is what she treats at that time."""
    zone = offer.item.booking.venue.timezone
    if isinstance(refusal, NotFree | NotQualified) and offer.was_given_up and offer.reason not in {BUSY, BLOCKED}:
        return _given_up(offer, None)
    if isinstance(refusal, NotFree) and in_the_way is not None:
        return own_guest(in_the_way)
    if isinstance(refusal, NotFree) and refusal.details.get("interval"):
        start, end = (clock_time(instant, zone) for instant in refusal.details["interval"])
        return _("You are not free at that time (%(start)s–%(end)s).", start=start, end=end)
    if isinstance(refusal, OfferExpired):
        return _("Too late for this one (closed %(time)s).", time=clock_time(offer.item.starts_at, zone))
    return str(refusal.message)


def own_guest(mine: BookingItem) -> str:
    """`You already have Léa 14:30–15:30 (15:45 with cleaning).`"""
    booking = mine.booking
    zone = booking.venue.timezone
    told = {
        "guest": (booking.customer.first_name if booking.customer else "") or _("a guest"),
        "start": clock_time(mine.starts_at, zone),
        "end": clock_time(mine.ends_at, zone),
    }
    cleaned = max((claim.ends_at for claim in mine.claims if claim.active), default=mine.ends_at)
    if cleaned <= mine.ends_at:
        return _("You already have %(guest)s %(start)s–%(end)s.", **told)
    cleaned_at = clock_time(cleaned, zone)
    return _("You already have %(guest)s %(start)s–%(end)s (%(cleaned)s with cleaning).", cleaned=cleaned_at, **told)


def _won(item: BookingItem) -> str:
    when, rooms = day_and_time(item.starts_at, item.booking.venue.timezone), rooms_of(item)
    if item.therapists_missing:
        return _("It's yours. %(when)s, %(room)s. One more therapist is needed.", when=when, room=rooms)
    return _("It's yours. %(when)s, %(room)s.", when=when, room=rooms)


def _given_up(offer: Offer, in_the_way: BookingItem | None) -> str:
    """Why she cannot take it any more; nothing for an offer that went away for another reason."""
    if not offer.was_given_up:
        return ""
    if offer.reason == BUSY and in_the_way is not None:
        return own_guest(in_the_way)
    return {
        BUSY: _("You have another guest at that time."),
        AWAY: _("You are away at that time. Nothing to do."),
        BLOCKED: _("You are not free at that time."),
        OFF: _("You do not work at that time any more. Nothing to do."),
        FAR: _("You have a guest at another venue, too close to that time."),
        UNSKILLED: _("You do not do this treatment any more. Nothing to do."),
    }[offer.reason or BUSY]
