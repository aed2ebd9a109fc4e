"""What the desk does with a move beyond the move itself: the tray lets go, the guest is told if that is wished."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from portal.audit import Actor
from portal.bookings.moving import Move, move_booking, resize_booking
from portal.bookings.pushing import Push, resize_and_push
from portal.changes.queries import last_change
from portal.database import atomic
from portal.messages.service import Kind, tell_guest
from portal.models import Booking, BookingItem, StaffMember, Venue
from portal.tray.service import let_go

TELL = "tell_guest"


@atomic
def move_at_desk(
    venue: Venue,
    *,
    booking: Booking,
    move: Move,
    member: StaffMember,
    item: BookingItem | None = None,
    version: int | None = None,
    overbook_reason: str | None = None,
    tell: bool | None = None,
) -> Booking:
    """Move the booking, unless it stands there, and take it off the member's tray. Raises what `move_booking` raises.

    The guest is told when the visit begins at another time and the member wishes it; without a wish (`tell` None) as
    she wished the last time.
    """
    by, was, moved = _at_desk(member), booking.starts_at, booking
    if not _stands_there(item or booking.items[0], move):
        moved = move_booking(
            venue, booking=booking, move=move, by=by, item=item, version=version, overbook_reason=overbook_reason
        )
    let_go(venue, booking=moved, member=member)
    _note_wish(member, tell)
    _tell(venue, moved, member, was)
    return moved


def _stands_there(item: BookingItem, move: Move) -> bool:
    """Whether nothing would change."""
    serving = {one.member_id for one in item.current_assignments}
    rooms = {claim.resource_id for claim in item.claims if claim.active}
    return (
        move.starts_at in {None, item.starts_at}
        and (move.therapist is None or move.therapist.id in serving)
        and (move.room is None or move.room.id in rooms)
    )


def resize_at_desk(
    venue: Venue,
    *,
    booking: Booking,
    minutes: int,
    member: StaffMember,
    item: BookingItem | None = None,
    version: int | None = None,
    overbook_reason: str | None = None,
) -> Booking:
    """Give a treatment another length. The guest is not told: she hears of when it begins. Raises as the verb does."""
    return resize_booking(
        venue, booking=booking, minutes=minutes, by=_at_desk(member), item=item,
        version=version, overbook_reason=overbook_reason,
    )  # fmt: skip


@atomic
def push_at_desk(
    venue: Venue,
    *,
    booking: Booking,
    minutes: int,
    agreed: Mapping[UUID, datetime],
    member: StaffMember,
    item: BookingItem | None = None,
    version: int | None = None,
    tell: bool | None = None,
) -> list[Push]:
    """Give a treatment another length and let those in its way begin later, as was agreed: `resize_and_push`.

    Their guests are told as of any move. Raises as the verb does.
    """
    by = _at_desk(member)
    pushes = resize_and_push(venue, booking=booking, minutes=minutes, agreed=agreed, by=by, item=item, version=version)
    _note_wish(member, tell)
    for push in pushes:
        _tell(venue, push.booking, member, push.was)
    return pushes


def wants_to_tell(member: StaffMember) -> bool:
    """Whether guests hear of what she does, as she chose the last time; at first they do."""
    return member.preferences.get(TELL) is not False


def _at_desk(member: StaffMember) -> Actor:
    return Actor.of_member(member, door="agenda")


def _note_wish(member: StaffMember, tell: bool | None) -> None:
    """What she chose holds until she chooses otherwise."""
    if tell is not None and tell != wants_to_tell(member):
        member.preferences = {**member.preferences, TELL: tell}


def _tell(venue: Venue, booking: Booking, member: StaffMember, was: datetime) -> None:
    """The guest hears that the visit begins at another time than it did."""
    if booking.starts_at != was and wants_to_tell(member):
        change = last_change(venue, member)
        tell_guest(venue, booking, Kind.MOVED, by=_at_desk(member), change=change, was=was)
