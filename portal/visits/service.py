"""What a therapist does about her visits: has seen what changed, goes on for longer."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

import portal.audit as audit
from portal.audit import SYSTEM, Actor
from portal.bookings import claims
from portal.bookings.moving import LONGEST, STEP, resize_booking
from portal.bookings.news import tell_booking
from portal.bookings.queries import lock_booking
from portal.clock import now
from portal.database import atomic, db, insert_into
from portal.models import Booking, BookingItem, StaffMember, Venue, VisitLook
from portal.models.booking_states import ONGOING, NotNow
from portal.visits import queries
from portal.visits.errors import RoomNeeded
from portal.visits.looks import CLOSE, PATIENCE, is_unread, state_of

LONGER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
# How long after its time a visit that is gone can still be put aside.
RECENT = timedelta(days=1)


@atomic
def note_look(member: StaffMember, items: Collection[UUID], *, but_close: bool = False) -> int:
    """The member has seen how these visits of hers stand now; says how many that was news of. A repeat is harmless.

    With `but_close` those that begin within the hour are left out: for these she says so herself.
    """
    at = now()
    found = [one for one in queries.list_named(member, items) if not (but_close and _is_late_news(one, member, at=at))]
    for item in found:
        blank = {"organisation_id": member.organisation_id, "member_id": member.id, "item_id": item.id}
        first = insert_into(VisitLook).values(**blank, known={}, was={}, looked_at=at)
        db.session.execute(first.on_conflict_do_nothing())  # another screen of hers may show it at the same moment
    looks = queries.looks_of(member, [item.id for item in found], lock=True)
    fresh = [item for item in found if looks[item.id].known != state_of(item)]
    for item in fresh:
        looks[item.id].look(state_of(item), at=at)
    return len(fresh)


@atomic
def note_gone(member: StaffMember, item: UUID) -> None:
    """The member knows that a visit is no longer hers; harmless when she knew, or when it is hers again."""
    for look in queries.list_gone(member, start=now() - RECENT):
        if look.item.uuid == item:
            look.look({}, at=now())


@atomic
def go_on(venue: Venue, *, item: BookingItem, by: Actor) -> Booking:
    """The treatment lasts 15 minutes longer, from now on when its time is over, if room and therapists are free.

    The price stays as agreed. Raises SlotUnavailable with what is in the way, RoomNeeded when only another room would
    be free, NotNow before it began and once it is over.
    """
    booking = item.booking
    # In the order in which resizing locks: days before the booking.
    claims.lock_spans(venue.organisation_id, (booking.starts_at, booking.ends_at + LONGEST * MINUTE))
    booking = lock_booking(venue, booking)
    mine = next(one for one in booking.items if one.id == item.id)
    if booking.status != ONGOING:
        raise NotNow()
    rooms = _rooms(mine)
    booking = resize_booking(venue, booking=booking, item=mine, minutes=_longer(mine, at=now()), by=by)
    mine = next(one for one in booking.items if one.id == item.id)
    if _rooms(mine) != rooms:
        raise RoomNeeded()
    return booking


@atomic
def tell_unread(venue: Venue) -> int:
    """Tell the desk of late changes that a therapist has not confirmed within five minutes; says of how many."""
    at = now()
    told = [
        look
        for look in queries.lock_unread(venue, start=at, end=at + CLOSE, changed_before=at - PATIENCE)
        if is_unread(look.item, look)
    ]
    for look in told:
        look.told_desk_at = at
        booking = look.item.booking
        booking.remember("unread", by=SYSTEM, at=at, from_status=booking.status, therapist=look.member.name)
        audit.record(SYSTEM, "visit:unread", booking, therapist=look.member.name)
        tell_booking(venue, booking)
    return len(told)


def _longer(item: BookingItem, *, at: datetime) -> int:
    """Minutes of the treatment with a quarter of an hour more: planned, and from now, in the steps of all lengths."""
    late = (at + LONGER - item.starts_at) / MINUTE
    return max(item.duration + LONGER // MINUTE, math.ceil(late / STEP) * STEP)


def _is_late_news(item: BookingItem, member: StaffMember, *, at: datetime) -> bool:
    if not at < item.starts_at <= at + CLOSE:
        return False
    look = queries.looks_of(member, [item.id]).get(item.id)
    return look is not None and is_unread(item, look)


def _rooms(item: BookingItem) -> set[int]:
    return {claim.resource_id for claim in item.claims if claim.active and claim.resource.kind == "room"}
