"""Whom a booking without therapist is offered to, in waves: one question at a time, to the best who can take it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from portal.bookings.availability import eligible_therapists
from portal.bookings.queries import regulars_of, resources_of
from portal.bookings.slots.facts import Therapist, Work
from portal.bookings.slots.intervals import epoch
from portal.bookings.slots.snapshot import Snapshot
from portal.bookings.wishes.queries import who_wished
from portal.models import BookingItem, Offer, Venue
from portal.models.offer import BECAUSE_REGULAR, BECAUSE_REQUESTED, BECAUSE_WISHED, CANCELLED, OPEN, REQUESTED
from portal.webhooks import outbox


@dataclass(frozen=True, slots=True)
class Wave:
    """Who is asked at the same moment: the therapist whom the guest asked for (rank REQUESTED), or all of one rank,
    beside whom stand those who `wished` to be asked first.
    """

    rank: int
    therapists: tuple[Therapist, ...]
    wished: frozenset[int] = frozenset()


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


def escalation_delay(venue: Venue) -> timedelta:
    """How long a wave has to answer before the next one is asked too."""
    return timedelta(minutes=venue.therapist_escalation_delay_minutes)


def next_wave(
    snapshot: Snapshot,
    work: Work,
    *,
    requested: int | None = None,
    but: Collection[int] = (),
    wished: frozenset[int] = frozenset(),
) -> Wave | None:
    """Who is asked next when the members `but` are not to be: `requested`, else the best rank of those who can do it.

    Those of the gender that the guest prefers come first, rank by rank; the rest only when none of them is left. Who
    of them has `wished` to be asked first is, whatever her rank. Whom the guest asked for by name is asked whatever
    the preference says. None when nobody is left.
    """
    if requested is not None and requested not in but:
        able = _team(snapshot, replace(work, gender=None))
        asked_for = tuple(therapist for therapist in able if therapist.member_id == requested)
        if asked_for:
            return Wave(REQUESTED, asked_for)
    left = [therapist for therapist in _team(snapshot, work) if therapist.member_id not in but]
    best = min((therapist.ranks[work.venue_id] for therapist in left), default=None)
    if best is None:
        return None
    able = (one for one in left if one.ranks[work.venue_id] == best or one.member_id in wished)
    return Wave(best, tuple(able), wished)


def wave_after(venue: Venue, item: BookingItem, snapshot: Snapshot, *, at: datetime) -> Wave | None:
    """Who is asked next as things stand: nobody twice, and nobody from whom the desk has taken it back."""
    asked = {offer.member_id for offer in item.offers if offer.is_open or offer.was_taken_back}
    wished = who_wished(venue, item.treatment_id, at=at)
    return next_wave(snapshot, work_of(item), requested=item.requested_id, but=asked | _serving(item), wished=wished)


def offers_of(item: BookingItem, wave: Wave, *, at: datetime, because: Mapping[int, str]) -> list[Offer]:
    """An open offer of the item for each therapist of the wave; `because` tells by member why it is for her."""
    return [
        Offer(
            uuid=uuid4(),
            organisation_id=item.organisation_id,
            venue_id=item.venue_id,
            item_id=item.id,
            member_id=therapist.member_id,
            rank=wave.rank,
            status=OPEN,
            because=because.get(therapist.member_id, BECAUSE_WISHED if therapist.member_id in wave.wished else None),
            sent_at=at,
            proposal=None,
        )
        for therapist in wave.therapists
    ]


def reasons_of(venue: Venue, item: BookingItem, customer_id: int | None, *, at: datetime) -> dict[int, str]:
    """For whom of the members the offer is in particular, and why."""
    regular = regulars_of(venue, customer_id, at=at) if customer_id is not None else frozenset()
    reasons = dict.fromkeys(regular, BECAUSE_REGULAR)
    if item.requested_id is not None:
        reasons[item.requested_id] = BECAUSE_REQUESTED
    return reasons


def ask_next(venue: Venue, item: BookingItem, snapshot: Snapshot, *, at: datetime) -> bool:
    """Ask the next wave; where nobody is left the desk is alerted. Returns whether somebody was asked."""
    wave = wave_after(venue, item, snapshot, at=at)
    if wave is None:
        item.alert(at=at)
        return False
    _send(venue, item, wave, at=at)
    item.ask(wave.rank, at=at, wait=escalation_delay(venue))
    return True


def ask_requested(venue: Venue, item: BookingItem, snapshot: Snapshot, *, at: datetime) -> None:
    """Whom the guest asks for now is asked beside those who are asked already; the time to answer begins anew.

    One who was asked before is told that it is for her.
    """
    for offer in item.offers:
        if offer.member_id == item.requested_id:
            offer.because = BECAUSE_REQUESTED
        elif offer.because == BECAUSE_REQUESTED:
            offer.because = None
    wave = wave_after(venue, item, snapshot, at=at)
    if wave is not None and wave.rank == REQUESTED:
        _send(venue, item, wave, at=at)
        item.ask(wave.rank, at=at, wait=escalation_delay(venue))


def ask_rest(venue: Venue, item: BookingItem, snapshot: Snapshot, *, at: datetime) -> bool:
    """Ask everybody else who can do it: all ranks at once, of whatever gender. From whom the desk has taken it back is
    asked again only where nobody else is left.

    The time to answer begins anew. Returns whether somebody was asked.
    """
    asked = {offer.member_id for offer in item.offers if offer.is_open} | _serving(item)
    taken_back = {offer.member_id for offer in item.offers if offer.was_taken_back}
    work, reached = replace(work_of(item), gender=None), None
    for but in (asked | taken_back, asked):
        left = but
        while wave := next_wave(snapshot, work, requested=item.requested_id, but=left):
            _send(venue, item, wave, at=at)
            left = left | {therapist.member_id for therapist in wave.therapists}
            reached = wave.rank
        if reached is not None:
            break
    if reached is not None:
        item.ask(reached, at=at, wait=escalation_delay(venue))
    return reached is not None


def ask_anew(venue: Venue, item: BookingItem, snapshot: Snapshot, *, at: datetime) -> None:
    """The item stands elsewhere in time, which is a new question: whoever was asked and can still do it is asked again,
    with all others of the ranks that had their turn; who cannot is no longer asked. The time to answer begins anew.
    """
    reach = item.offered_rank
    for offer in item.offers:
        if offer.is_open or offer.status == CANCELLED:
            offer.close(CANCELLED, at=offer.closed_at or at)
            offer.reason = None
    ask_next(venue, item, snapshot, at=at)
    while reach is not None and (wave := wave_after(venue, item, snapshot, at=at)) is not None and wave.rank <= reach:
        _send(venue, item, wave, at=at)
        item.ask(wave.rank, at=at, wait=escalation_delay(venue))


def _send(venue: Venue, item: BookingItem, wave: Wave, *, at: datetime) -> None:
    """Open the offers of a wave: an offer that was closed without her doing is opened again. They are told of it."""
    outbox.publish("offers.opened", item.booking)
    known = {offer.member_id: offer for offer in item.offers}
    because = reasons_of(venue, item, item.booking.customer_id, at=at)
    for fresh in offers_of(item, wave, at=at, because=because):
        offer = known.get(fresh.member_id)
        if offer is None:
            item.offers.append(fresh)
        else:
            offer.reopen(at=at, rank=wave.rank)
            offer.because = fresh.because


def _team(snapshot: Snapshot, work: Work) -> Iterable[Therapist]:
    able = (snapshot.team[person] for person in eligible_therapists(snapshot, work))
    return [therapist for therapist in able if therapist.has_account]


def _serving(item: BookingItem) -> set[int]:
    return {assignment.member_id for assignment in item.current_assignments}
