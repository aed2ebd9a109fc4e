"""Making room for a longer treatment: the visits in its way begin later, by as much as it takes, all or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from flask_babel import lazy_gettext as _l

from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.errors import SlotUnavailable, Stale
from portal.bookings.moving import (
    LONGEST,
    STEP,
    Move,
    check_length,
    move_booking,
    resize_booking,
    resized,
    shifted,
)
from portal.bookings.queries import bookings_of_items, lock_booking, rooms_of_item
from portal.bookings.relocation import Target, has_begun, in_place
from portal.bookings.slots.assembly import need_of
from portal.bookings.slots.facts import Busy, Stay
from portal.bookings.slots.intervals import epoch
from portal.bookings.slots.queries import load_snapshot
from portal.bookings.slots.snapshot import Snapshot
from portal.changes.queries import bookings_named
from portal.changes.record import recording
from portal.clock import local_date, now
from portal.database import atomic
from portal.errors import Conflict
from portal.models import Booking, BookingItem, Venue

# What can be asked of a day, see TooMuch.
MOST, FARTHEST = 3, timedelta(hours=3)


class Push(NamedTuple):
    """A visit that begins later so that another one can last longer."""

    booking: Booking
    was: datetime
    starts_at: datetime


class CannotPush(SlotUnavailable):
    """The visit of `push` cannot begin then: why not, as if it were moved by itself."""

    code = "cannot_push"

    def __init__(self, push: Push, why: SlotUnavailable) -> None:
        super().__init__(why.reason, interval=why.interval, cause=why.cause, subject=why.subject)
        self.push = push


class TooMuch(Conflict):
    """No push any more but another day."""

    code = "too_much"
    message = _l("More than three visits would have to begin later, or one of them by more than three hours.")


@atomic
def resize_and_push(
    venue: Venue,
    *,
    booking: Booking,
    minutes: int,
    agreed: Mapping[UUID, datetime],
    by: Actor,
    item: BookingItem | None = None,
    version: int | None = None,
) -> list[Push]:
    """Give a treatment another length, and let the visits in its way begin when it was agreed: one change.

    Each of them moves as by itself, the last one first. Raises Stale when others than those `agreed` would have to make
    way by now, or by another time; CannotPush; TooMuch; and what `resize_booking` raises.
    """
    check_length(minutes)
    named = bookings_named(venue, list(agreed))
    claims.lock_spans(venue.organisation_id, *_spans(booking, named, agreed))
    for one in sorted({booking, *named}, key=_key):
        lock_booking(venue, one)
    pushes = pushes_needed(venue, booking=booking, minutes=minutes, item=item)
    if {push.booking.uuid: push.starts_at for push in pushes} != agreed:
        raise Stale()
    with recording(venue, "booking:pushed", booking, by=by):
        for push in reversed(pushes):
            _push(venue, push, by=by)
        resize_booking(venue, booking=booking, minutes=minutes, by=by, item=item, version=version)
    return pushes


def pushes_needed(venue: Venue, *, booking: Booking, minutes: int, item: BookingItem | None = None) -> list[Push]:
    """The visits that a length runs into, and those that these run into in turn, in order of time.

    Each begins as soon as what is before it is over. Whether it can is for `resize_and_push` to say. Empty when nobody
    is in the way. Raises TooMuch.
    """
    row = _Row(venue, booking)
    row.make_way(resized(booking, item or booking.items[-1], minutes))
    return row.pushes


class _Row:
    """Visits that stand behind each other: whoever begins later may be in the way of the next.

    Nobody overtakes: what comes after another on one resource goes on after it.
    """

    def __init__(self, venue: Venue, booking: Booking) -> None:
        self.venue, self.booking, self.at = venue, booking, now()
        self._own = {item.id for item in booking.items}
        self._bookings: dict[int, Booking] = {}
        self._shifts: dict[int, timedelta] = {}

    @property
    def pushes(self) -> list[Push]:
        found = [Push(one, one.starts_at, one.starts_at + self._shifts[key]) for key, one in self._bookings.items()]
        return sorted(found, key=lambda push: (push.was, push.booking.id))

    def make_way(self, targets: Sequence[Target]) -> None:
        """Whatever stands where these are put goes on after them. Raises TooMuch."""
        moving = {target.item.id for target in targets}
        snapshot = self._load(targets, self._own | moving)
        for target in targets:
            for claim, free_from in _in_the_way(snapshot, target, self._stay(target)):
                if claim.item_id not in moving:
                    self._push(claim, free_from - claim.start)

    def _push(self, claim: Busy, seconds: int) -> None:
        booking = self._holder(claim)
        shift = timedelta(minutes=-(-seconds // (STEP * 60)) * STEP)
        if booking is None or shift <= self._shifts.get(booking.id, timedelta()):
            return
        self._bookings[booking.id], self._shifts[booking.id] = booking, shift
        if shift > FARTHEST or len(self._bookings) > MOST:
            raise TooMuch()
        self.make_way([shifted(item, shift) for item in booking.items])

    def _holder(self, claim: Busy) -> Booking | None:
        """The visit that can be asked to begin later; a block, what has begun and what is elsewhere cannot."""
        if claim.item_id is None:
            return None
        found = next(iter(bookings_of_items(self.venue, [claim.item_id])), None)
        return found if found and found.is_open and found.id != self.booking.id else None

    def _stay(self, target: Target) -> _Stay:
        """What it asks of the rooms, and those that it has."""
        item, held = target.item, rooms_of_item(self.venue, target.item)
        need = need_of(self.venue, item.variant, guests=item.guest_count)
        if held and has_begun(item.booking, item, self.at):
            need = in_place(need, held)
        start, end = epoch(target.starts_at), epoch(target.ends_at)
        stay = Stay(None, start, end, end + need.buffer * 60, need.guests, need.room_type_id, need.rooms)
        return _Stay(stay, held)

    def _load(self, targets: Sequence[Target], lifted: set[int]) -> Snapshot:
        first = local_date(min(target.starts_at for target in targets), self.venue.timezone)
        last = local_date(max(target.ends_at for target in targets), self.venue.timezone)
        return load_snapshot(self.venue, first=first, last=last, without=lifted)


class _Stay(NamedTuple):
    wanted: Stay
    held: frozenset[int]


def _in_the_way(snapshot: Snapshot, target: Target, stay: _Stay) -> Iterator[tuple[Busy, int]]:
    """What comes later and stands where the target is put, and from when on it could go on (epoch seconds).

    What was there before it does not make way. A room only counts where there is no other.
    """
    wanted, stood = stay.wanted, epoch(target.item.starts_at)
    held = [(snapshot.roster.claims(person), wanted.end) for person in sorted(target.people)]
    if snapshot.rooms.plan(wanted) is None:
        held += [(snapshot.rooms.claims(room), wanted.claim_end) for room in sorted(stay.held)]
    for resource, end in held:
        yield from ((claim, end) for claim in resource if stood <= claim.start < end)


def _push(venue: Venue, push: Push, *, by: Actor) -> None:
    try:
        move_booking(venue, booking=push.booking, move=Move(starts_at=push.starts_at), by=by)
    except SlotUnavailable as why:
        raise CannotPush(push, why) from why


def _spans(
    booking: Booking, named: Sequence[Booking], agreed: Mapping[UUID, datetime]
) -> Iterator[tuple[datetime, datetime]]:
    """Every time that is left or taken."""
    yield booking.starts_at, booking.ends_at + timedelta(minutes=LONGEST)
    for one in named:
        yield one.starts_at, one.ends_at
        yield agreed[one.uuid], agreed[one.uuid] + (one.ends_at - one.starts_at)


def _key(booking: Booking) -> int:
    return booking.id
