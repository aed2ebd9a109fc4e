"""Whom a pending booking is offered to: the first wave of therapists who could do it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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


def first_wave(snapshot: Snapshot, work: Work, *, but: Collection[int] = ()) -> list[Therapist]:
    """The best rank among the therapists who can take the work, leaving out the members `but`."""
    able = [snapshot.team[person] for person in eligible_therapists(snapshot, work)]
    able = [therapist for therapist in able if therapist.member_id not in but]
    best = min((therapist.ranks[work.venue_id] for therapist in able), default=0)
    return [therapist for therapist in able if therapist.ranks[work.venue_id] == best]


def offers_of(item: BookingItem, wave: Iterable[Therapist], *, at: datetime) -> list[Offer]:
    """An open offer of the item for each of these therapists."""
    return [
        Offer(
            organisation_id=item.organisation_id,
            venue_id=item.venue_id,
            item_id=item.id,
            member_id=therapist.member_id,
            rank=therapist.ranks[item.venue_id],
            status=OPEN,
            sent_at=at,
        )
        for therapist in sorted(wave, key=_by_account)
    ]


def broadcast_again(item: BookingItem, snapshot: Snapshot, *, at: datetime) -> None:
    """Offer the item anew, to the best rank among the therapists who can take it.

    An offer that had been taken by a colleague is opened again; nobody is asked twice.
    """
    serving = {assignment.member_id for assignment in item.current_assignments}
    known = {offer.member_id: offer for offer in item.offers}
    wave = first_wave(snapshot, work_of(item), but=serving)
    for therapist in wave:
        offer = known.get(therapist.member_id)
        if offer is not None and not offer.is_open:
            offer.reopen(at=at)
    item.offers += offers_of(item, [therapist for therapist in wave if therapist.member_id not in known], at=at)
    if wave:
        item.offered_rank = wave[0].ranks[item.venue_id]


def _by_account(therapist: Therapist) -> int:
    return therapist.member_id
