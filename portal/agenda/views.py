"""A venue's day, week and month, by therapist or by room: reading, and how a member likes to read."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

import portal.web as web
from portal.access import Permission, requires
from portal.agenda import words
from portal.agenda.addresses import DAY, LIST, MONTH, WEEK, Addresses
from portal.agenda.days import read_day
from portal.agenda.forms import LookForm
from portal.agenda.look import asked_look, saved_look
from portal.agenda.printing import printing
from portal.agenda.queries import LANE
from portal.agenda.screens import (
    column_part,
    day_screen,
    lane_part,
    list_screen,
    month_screen,
    sheet_screen,
    week_screen,
)
from portal.agenda.service import save_look
from portal.audit import Actor
from portal.bookings.panel import panel
from portal.bookings.queries import get_booking
from portal.errors import Invalid, NotFound
from portal.models import Venue
from portal.tenancy import current_member
from portal.uuids import as_uuid

agenda = Blueprint("agenda", __name__)
DOOR = "agenda"


@agenda.get("/")
@requires(Permission.AGENDA_READ)
def today(venue: Venue) -> Response:
    """To the day asked for by the date picker, in its view, else to the venue's today."""
    asked = request.args.get("day")
    at = _at(venue, read_day(asked) if asked else venue.today(), DAY, of=_of(request.args.get("of")))
    if "by" not in request.args:
        return web.go(url_for("agenda.day", venue=venue.slug, day=at.day))
    view = request.args.get("view", DAY)
    return web.go(at.to(view if view in {WEEK, LIST, MONTH} else DAY, at.day))


@agenda.get("/<day>")
@requires(Permission.AGENDA_READ)
def day(venue: Venue, day: str) -> Response:
    """The grid of a day, with the panel of one booking when the address names it."""
    screen = day_screen(venue, _at(venue, read_day(day), DAY), reader=current_member())
    return web.render("agenda/day.html#grid", **screen, **_opened(venue))


@agenda.get("/<day>/column/<key>")
@requires(Permission.AGENDA_READ)
def column(venue: Venue, day: str, key: str) -> Response:
    """A column of the grid alone, or its lane; where the frame around it is no longer right, a word to the grid."""
    at, frame = _at(venue, read_day(day), DAY), request.args.get("f", "")
    if not web.is_fragment_request():
        return web.go(at.here)
    if key == LANE:
        part = lane_part(venue, at, frame=frame, columns=request.args.get("c", ""))
    else:
        part = column_part(venue, at, _uuid(key), frame=frame, reader=current_member())
    return web.render("agenda/column.html", **part) if part else web.announce("frame")


@agenda.get("/<day>/week")
@requires(Permission.AGENDA_READ)
def week(venue: Venue, day: str) -> Response:
    """The week of one therapist or of one room."""
    at = _at(venue, read_day(day), WEEK, of=_of(request.args.get("of")))
    return web.render("agenda/week.html#grid", **week_screen(venue, at, reader=current_member()), **_opened(venue))


@agenda.get("/<day>/list")
@requires(Permission.AGENDA_READ)
def list_day(venue: Venue, day: str) -> Response:
    """All bookings of a day in order of time."""
    screen = list_screen(venue, _at(venue, read_day(day), LIST))
    return web.render("agenda/list.html#rows", **screen, **_opened(venue))


@agenda.get("/<day>/month")
@requires(Permission.AGENDA_READ)
def month(venue: Venue, day: str) -> Response:
    """How full the days of a month are."""
    return web.render("agenda/month.html#weeks", **month_screen(venue, _at(venue, read_day(day), MONTH)))


@agenda.get("/<day>/print")
@requires(Permission.AGENDA_READ)
def sheet(venue: Venue, day: str) -> Response:
    """The day on paper: a sheet for each therapist or room, or the whole desk in order of time."""
    at = _at(venue, read_day(day), DAY)
    return web.render("agenda/sheet.html", **sheet_screen(venue, at), printing=printing(request.args, at.look.by))


@agenda.get("/help")
@requires(Permission.AGENDA_READ)
def legend(venue: Venue) -> Response:
    """What the signs of the agenda mean, and its keys."""
    look = asked_look(request.args, saved_look(current_member().preferences))
    return web.render("agenda/help.html#legend", venue=venue, words=words, look=look)


@agenda.post("/preferences")
@requires(Permission.AGENDA_READ)
def save_preferences(venue: Venue) -> Response:
    """From now on the agenda looks like this to the member; then the same view again. Raises Invalid."""
    form = LookForm()
    if not form.validate():
        raise Invalid(field=next(iter(form.errors)))
    member, view = current_member(), form.view.data
    day = read_day(form.day.data) if form.day.data else venue.today()
    save_look(member, asked_look(form.look, saved_look({})), by=Actor.of_member(member, door=DOOR))
    at = _at(venue, day, DAY, of=_of(form.whose))
    return web.go(at.to(view if view in {WEEK, LIST, MONTH} else DAY, at.day))


def _at(venue: Venue, day: date, view: str, of: UUID | None = None) -> Addresses:
    saved = saved_look(current_member().preferences)
    return Addresses(venue, day, view, asked_look(request.args, saved), saved, of)


def _of(asked: str | None) -> UUID | None:
    """Whose week is asked for."""
    return _uuid(asked) if asked else None


def _uuid(text: str) -> UUID:
    found = as_uuid(text)
    if found is None:
        raise NotFound()
    return found


def _opened(venue: Venue) -> dict[str, Any]:
    """The panel of the booking that the address names, on a whole page."""
    booking = as_uuid(request.args.get("booking"))
    if not booking or web.is_fragment_request():
        return {}
    return panel(venue, get_booking(venue, booking), reader=current_member())
