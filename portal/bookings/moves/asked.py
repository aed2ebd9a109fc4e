"""From what was sent to what is asked of the verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import Field
from wtforms.fields.choices import SelectChoice

from portal.access import Permission, can
from portal.bookings.errors import BadTime, SlotUnavailable
from portal.bookings.forms import read_version
from portal.bookings.moves.desk import push_at_desk, resize_at_desk
from portal.bookings.moves.form import MoveForm, ResizeForm, instant_of, item_named, serving_named
from portal.bookings.moves.queries import Column, room_columns, therapist_columns
from portal.bookings.moves.refused import Pushing, guest_of, pushing
from portal.bookings.moving import Move
from portal.bookings.pushing import CannotPush
from portal.errors import NotAllowed, NotFound
from portal.i18n import clock_time, name_of
from portal.models import Booking, BookingItem, Room, StaffMember, Venue
from portal.team.queries import get_room, get_therapist
from portal.uuids import as_uuid

T = TypeVar("T", Room, StaffMember)


def move_form(venue: Venue, booking: Booking, *, at: str | None = None, tell: bool = False) -> MoveForm:
    """The form with what can be chosen here; drawn with where the booking stands, or with `at`."""
    wall = (instant_of(at) or booking.starts_at).astimezone(ZoneInfo(venue.timezone))
    form = MoveForm(day=wall.date(), time=wall.time(), version=str(booking.version), tell="yes" if tell else "no")
    form.column.choices = [SelectChoice("", _("As now")), *map(_choice, therapist_columns(venue))]
    form.room.choices = [SelectChoice("", _("As now, else any that is free")), *map(_choice, room_columns(venue))]
    form.item.choices = [SelectChoice(str(item.uuid), _told(venue, item)) for item in booking.items]
    return form


def wish_of(venue: Venue, booking: Booking, form: MoveForm) -> dict[str, Any] | None:
    """What is asked of `move_at_desk`; None when the time is none, which is told beside the field. Raises NotFound."""
    starts_at = form.starts_at(venue)
    column, room = as_uuid(form.column.data), as_uuid(form.room.data)
    if starts_at is None:
        return None
    therapist, there = _found(get_therapist, venue, column, form.column), _found(get_room, venue, room, form.room)
    if form.errors:
        return None
    return {
        "item": item_named(booking, form.item.data),
        "version": read_version(form.version.data),
        "tell": form.wishes_to_tell,
        "move": Move(
            starts_at=starts_at,
            therapist=therapist,
            instead_of=serving_named(booking, form.instead_of.data),
            room=there,
            alone=bool(form.alone.data),
            together=not form.alone.data,
        ),
    }


def resize_as_asked(
    venue: Venue, booking: Booking, item: BookingItem | None, form: ResizeForm, *, member: StaffMember
) -> str:
    """Give the treatment its length, and say so. Raises BadTime for none; NotAllowed; and as the verbs do."""
    wish: dict[str, Any] = {"minutes": _minutes(form, item), "version": read_version(form.version.data), "item": item}
    reason, agreed = overbooking(form, member), form.agreed
    if agreed is None:
        resize_at_desk(venue, booking=booking, member=member, overbook_reason=reason, **wish)
        return _("The booking is saved with its new length.")
    tell = bool(form.tell.data)
    pushes = push_at_desk(venue, booking=booking, member=member, agreed=agreed, tell=tell, **wish)
    later = [f"{guest_of(push.booking)} {clock_time(push.starts_at, venue.timezone)}" for push in pushes]
    return _("The booking is saved with its new length. Later now: %(guests)s.", guests=", ".join(later))


def way_out(
    venue: Venue,
    booking: Booking,
    item: BookingItem | None,
    form: ResizeForm,
    error: SlotUnavailable,
    *,
    member: StaffMember,
) -> Pushing | None:
    """Whether those in the way of a length that was refused could begin later, unless that was refused already."""
    if item is None or isinstance(error, CannotPush):
        return None
    return pushing(venue, booking=booking, item=item, minutes=form.length(item), member=member)


def overbooking(form: MoveForm | ResizeForm, member: StaffMember) -> str | None:
    """The reason for booking anyway. Raises NotAllowed for whoever may not."""
    reason = form.overbook_reason.data or None
    if reason and not can(member, Permission.BOOKING_OVERBOOK):
        raise NotAllowed(_("Only a manager may overbook."))
    return reason


def _minutes(form: ResizeForm, item: BookingItem | None) -> int:
    if item is None:
        raise BadTime(field="minutes")
    return form.length(item)


def _found(get: Callable[[Venue, UUID], T], venue: Venue, name: UUID | None, field: Field) -> T | None:
    """Who or what a field names; one who is not of this venue is told beside it."""
    if name is None:
        return None
    try:
        return get(venue, name)
    except NotFound:
        field.errors = [*field.errors, _("Please choose from the list.")]
        return None


def _choice(column: Column) -> SelectChoice:
    return SelectChoice(str(column.uuid), name_of(column))


def _told(venue: Venue, item: BookingItem) -> str:
    return f"{clock_time(item.starts_at, venue.timezone)} {name_of(item.treatment)}"
