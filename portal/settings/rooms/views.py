"""Rooms and their types: made, changed, ordered, archived; their closures are blocks."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.errors import Invalid
from portal.models import Venue
from portal.settings.answering import attempt, desk, saved, show
from portal.settings.errors import InUse
from portal.settings.rooms.forms import RoomForm, TypeForm
from portal.settings.rooms.page import beside, listing, room_form, type_form
from portal.settings.rooms.queries import get_any_room, get_type, types_of
from portal.settings.rooms.service import (
    archive_room,
    change_room,
    create_room,
    create_type,
    remove_type,
    rename_type,
    restore_room,
    shift_room,
)

rooms = Blueprint("rooms", __name__)
_ROOM, _TYPE = "settings/rooms/room.html", "settings/rooms/type.html"


@rooms.get("/")
@requires(Permission.SETTINGS_MANAGE)
def index(venue: Venue) -> Response:
    """All rooms in their order, and the types."""
    return web.render("settings/rooms/index.html#settings", **listing(venue))


@rooms.get("/new")
@requires(Permission.SETTINGS_MANAGE)
def new(venue: Venue) -> Response:
    """The form of a new room."""
    return show(_ROOM, venue, RoomForm(formdata=None, types=types_of(venue), capacity=1), room=None)


@rooms.post("/new")
@requires(Permission.SETTINGS_MANAGE)
def create(venue: Venue) -> Response:
    """Make it."""
    form = RoomForm(types=types_of(venue))
    return attempt(
        _ROOM, venue, form, lambda: create_room(venue, values=form.wish(), by=desk()),
        again=lambda: form, to=_list(venue), message=_("The room is there."), room=None,
    )  # fmt: skip


@rooms.get("/<uuid:room>")
@requires(Permission.SETTINGS_MANAGE)
def edit(venue: Venue, room: UUID) -> Response:
    """The room with its closures."""
    found = get_any_room(venue, room)
    return show(_ROOM, venue, room_form(venue, found), **beside(venue, found))


@rooms.post("/<uuid:room>")
@requires(Permission.SETTINGS_MANAGE)
def save(venue: Venue, room: UUID) -> Response:
    """Take the changes over; bookings that would not get the room any more are listed first."""
    found, form = get_any_room(venue, room), RoomForm(types=types_of(venue))
    return attempt(
        _ROOM, venue, form,
        lambda: change_room(
            venue, room=found, values=form.wish(), version=form.known_version, over=form.over(), by=desk()
        ),
        again=lambda: room_form(venue, found), to=_list(venue), message=_("The room is saved."), **beside(venue, found),
    )  # fmt: skip


@rooms.post("/<uuid:room>/archive")
@requires(Permission.SETTINGS_MANAGE)
def archive(venue: Venue, room: UUID) -> Response:
    """It is used no more; bookings ahead in it are listed instead."""
    found = get_any_room(venue, room)
    try:
        archive_room(venue, room=found, by=desk())
    except InUse as used:
        form = room_form(venue, found)
        form.refuse(used)
        return show(_ROOM, venue, form, status=422, used=used.hits, **beside(venue, found))
    return saved(_list(venue), _("The room is archived."))


@rooms.post("/<uuid:room>/restore")
@requires(Permission.SETTINGS_MANAGE)
def restore(venue: Venue, room: UUID) -> Response:
    """It is in use again."""
    restore_room(venue, room=get_any_room(venue, room), by=desk())
    return saved(_list(venue), _("The room is in use again."))


@rooms.post("/<uuid:room>/up")
@requires(Permission.SETTINGS_MANAGE)
def up(venue: Venue, room: UUID) -> Response:
    """One place up."""
    shift_room(venue, room=get_any_room(venue, room), up=True, by=desk())
    return web.done(_list(venue), message=_("The order is saved."), fragment=_INDEX, **listing(venue))


@rooms.post("/<uuid:room>/down")
@requires(Permission.SETTINGS_MANAGE)
def down(venue: Venue, room: UUID) -> Response:
    """One place down."""
    shift_room(venue, room=get_any_room(venue, room), up=False, by=desk())
    return web.done(_list(venue), message=_("The order is saved."), fragment=_INDEX, **listing(venue))


@rooms.get("/types/new")
@requires(Permission.SETTINGS_MANAGE)
def new_type(venue: Venue) -> Response:
    """The form of a new type of room."""
    return show(_TYPE, venue, TypeForm(formdata=None), kind=None)


@rooms.post("/types/new")
@requires(Permission.SETTINGS_MANAGE)
def make_type(venue: Venue) -> Response:
    """Make it."""
    form = TypeForm()
    return attempt(
        _TYPE, venue, form, lambda: create_type(venue, by=desk(), **form.wish()),
        again=lambda: form, to=_list(venue), message=_("The type is there."), kind=None,
    )  # fmt: skip


@rooms.get("/types/<uuid:kind>")
@requires(Permission.SETTINGS_MANAGE)
def edit_type(venue: Venue, kind: UUID) -> Response:
    """The names of a type."""
    found = get_type(venue, kind)
    return show(_TYPE, venue, type_form(venue, found), kind=found)


@rooms.post("/types/<uuid:kind>")
@requires(Permission.SETTINGS_MANAGE)
def save_type(venue: Venue, kind: UUID) -> Response:
    """Take them over."""
    found, form = get_type(venue, kind), TypeForm()
    return attempt(
        _TYPE, venue, form,
        lambda: rename_type(venue, kind=found, version=form.known_version, by=desk(), **form.wish()),
        again=lambda: type_form(venue, found), to=_list(venue), message=_("The type is saved."), kind=found,
    )  # fmt: skip


@rooms.post("/types/<uuid:kind>/remove")
@requires(Permission.SETTINGS_MANAGE)
def drop_type(venue: Venue, kind: UUID) -> Response:
    """Take it away, unless something still has it."""
    found = get_type(venue, kind)
    try:
        remove_type(venue, kind=found, by=desk())
    except Invalid as refused:
        form = type_form(venue, found)
        form.refuse(refused)
        return show(_TYPE, venue, form, status=422, kind=found)
    return saved(_list(venue), _("The type is removed."))


_INDEX = "settings/rooms/index.html#settings"


def _list(venue: Venue) -> str:
    return url_for("rooms.index", venue=venue.slug)
