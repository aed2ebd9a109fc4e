"""What a hand holds, and what it is told when it takes it: where it can be put, and how long it can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from portal.bookings.moves.form import YEARS, instant_of, item_named
from portal.bookings.moves.judging import Bench, Taken, named
from portal.bookings.moves.lengths import Limit, lengths, limits, quarters
from portal.bookings.moves.queries import Column, room_columns, therapist_columns
from portal.bookings.moves.targets import Sheet, targets
from portal.bookings.moving import items_after
from portal.bookings.queries import rooms_of_item
from portal.bookings.relocation import has_begun
from portal.bookings.slots.queries import load_snapshot
from portal.clock import local_date, now
from portal.errors import NotFound
from portal.models import Booking, BookingItem, Venue

_ROOM = "room"
_DAY = timedelta(days=1)
_WEEK = 7


def targets_asked(venue: Venue, booking: Booking, args: Mapping[str, str]) -> dict[str, Any]:
    """The targets on the day `day`, by therapist or by `room`, of the treatment that is taken.

    That is `item`, else the one that begins at `taken` (an ISO instant) and stands in the column `of` (a therapist's),
    else the first. With `week`, a therapist or room, those of its seven days from `day` on. Raises NotFound for a day
    that is none, for a treatment of another booking and for who or what is not of this venue.
    """
    first, item = _day(venue, booking, args.get("day")), item_taken(booking, args)
    therapists, rooms, by_room = therapist_columns(venue), room_columns(venue), args.get("by") == _ROOM
    sheets = _sheets(rooms if by_room else therapists, first, args.get("week"))
    leaving = next(
        (one.member.resource_id for one in item.current_assignments if str(one.member.uuid) == args.get("of")), None
    )
    lifted = [one.id for one in booking.items]
    snapshot = load_snapshot(venue, first=first, last=sheets[-1].day + _DAY if sheets else first, without=lifted)
    taken = Taken(venue=venue, booking=booking, item=item, leaving=leaving)
    return targets(Bench(taken, snapshot, named(therapists, rooms), now=now()), sheets, by_room=by_room)


def lengths_asked(venue: Venue, booking: Booking, args: Mapping[str, str]) -> dict[str, Any]:
    """The lengths of the treatment that is taken, named as for its targets. Raises NotFound."""
    return lengths(_bench(venue, booking, item_taken(booking, args)))


def quarters_of(venue: Venue, booking: Booking) -> dict[str, str | None]:
    """What stands against a quarter of an hour more or less for the last treatment of the visit."""
    return quarters(_bench(venue, booking, booking.items[-1]))


def limits_of(venue: Venue, booking: Booking, item: BookingItem) -> list[Limit]:
    """The lengths that a treatment of the visit cannot have."""
    return limits(_bench(venue, booking, item))


def item_taken(booking: Booking, args: Mapping[str, str]) -> BookingItem:
    """The treatment that is meant, see `targets_asked`. Raises NotFound."""
    named = item_named(booking, args.get("item"))
    begun = instant_of(args.get("taken"))
    there = [item for item in booking.items if item.starts_at == begun]
    serving = [
        item for item in there if any(str(one.member.uuid) == args.get("of") for one in item.current_assignments)
    ]
    return named or next(iter((*serving, *there, *booking.items)))


def _bench(venue: Venue, booking: Booking, item: BookingItem) -> Bench:
    """The treatment in hand with what follows it, for another length."""
    lifted = [item, *items_after(booking, item)]
    day = local_date(item.starts_at, venue.timezone)
    at = now()
    stays = {one.id: rooms_of_item(venue, one) for one in lifted if has_begun(booking, one, at)}
    snapshot = load_snapshot(venue, first=day, last=day + _DAY, without=[one.id for one in lifted])
    taken = Taken(venue=venue, booking=booking, item=item, rooms=stays)
    return Bench(taken, snapshot, named(therapist_columns(venue), room_columns(venue)), now=at)


def _sheets(columns: Sequence[Column], first: date, whose: str | None) -> list[Sheet]:
    """The columns on the screen: everybody on one day, or one of them on the days of a week."""
    if not whose:
        return [Sheet(key=str(column.uuid), day=first, column=column) for column in columns]
    for column in columns:
        if str(column.uuid) == whose:
            days = [first + offset * _DAY for offset in range(_WEEK)]
            return [Sheet(key=day.isoformat(), day=day, column=column) for day in days]
    raise NotFound()


def _day(venue: Venue, booking: Booking, text: str | None) -> date:
    if not text:
        return local_date(booking.starts_at, venue.timezone)
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-11-20") else None
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise NotFound()
    return day
