"""From what was sent to what is asked of the verbs, and to the board that a treatment is taken on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import Field
from wtforms.fields.choices import SelectChoice

from portal.bookings.forms import read_version
from portal.bookings.moves.form import YEARS, MoveForm, item_named, serving_named, uuid_of
from portal.bookings.moves.queries import Column, room_columns, therapist_columns
from portal.bookings.moves.targets import Taken, targets
from portal.bookings.moving import Move
from portal.bookings.slots.queries import load_snapshot
from portal.clock import local_date, now
from portal.errors import NotFound
from portal.i18n import clock_time, name_of
from portal.models import Booking, BookingItem, Room, StaffMember, Venue
from portal.team.queries import get_room, get_therapist

T = TypeVar("T", Room, StaffMember)

_ROOM = "room"


def board_asked(venue: Venue, booking: Booking, args: Mapping[str, str]) -> dict[str, Any]:
    """The targets on the day `day`, by therapist or by `room`, of the treatment that is taken.

    That is `item`, else the one that begins at `taken` (an ISO instant) and stands in the column `of` (a therapist's),
    else the first. Raises NotFound for a day that is none and for a treatment of another booking.
    """
    day, item = _day(venue, booking, args.get("day")), _taken(booking, args)
    leaving = next(
        (one.member.resource_id for one in item.current_assignments if str(one.member.uuid) == args.get("of")), None
    )
    lifted = [one.id for one in booking.items]
    return targets(
        Taken(venue=venue, booking=booking, item=item, leaving=leaving),
        load_snapshot(venue, first=day, last=day + timedelta(days=1), without=lifted),
        day,
        therapists=therapist_columns(venue),
        rooms=room_columns(venue),
        by_room=args.get("by") == _ROOM,
        now=now(),
    )


def move_form(venue: Venue, booking: Booking, *, at: str | None = None, tell: bool = False) -> MoveForm:
    """The form with what can be chosen here; drawn with where the booking stands, or with `at`."""
    wall = (_instant(at) or booking.starts_at).astimezone(ZoneInfo(venue.timezone))
    form = MoveForm(day=wall.date(), time=wall.time(), version=str(booking.version), tell="yes" if tell else "no")
    form.column.choices = [SelectChoice("", _("As now")), *map(_choice, therapist_columns(venue))]
    form.room.choices = [SelectChoice("", _("As now, else any that is free")), *map(_choice, room_columns(venue))]
    form.item.choices = [SelectChoice(str(item.uuid), _told(venue, item)) for item in booking.items]
    return form


def wish_of(venue: Venue, booking: Booking, form: MoveForm) -> dict[str, Any] | None:
    """What is asked of `move_at_desk`; None when the time is none, which is told beside the field. Raises NotFound."""
    starts_at = form.starts_at(venue)
    column, room = uuid_of(form.column.data), uuid_of(form.room.data)
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
        ),
    }


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


def _taken(booking: Booking, args: Mapping[str, str]) -> BookingItem:
    named = item_named(booking, args.get("item"))
    begun = _instant(args.get("taken"))
    there = [item for item in booking.items if item.starts_at == begun]
    serving = [
        item for item in there if any(str(one.member.uuid) == args.get("of") for one in item.current_assignments)
    ]
    return named or next(iter((*serving, *there, *booking.items)))


def _instant(text: str | None) -> datetime | None:
    """An instant with its offset; None when it is none."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found and found.tzinfo and found.year in YEARS else None
