"""Whom a pending booking is offered to: the first wave of therapists who could do it."""

from __future__ import annotations

from datetime import datetime

from portal.bookings.availability import eligible_therapists
from portal.bookings.queries import resources_of
from portal.bookings.slots.facts import Therapist, Work
from portal.bookings.slots.intervals import epoch
from portal.bookings.slots.snapshot import Snapshot
from portal.models import BookingItem, Offer
from portal.models.offer import OPEN


def work_of(item: BookingItem) -> Work:
    """The item as its therapists see it; those who refused it are not asked again."""
    refused = [offer.member_id for offer in item.offers if offer.was_refused_by_her]
    return Work(
        venue_id=item.venue_id,
        start=epoch(item.starts_at),
        end=epoch(item.ends_at),
        treatment_id=item.treatment_id,
        gender=item.gender_preference,
        declined=frozenset(resources_of(refused)),
    )


def broadcast(item: BookingItem, snapshot: Snapshot, *, at: datetime) -> list[Therapist]:
    """Offer the item to the best rank among the therapists who can take it; returns those who are asked.

    An offer that had been taken by a colleague is opened again; nobody is asked twice.
    """
    serving = {assignment.member_id for assignment in item.current_assignments}
    eligible = [snapshot.team[person] for person in eligible_therapists(snapshot, work_of(item))]
    candidates = [therapist for therapist in eligible if therapist.member_id not in serving]
    if not candidates:
        return []
    rank = min(therapist.ranks[item.venue_id] for therapist in candidates)
    wave = [therapist for therapist in candidates if therapist.ranks[item.venue_id] == rank]
    known = {offer.member_id: offer for offer in item.offers}
    for therapist in sorted(wave, key=_by_account):
        offer = known.get(therapist.member_id)
        if offer is None:
            item.offers.append(_offer(item, therapist.member_id, rank, at))
        elif not offer.is_open:
            offer.reopen(at=at)
    item.offered_rank = rank
    return wave


def _by_account(therapist: Therapist) -> int:
    return therapist.member_id


def _offer(item: BookingItem, member_id: int, rank: int, at: datetime) -> Offer:
    return Offer(
        organisation_id=item.organisation_id,
        venue_id=item.venue_id,
        member_id=member_id,
        rank=rank,
        status=OPEN,
        sent_at=at,
    )
