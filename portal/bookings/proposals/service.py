"""What a therapist does about another time: suggest it, take the suggestion back; and what time does to it.

Nothing is reserved by a suggestion, and the others are asked on: her offer stays open.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import structlog

import portal.audit as audit
from portal.audit import SYSTEM, Actor
from portal.bookings.errors import AlreadyTaken, AlreadyYours, NotFree, NotOffered, OfferCancelled, OfferExpired
from portal.bookings.news import tell_asked, tell_proposals
from portal.bookings.proposals.errors import TimeGone
from portal.bookings.proposals.finding import time_of
from portal.bookings.proposals.queries import find_by_key, find_expired, reread_proposal
from portal.bookings.queries import lock_offer
from portal.clock import now
from portal.database import atomic, db
from portal.models import CounterProposal, Offer, StaffMember, Venue
from portal.models.offer import ACCEPTED, CANCELLED, TAKEN
from portal.models.proposal import EXPIRED, OPEN, WITHDRAWN
from portal.notices.kinds import Kind
from portal.notices.queries import desk_of
from portal.notices.service import tell_member
from portal.notices.visits import SOON

# The desk has a day to answer, and no longer than until the earlier of the two times begins.
PATIENCE = timedelta(days=1)
_log = structlog.get_logger(__name__)


@atomic
def propose_time(venue: Venue, *, offer: Offer, starts_at: datetime, by: Actor) -> CounterProposal:
    """The therapist could serve the offered treatment at another time: the desk decides. Her offer stays open, or is
    opened again where another guest came in between.

    She has one suggestion at a time for an offer: the same again is harmless, another one takes its place. Raises
    NotOffered, AlreadyYours, OfferCancelled, AlreadyTaken, OfferExpired, TimeGone when she could not be had then.
    """
    member, at = _member(by), now()
    offer = lock_offer(venue, offer)
    if offer.member_id != member.id:
        raise NotOffered()
    if not offer.may_suggest:
        check_open(offer, at=at)
    if offer.item.starts_at <= at:
        raise OfferExpired()
    if offer.proposal is not None and offer.proposal.starts_at == starts_at and offer.proposal.waits_at(at):
        return offer.proposal
    time = time_of(venue, offer, member, starts_at, at=at)
    if time is None:
        raise TimeGone(field="starts_at")
    offer.take_up()
    item, booking = offer.item, offer.item.booking
    if offer.proposal is not None:
        offer.proposal.close(WITHDRAWN, at=at, by_name=by.name)
        tell_proposals(venue, booking)
        db.session.flush()
    made = CounterProposal(
        uuid=uuid4(), organisation_id=venue.organisation_id, venue_id=venue.id, offer=offer, room_id=time.room_id,
        starts_at=time.starts_at, ends_at=time.ends_at, status=OPEN, made_at=at,
        expires_at=min(at + PATIENCE, item.starts_at, time.starts_at),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    db.session.expire(offer, ["proposal"])
    told = {"therapist": member.name, "starts_at": made.starts_at.isoformat()}
    booking.remember("proposed", by=by, at=at, from_status=booking.status, **told)
    audit.record(by, "proposal:made", made, starts_at=told["starts_at"])
    for one in [] if booking.test else desk_of(venue):
        tell_member(
            one, Kind.PROPOSED, venue=venue, subject=made.uuid, key=f"proposed:{made.uuid}", by=by,
            urgent=made.expires_at <= at + SOON,
        )  # fmt: skip
    _tell(venue, offer)
    return made


@atomic
def withdraw_counter_proposal(venue: Venue, *, offer: Offer, by: Actor) -> Offer:
    """She takes back what she suggested for an offer of hers; harmless when nothing waits. Raises NotOffered."""
    member, at = _member(by), now()
    offer = lock_offer(venue, offer)
    if offer.member_id != member.id:
        raise NotOffered()
    proposal = offer.proposal
    if proposal is None:
        return offer
    proposal.close(WITHDRAWN, at=at, by_name=by.name)
    offer.item.booking.remember(
        "proposal_withdrawn", by=by, at=at, from_status=offer.item.booking.status, therapist=member.name
    )
    audit.record(by, "proposal:withdrawn", proposal)
    _tell(venue, offer)
    db.session.flush()
    db.session.expire(offer, ["proposal"])
    return offer


def expire_proposals() -> int:
    """Close what nobody has answered in time, and tell who had suggested it; how many there were.

    Any number of workers may do this at once: whoever is second finds that nothing is left.
    """
    at, done = now(), 0
    for key in find_expired(at=at):
        try:
            done += _expire(key, at)
        except Exception:  # noqa: BLE001  (one that fails must not keep the others waiting)
            db.session.rollback()
            _log.exception("expiry failed", proposal=key)
    return done


def check_open(offer: Offer, *, at: datetime) -> None:
    """Raises AlreadyYours, NotFree, OfferCancelled, AlreadyTaken, OfferExpired for what she cannot answer any more."""
    if offer.status == ACCEPTED:
        raise AlreadyYours()
    if offer.was_given_up:
        raise NotFree()
    if offer.status == CANCELLED:
        raise OfferCancelled()
    if offer.status == TAKEN:
        raise AlreadyTaken()
    if not offer.is_open or offer.item.starts_at <= at:
        raise OfferExpired()


def tell_answer(
    venue: Venue, proposal: CounterProposal, *, by: Actor = SYSTEM, after: timedelta = timedelta(0)
) -> None:
    """Tell who had suggested it what has become of it: once for each answer."""
    offer = proposal.offer
    if not offer.item.booking.test:
        tell_member(
            offer.member, Kind.PROPOSAL_ANSWER, venue=venue, subject=proposal.uuid,
            key=f"proposal:{proposal.uuid}:{proposal.status}", by=by, after=after,
            urgent=min(offer.item.starts_at, proposal.starts_at) <= now() + SOON,
        )  # fmt: skip


@atomic
def _expire(key: int, at: datetime) -> int:
    """One of them, unless somebody else had it meanwhile."""
    found = find_by_key(key)
    if found is None:
        return 0
    venue = found.offer.item.booking.venue
    offer = lock_offer(venue, found.offer)
    proposal = reread_proposal(venue, found)
    if not proposal.is_open or proposal.expires_at > at:
        return 0
    proposal.close(EXPIRED, at=at)
    audit.record(SYSTEM, "proposal:expired", proposal)
    tell_answer(venue, proposal)
    _tell(venue, offer)
    return 1


def _tell(venue: Venue, offer: Offer) -> None:
    """The ghost, the desk's list, the panel and her card are drawn again."""
    tell_proposals(venue, offer.item.booking)
    tell_asked(venue, offer.item.booking)


def _member(by: Actor) -> StaffMember:
    if by.member is None:
        raise NotOffered()
    return by.member
