"""What a therapist knows of her visits, and what she is told when somebody else changes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal.audit import Actor
from portal.clock import now
from portal.models import Booking, BookingItem, Notice, Room, StaffMember, Venue
from portal.models.booking_states import CANCELLED
from portal.notices.kinds import Kind
from portal.notices.queries import lock_waiting_visits
from portal.notices.service import GRACE, tell_member

# What concerns a visit that begins within this time does not wait for the end of quiet hours.
SOON = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Visit:
    """One treatment that a therapist serves: when, and in which rooms (by their uuid)."""

    member: StaffMember
    item: UUID
    starts_at: datetime
    ends_at: datetime
    rooms: frozenset[UUID]

    def as_json(self) -> dict[str, Any]:
        """As a notice keeps it."""
        return {"starts_at": self.starts_at.isoformat(), "rooms": sorted(str(room) for room in self.rooms)}


Visits = Mapping[tuple[int, UUID], Visit]


def visits_of(booking: Booking) -> Visits:
    """Who serves what of a booking that was loaded with its items, by member and item; nobody once it is cancelled."""
    return {key: visit for item in booking.items for key, visit in visits_of_item(item, booking.status).items()}


def visits_of_item(item: BookingItem, status: str) -> Visits:
    """Who serves one treatment of a booking in this status."""
    if status == CANCELLED:
        return {}
    rooms = frozenset(room.uuid for room in rooms_of(item))
    return {
        (assignment.member_id, item.uuid): Visit(assignment.member, item.uuid, item.starts_at, item.ends_at, rooms)
        for assignment in item.current_assignments
    }


def rooms_of(item: BookingItem) -> list[Room]:
    """The rooms that are reserved for the item, in order of name."""
    rooms = (claim.resource for claim in item.claims if claim.active)
    return sorted((room for room in rooms if isinstance(room, Room)), key=lambda room: room.name)


def tell_of_visits(venue: Venue, booking: Booking, before: Visits, *, by: Actor) -> None:
    """Tell the therapists of a booking how it has changed for them since `before`, ten seconds from now.

    What still waits to be told about the same visit is overtaken: a visit that was moved twice has moved once, one
    that was moved back has not moved, one that was given and taken away was never there. Nobody is told of what she
    did herself, of a rehearsal, or of what is over.
    """
    after = visits_of(booking)
    changed = {key for key in {*before, *after} if _state(before.get(key)) != _state(after.get(key))}
    if not changed or booking.test:
        return
    waiting = lock_waiting_visits(venue.organisation_id, {item for _member, item in changed})
    for key in sorted(changed, key=str):
        overtaken = [notice for notice in waiting if (notice.member_id, notice.subject) == key]
        _tell(venue, booking, before.get(key), after.get(key), overtaken, by=by)


def tell_of_arrival(venue: Venue, booking: Booking, *, by: Actor) -> None:
    """Tell those who begin the visit that their guest is here; once, however many guests come one by one."""
    if booking.test:
        return
    for item in booking.items:
        if item.starts_at == booking.starts_at:
            for assignment in item.current_assignments:
                tell_member(
                    assignment.member, Kind.ARRIVED, venue=venue, subject=item.uuid,
                    key=f"arrived:{item.uuid}:{booking.arrived_at}", by=by, urgent=True, after=GRACE,
                )  # fmt: skip


def _tell(
    venue: Venue, booking: Booking, before: Visit | None, after: Visit | None, overtaken: list[Notice], *, by: Actor
) -> None:
    at = now()
    for notice in overtaken:
        notice.void(at)
    knew = _heard(before, overtaken)
    visit = after or before
    kind = kind_of(knew, after.as_json() if after else None, is_off=booking.status == CANCELLED)
    if visit is None or kind is None or max(_ends(before, after)) <= at:
        return
    soonest = min(one.starts_at for one in (before, after) if one)
    tell_member(
        visit.member, kind, venue=venue, subject=visit.item, key=f"{kind}:{visit.item}:{at.isoformat()}", by=by,
        urgent=soonest <= at + SOON, after=GRACE, knew=knew,
    )  # fmt: skip


def kind_of(knew: Mapping[str, Any] | None, now_is: Mapping[str, Any] | None, *, is_off: bool) -> Kind | None:
    """What there is to tell one who knows of a visit (`None`: of none) that is so now; None when it is as she knows."""
    if knew == now_is:
        return None
    if knew is None:
        return Kind.BOOKING_GIVEN
    if now_is is None:
        return Kind.CANCELLED if is_off else Kind.BOOKING_TAKEN
    if knew["starts_at"] != now_is["starts_at"]:
        return Kind.MOVED
    # Who did not come has given the room back: that is not worth a word, nor when it is undone.
    return Kind.ROOM_CHANGED if knew["rooms"] and now_is["rooms"] and knew["rooms"] != now_is["rooms"] else None


def _heard(before: Visit | None, overtaken: Iterable[Notice]) -> dict[str, Any] | None:
    """What she knows: what stood before the first change of which she has not heard."""
    first = next(iter(overtaken), None)
    if first is not None:
        knew: dict[str, Any] | None = first.details["knew"]
        return knew
    return before.as_json() if before else None


def _state(visit: Visit | None) -> dict[str, Any] | None:
    return visit.as_json() if visit else None


def _ends(*visits: Visit | None) -> list[datetime]:
    return [visit.ends_at for visit in visits if visit]
