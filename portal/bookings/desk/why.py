"""Why a place cannot be had, and the nearest way out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import portal.clock as clock
from portal.bookings.desk.check import Verdict, judge
from portal.bookings.desk.choices import Choices
from portal.bookings.desk.finding import place_at
from portal.bookings.desk.gaps import Gaps
from portal.bookings.request import Request
from portal.bookings.slots.intervals import epoch
from portal.bookings.slots.queries import load_snapshot
from portal.bookings.slots.request import Request as Asked
from portal.models import Room, StaffMember, Variant, Venue


@dataclass(frozen=True, slots=True)
class Why:
    """The answer for a place: the verdict, and who could treat at that very time instead."""

    variant: Variant
    starts_at: datetime
    therapist: StaffMember | None
    room: Room | None
    verdict: Verdict
    others: tuple[StaffMember, ...] = ()


def why(venue: Venue, choices: Choices, variant: Variant, starts_at: datetime, column: str) -> Why:
    """Ask for the treatment at that place: the column of a therapist or of a room, or nobody's."""
    therapist, room = choices.therapist(column), choices.room(column)
    wish = Request(
        variant=variant, starts_at=starts_at, customer=None, price_minor=0, channel="desk", desk=True,
        guest_count=variant.guest_count, therapists=(therapist,) if therapist else (), room=room,
    )  # fmt: skip
    verdict = judge(venue, wish)
    others = () if verdict.is_free or not therapist else _others(venue, choices, wish)
    return Why(variant, starts_at, therapist, room, verdict, others)


def _others(venue: Venue, choices: Choices, wish: Request) -> tuple[StaffMember, ...]:
    """Who is free then, at most three."""
    at, day = clock.now(), clock.local_date(wish.starts_at, venue.timezone)
    snapshot = load_snapshot(venue, first=day, last=day)
    gaps, start = Gaps(snapshot, choices.shortest), epoch(wish.starts_at)
    need = replace(wish, therapists=()).need(venue)
    taken = wish.therapist_ids
    free = []
    for member in choices.therapists:
        if member.resource_id is None or member.resource_id in taken:
            continue
        asked = Asked(snapshot, replace(need, therapists=frozenset({member.resource_id})), at, desk=True)
        if place_at(asked, gaps, start, now=at):
            free.append(member)
    return tuple(free[:3])
