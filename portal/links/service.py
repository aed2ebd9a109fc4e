"""Answering an offer from a message, without password: whoever holds the link acts for the member it was sent to.

The link is good for this one offer until it closes. It opens no session, and nothing but its two buttons changes
anything: programs that look at links in mail do so by reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert

from portal.audit import Actor
from portal.bookings.service import accept_booking
from portal.clock import now
from portal.database import atomic, db
from portal.errors import Conflict, NotFound, TooMany
from portal.links.queries import find_asked
from portal.models import LoginAttempt, Offer, StaffMember, Venue
from portal.offers.answers import refusal_of
from portal.offers.cards import Card, late_card
from portal.offers.queries import get_offer
from portal.offers.service import decline_offer
from portal.session import throttle
from portal.session.queries import recent_failures
from portal.visits.service import note_look

DOOR = "link"
MISSES = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """Who holds the link, and what she is asked."""

    member: StaffMember
    offer: Offer

    @property
    def venue(self) -> Venue:
        return self.offer.item.booking.venue


def open_link(notice_id: UUID | None, *, network: str) -> Asked:
    """What the link is about; None stands for a link that nobody here has signed.

    Raises NotFound when there is nothing (any more), TooMany for a network that keeps trying.
    """
    limit = throttle.Limit(throttle.key_of("link", network), MISSES)
    _refuse_when_throttled(limit)
    found = find_asked(notice_id) if notice_id else None
    if found is None:
        _note_miss(limit)
        raise NotFound()
    member, offer = found
    offer = get_offer(offer.item.booking.venue, member, offer.uuid)
    if offer.item.ends_at <= now():
        raise NotFound()
    return Asked(member, offer)


@atomic
def accept(asked: Asked, *, shown: str) -> Offer:
    """She takes it, if it is still at the time that she was `shown` (an instant). Raises what `accept_booking` does."""
    _check_shown(asked, shown)
    taken = accept_booking(asked.venue, offer=asked.offer, by=_by(asked))
    note_look(asked.member, [taken.item.uuid])
    return taken


@atomic
def decline(asked: Asked, *, shown: str) -> Offer:
    """She would rather not. Raises what `decline_offer` does."""
    _check_shown(asked, shown)
    return decline_offer(asked.venue, offer=asked.offer, by=_by(asked))


def refused_card(asked: Asked, refusal: Conflict) -> Card:
    """The offer with the reason why she cannot have it. Who else she treats is no matter of a message."""
    return late_card(asked.offer, refusal_of(asked.offer, refusal), at=now())


def _check_shown(asked: Asked, shown: str) -> None:
    if shown != asked.offer.item.starts_at.isoformat():
        raise Conflict()


def _by(asked: Asked) -> Actor:
    return Actor.of_member(asked.member, door=DOOR)


def _refuse_when_throttled(limit: throttle.Limit) -> None:
    at = now()
    failures = recent_failures(limit.key, since=at - throttle.MEMORY, at_most=limit.worth_reading)
    wait = throttle.wait(failures, limit.allowed, at)
    if wait > timedelta(0):
        raise TooMany(retry_after=int(wait.total_seconds()) + 1)


@atomic
def _note_miss(limit: throttle.Limit) -> None:
    db.session.execute(insert(LoginAttempt), [{"key": limit.key, "at": now()}])
