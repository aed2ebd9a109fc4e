"""Reserving rooms and people: one lock before deciding, one row per thing reserved, the schema has the last word."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Integer, bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

import portal.guards as guards
from portal.bookings.availability import RoomClaim
from portal.database import append, db, violated_constraint
from portal.models import BookingItem, Claim, StaffMember, Venue
from portal.sqlite import is_unguarded

_LOCK = select(func.pg_advisory_xact_lock(bindparam("organisation", type_=Integer), bindparam("day", type_=Integer)))


# The race tests' control has no guards; like a slow network, it takes its time between deciding and writing.
_CONTROL_PAUSE = 0.02


class TimeTaken(Exception):
    """The schema refused an overlap, of claims or of shifts. Turned into the verb's own error."""


def lock_days(organisation_id: int, starts_at: datetime, ends_at: datetime) -> None:
    """Take the organisation's UTC days one after the other, so that whoever decides about them waits in line.

    The whole organisation, because its venues share therapists. SQLite writes one transaction at a time anyway.
    Without this the exclusion constraint alone is right too, but two rivals may deadlock for a second.
    """
    lock_spans(organisation_id, (starts_at, ends_at))


def lock_spans(organisation_id: int, *spans: tuple[datetime, datetime]) -> None:
    """The days of several spans, in one order for everybody: for what leaves one day for another."""
    bind = db.session.get_bind()
    if bind.dialect.name == "sqlite" or is_unguarded(bind):
        return
    for day in sorted({day for start, end in spans for day in range(_day(start), _day(end) + 1)}):
        db.session.connection().execute(_LOCK, {"organisation": organisation_id % 2**31, "day": day})


def move_rooms(venue: Venue, moves: Mapping[int, Sequence[RoomClaim]]) -> None:
    """Give items, by their keys, other rooms than they have. Saved by `write`."""
    if not moves:
        return
    # All of them are freed first: two items may exchange their rooms.
    held = update(Claim).where(Claim.item_id.in_(moves), Claim.resource.has(kind="room")).values(active=False)
    db.session.execute(held)
    for item_id in sorted(moves):
        db.session.add_all(rooms_of(venue, item_id, moves[item_id]))


def rooms_of(venue: Venue, item_id: int, rooms: Iterable[RoomClaim]) -> list[Claim]:
    """The claims of an item on these rooms, for `write`."""
    return [_claim(venue, item_id, room) for room in sorted(rooms, key=_room_id)]


def reserve_person(item: BookingItem, resource_id: int, *, overbooked: bool = False) -> None:
    """Claim a therapist's time for the treatment, turnover excluded. Raises TimeTaken when the schema refuses."""
    item.claims.append(
        Claim(
            organisation_id=item.organisation_id,
            venue_id=item.venue_id,
            resource_id=resource_id,
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            overbooked=overbooked,
        )
    )
    write()


def write(new: Sequence[Claim] = ()) -> None:
    """Send what was changed to the database, and `new` claims. Raises TimeTaken when the schema refuses an overlap."""
    if is_unguarded(db.session.get_bind()):
        time.sleep(_CONTROL_PAUSE)
    try:
        db.session.flush()
        append(*new)
    except IntegrityError as error:
        if violated_constraint(error) in {guards.NO_OVERLAP, guards.NO_SHIFT_OVERLAP}:
            raise TimeTaken from error
        raise


def end_rooms(item: BookingItem, rooms: Collection[int], ends_at: datetime) -> None:
    """Let the item's rooms end at that instant. The schema's refusal comes as IntegrityError."""
    mine = (Claim.item_id == item.id) & Claim.active & Claim.resource_id.in_(rooms)
    db.session.execute(update(Claim).where(mine).values(ends_at=ends_at))
    db.session.expire(item, ["claims"])


def resource_of(member: StaffMember) -> int:
    """Whose time is claimed. Raises ValueError for a member who treats nobody."""
    if member.resource_id is None:
        raise ValueError(f"{member.name} is no therapist")
    return member.resource_id


def release(item: BookingItem, *, resource_id: int | None = None) -> None:
    """Free everything that the item holds, or one resource of it."""
    for claim in item.claims:
        if resource_id is None or claim.resource_id == resource_id:
            claim.release()


def _day(instant: datetime) -> int:
    return instant.astimezone(UTC).toordinal()


def _room_id(room: RoomClaim) -> int:
    return room.room_id


def _claim(venue: Venue, item_id: int, room: RoomClaim) -> Claim:
    return Claim(
        organisation_id=venue.organisation_id,
        venue_id=venue.id,
        resource_id=room.room_id,
        starts_at=room.starts_at,
        ends_at=room.ends_at,
        item_id=item_id,
        overbooked=room.overbooked,
    )
