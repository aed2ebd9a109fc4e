"""Reads what the other times of an offer depend on: once for all offers of a venue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from portal.bookings import claims
from portal.bookings.proposals.queries import shortest_treatment
from portal.bookings.proposals.times import DAYS, MOST, Part, Question, Time, nearest_times, time_at
from portal.bookings.slots.assembly import need_of
from portal.bookings.slots.queries import Reading, read_days
from portal.bookings.slots.snapshot import Snapshot
from portal.clock import local_date
from portal.models import BookingItem, Offer, StaffMember, Venue

_DAY = timedelta(days=1)


def times_of(
    offers: Sequence[Offer],
    member: StaffMember,
    *,
    at: datetime,
    but: Mapping[int, Iterable[datetime]] | None = None,
    limit: int = MOST,
) -> dict[int, list[Time]]:
    """By the key of each offer to the member when she could serve it instead; `but` are starts out of the question.

    Five statements for each venue, however many offers there are. The offers are loaded with their bookings' items.
    """
    by_venue: dict[int, list[Offer]] = defaultdict(list)
    for offer in offers:
        if offer.may_suggest and offer.item.starts_at > at and member.resource_id is not None:
            by_venue[offer.venue_id].append(offer)
    found: dict[int, list[Time]] = {}
    for group in by_venue.values():
        venue = group[0].item.booking.venue
        days = [_day(venue, offer) for offer in group]
        reading, shortest = read_days(venue, first=min(days), last=max(days) + DAYS * _DAY), shortest_treatment(venue)
        for offer in group:
            question = _question(venue, offer, member, shortest)
            found[offer.id] = nearest_times(
                _snapshot(reading, venue, offer), question, now=at, but=(but or {}).get(offer.id, ()), limit=limit
            )
    return found


def time_of(venue: Venue, offer: Offer, member: StaffMember, starts_at: datetime, *, at: datetime) -> Time | None:
    """The time at that start, if the member could serve the offer then; None when she cannot."""
    first = _day(venue, offer)
    if not first <= local_date(starts_at, venue.timezone) < first + DAYS * _DAY:
        return None
    reading = read_days(venue, first=first, last=first + DAYS * _DAY)
    question = _question(venue, offer, member, venue.slot_interval)
    return time_at(_snapshot(reading, venue, offer), question, starts_at, now=at)


def _snapshot(reading: Reading, venue: Venue, offer: Offer) -> Snapshot:
    """Without what the visit holds and needs where it stands."""
    first, items = _day(venue, offer), [item.id for item in offer.item.booking.items]
    return reading.snapshot(first=first, last=first + (DAYS - 1) * _DAY, without=items)


def _question(venue: Venue, offer: Offer, member: StaffMember, shortest: int) -> Question:
    item, person = offer.item, claims.resource_of(member)
    others = [one for one in item.booking.items if one.id != item.id]
    return Question(
        person=person,
        near=item.starts_at,
        parts=[_part(venue, item, item, {person}), *(_part(venue, one, item, set()) for one in others)],
        shortest=shortest,
        late=item.out_of_hours,
    )


def _part(venue: Venue, item: BookingItem, asked: BookingItem, more: set[int]) -> Part:
    serving = {claims.resource_of(one.member) for one in item.current_assignments}
    need = need_of(venue, item.variant, guests=item.guest_count, gender=item.gender_preference)
    offset = int((item.starts_at - asked.starts_at).total_seconds())
    return Part(replace(need, duration=item.duration, therapists=frozenset(serving | more)), offset)


def _day(venue: Venue, offer: Offer) -> date:
    return local_date(offer.item.starts_at, venue.timezone)
