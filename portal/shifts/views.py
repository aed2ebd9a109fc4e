"""The rota at the desk: the week, one shift, publishing, copying, paper and calendar."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.audit import Actor
from portal.changes.queries import last_change
from portal.models import Shift, Venue
from portal.shifts.calendar import calendar_file
from portal.shifts.forms import CopyShiftForm, RemoveForm, ShiftForm
from portal.shifts.page import REFUSALS, asked_day, board, may_plan, monday_in, panel, planning, prefilled
from portal.shifts.queries import get_person, get_shift, team_of
from portal.shifts.service import change_shift, plan_shift, remove_shift
from portal.tenancy import current_member
from portal.uuids import as_uuid

rota = Blueprint("rota", __name__)

PANEL, NEW = "shifts/show.html#panel", "shifts/new.html#panel"


@rota.app_context_processor
def _planning() -> dict[str, Any]:
    return {"may_plan": may_plan}


@rota.get("/")
@requires(Permission.ROTA_READ)
def current(venue: Venue) -> Response:
    """The week of the date that is asked for, else this one."""
    return web.go(url_for("rota.week", venue=venue.slug, day=asked_day(venue, request.args.get("day"))))


@rota.get("/<day>")
@requires(Permission.ROTA_READ)
def week(venue: Venue, day: str) -> Response:
    """Who is planned when, in the week of a date."""
    return web.render("shifts/week.html#grid", **board(venue, monday_in(day)))


@rota.get("/<day>/print")
@requires(Permission.ROTA_READ)
def sheet(venue: Venue, day: str) -> Response:
    """The same on paper."""
    return web.render("shifts/sheet.html", **board(venue, monday_in(day)))


@rota.get("/new")
@requires(Permission.ROTA_MANAGE)
def new(venue: Venue) -> Response:
    """The form for a shift, with the person and the day that the address names."""
    team = team_of(venue)
    return web.render(NEW, **planning(venue, prefilled(venue, team, request.args), team))


@rota.post("/new")
@requires(Permission.ROTA_MANAGE)
def plan(venue: Venue) -> Response:
    """Plan it; what should be known is told first."""
    form, team = ShiftForm(), team_of(venue)
    if not form.validate():
        return web.render(NEW, 422, **planning(venue, form, team))
    try:
        wish = {**form.wish(team), "publish": form.publish.data, "request_id": as_uuid(form.id.data)}
        made = plan_shift(venue, **wish, by=desk())
    except REFUSALS as refused:
        return web.render(NEW, 422, **planning(venue, form, team, error=refused))
    return _done(venue, made, _("The shift is published.") if form.publish.data else _("The shift is a draft."))


@rota.get("/shifts/<uuid:shift>")
@requires(Permission.ROTA_MANAGE)
def show(venue: Venue, shift: UUID) -> Response:
    """One shift: to change, copy or remove."""
    return web.render(PANEL, **panel(venue, get_shift(venue, shift)))


@rota.post("/shifts/<uuid:shift>/change")
@requires(Permission.ROTA_MANAGE)
def change(venue: Venue, shift: UUID) -> Response:
    """Another time or another person."""
    found, form, team = get_shift(venue, shift), ShiftForm(), team_of(venue)
    if not form.validate():
        return web.render(PANEL, 422, **panel(venue, found, form=form))
    try:
        changed = change_shift(venue, shift=found, **form.wish(team), version=form.known_version(), by=desk())
    except REFUSALS as refused:
        return web.render(PANEL, 422, **panel(venue, get_shift(venue, shift), form=form, error=refused))
    return _done(venue, changed, _("The shift is changed."))


@rota.post("/shifts/<uuid:shift>/copy")
@requires(Permission.ROTA_MANAGE)
def copy(venue: Venue, shift: UUID) -> Response:
    """A draft with the same hours."""
    found, form, team = get_shift(venue, shift), CopyShiftForm(), team_of(venue)
    if not form.validate():
        return web.render(PANEL, 422, **panel(venue, found, copy=form))
    try:
        wish = {**form.wish(team), "start": found.start_time, "end": found.end_time}
        made = plan_shift(venue, **wish, request_id=as_uuid(form.id.data), by=desk())
    except REFUSALS as refused:
        return web.render(PANEL, 422, **panel(venue, get_shift(venue, shift), copy=form, error=refused))
    return _done(venue, made, _("The copy is a draft."))


@rota.post("/shifts/<uuid:shift>/remove")
@requires(Permission.ROTA_MANAGE)
def remove(venue: Venue, shift: UUID) -> Response:
    """Nobody works it."""
    found, form = get_shift(venue, shift), RemoveForm()
    if not form.validate():
        return web.render(PANEL, 422, **panel(venue, found, removal=form))
    try:
        gone = remove_shift(venue, shift=found, version=form.known_version(), **form.asked(), by=desk())
    except REFUSALS as refused:
        return web.render(PANEL, 422, **panel(venue, get_shift(venue, shift), removal=form, error=refused))
    return _done(venue, gone, _("The shift is removed."))


@rota.get("/people/<uuid:person>.ics")
@requires(Permission.ROTA_MANAGE)
def calendar(venue: Venue, person: UUID) -> Response:
    """Somebody's published shifts for a calendar program."""
    return calendar_file(get_person(venue, person))


def desk() -> Actor:
    """Who acts, at the desk."""
    return Actor.of_member(current_member(), door="agenda")


def _done(venue: Venue, shift: Shift, message: str) -> Response:
    to, undo = url_for("rota.week", venue=venue.slug, day=shift.day), last_change(venue, current_member())
    return web.done(to, message=message, fragment="shifts/closed.html", announce="changed:rota", undo=undo)
