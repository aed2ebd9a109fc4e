"""The day of a venue, by therapist or by room: reading only."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for

import portal.web as web
from portal.access import Permission, requires
from portal.agenda.board import AXES, THERAPIST, assemble
from portal.agenda.days import read_day
from portal.agenda.page import AgendaPage
from portal.agenda.queries import load_day
from portal.bookings.panel import panel
from portal.bookings.queries import get_booking
from portal.models import Venue
from portal.tenancy import current_member

agenda = Blueprint("agenda", __name__)


@agenda.get("/")
@requires(Permission.AGENDA_READ)
def today(venue: Venue) -> Response:
    """To the day asked for by the date picker, else to the venue's today."""
    asked = request.args.get("day")
    wanted = read_day(asked) if asked else venue.today()
    to = url_for("agenda.day", venue=venue.slug, day=wanted, by=request.args.get("by"))
    return redirect(to, 303)  # type: ignore[return-value]  # werkzeug's response is Flask's at run time


@agenda.get("/<day>")
@requires(Permission.AGENDA_READ)
def day(venue: Venue, day: str) -> Response:
    """The grid of a day, with the panel of one booking when the address names it."""
    cancelled = request.args.get("cancelled") == "1"
    board = assemble(load_day(venue, read_day(day), cancelled=cancelled), by=_axis())
    booking = request.args.get("booking", type=UUID)
    opened = {}
    if booking and not web.is_fragment_request():
        opened = panel(venue, get_booking(venue, booking), reader=current_member())
    return web.render("agenda/day.html#grid", board=board, page=AgendaPage(venue, board, cancelled=cancelled), **opened)


@agenda.get("/<day>/print")
@requires(Permission.AGENDA_READ)
def sheet(venue: Venue, day: str) -> Response:
    """The day on paper: everything in order of time, then a sheet for each column."""
    board = assemble(load_day(venue, read_day(day)), by=_axis())
    return web.render("agenda/sheet.html", board=board, page=AgendaPage(venue, board))


def _axis() -> str:
    asked = request.args.get("by", THERAPIST)
    return asked if asked in AXES else THERAPIST
