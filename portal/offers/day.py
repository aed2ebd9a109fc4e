"""A therapist's day, assembled from what was read: the visit now, what she is asked, today, the days after."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.clock import today
from portal.i18n import clock_time, day_name, name_of
from portal.models import BookingItem, Offer, StaffMember
from portal.models.booking_states import CONFIRMED, PENDING, UNDERWAY
from portal.offers.cards import Card, card_of, soonest_first
from portal.offers.words import language_note, rooms_of

BEHIND = timedelta(hours=36)
AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Visit:
    """One treatment of hers; `id` is the booking item's, `status` the booking's; `shown` tells an arrival too."""

    id: UUID
    booking: UUID
    venue_slug: str
    venue: str
    day: date
    day_name: str
    starts_at: datetime
    time: str
    ends: str
    minutes: int
    guest: str
    guests: int
    language_note: str
    treatment: str
    rooms: str
    notes: str | None
    status: str
    shown: str
    minutes_to_start: int
    minutes_left: int
    can_give_back: bool

    @property
    def is_running(self) -> bool:
        return self.minutes_to_start <= 0 < self.minutes_left


@dataclass(frozen=True, slots=True)
class Day:
    """What the page shows; `read_at` is the venue's clock when it was read."""

    offers: list[Card]
    unseen: list[UUID]
    current: Visit | None
    today: list[Visit]
    later: list[tuple[str, list[Visit]]]
    many_venues: bool
    read_at: str

    @property
    def open_offers(self) -> int:
        return sum(card.is_open for card in self.offers)


def day_of(member: StaffMember, offers: Sequence[Offer], items: Sequence[BookingItem], *, at: datetime) -> Day:
    """The page of the member at an instant. Today is each venue's own today."""
    visits = [(_visit(item, at=at), item) for item in items]
    todays = [visit for visit, item in visits if visit.day == today(item.booking.venue.timezone)]
    later = [visit for visit, item in visits if visit.day > today(item.booking.venue.timezone)]
    ahead = [visit for visit, item in visits if item.ends_at > at and item.booking.status in {PENDING, *UNDERWAY}]
    zones = [item.booking.venue.timezone for item in items] or [offer.item.booking.venue.timezone for offer in offers]
    return Day(
        offers=sorted((card_of(offer, at=at) for offer in offers), key=soonest_first),
        unseen=[offer.uuid for offer in offers if offer.is_open and offer.seen_at is None],
        current=ahead[0] if ahead else None,
        today=todays,
        later=[(name, list(group)) for name, group in groupby(later, key=lambda visit: visit.day_name)],
        many_venues=len(member.venue_links) > 1,
        read_at=clock_time(at, zones[0]) if zones else "",
    )


def _visit(item: BookingItem, *, at: datetime) -> Visit:
    booking, venue = item.booking, item.booking.venue
    day = item.starts_at.astimezone(ZoneInfo(venue.timezone)).date()
    return Visit(
        id=item.uuid,
        booking=booking.uuid,
        venue_slug=venue.slug,
        venue=name_of(venue),
        day=day,
        day_name=day_name(day, today=today(venue.timezone)),
        starts_at=item.starts_at,
        time=clock_time(item.starts_at, venue.timezone),
        ends=clock_time(item.ends_at, venue.timezone),
        minutes=item.duration,
        guest=(booking.customer.first_name or "") if booking.customer else "",
        guests=item.guest_count,
        language_note=language_note(booking),
        treatment=name_of(item.treatment),
        rooms=rooms_of(item),
        notes=booking.notes,
        status=booking.status,
        shown="arrived" if booking.arrived_at and booking.status == CONFIRMED else booking.status,
        minutes_to_start=_minutes(item.starts_at - at),
        minutes_left=_minutes(item.ends_at - at),
        can_give_back=booking.is_open and item.starts_at > at,
    )


def _minutes(span: timedelta) -> int:
    return math.ceil(span.total_seconds() / 60)
