"""Copies and publishing: looked at first, then done in one go."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import ngettext

import portal.web as web
from portal.access import Permission, requires
from portal.changes.queries import last_change
from portal.errors import Invalid
from portal.models import Venue
from portal.shifts import words
from portal.shifts.copying import copy_day, copy_weeks
from portal.shifts.drafting import Draft
from portal.shifts.errors import Stale
from portal.shifts.forms import CopyForm, PublishForm
from portal.shifts.page import monday_in
from portal.shifts.plans import copying, publishing
from portal.shifts.publishing import publish_rota
from portal.shifts.views import desk
from portal.tenancy import current_member

copies = Blueprint("copies", __name__)
publishings = Blueprint("publishing", __name__)

COPY, PUBLISH = "shifts/copy.html", "shifts/publish.html"


@copies.get("/<day>/copy")
@requires(Permission.ROTA_MANAGE)
def ask(venue: Venue, day: str) -> Response:
    """What can be copied from this week, and what the choice in the address would make."""
    how, monday = request.args.get("how", ""), monday_in(day)
    form = CopyForm(formdata=request.args if how else None, meta={"csrf": False}, source=monday)
    if how and not form.validate():
        return web.render(COPY, 422, **copying(venue, monday, form, how=""))
    return web.render(COPY, **copying(venue, monday, form, how=how))


@copies.post("/<day>/copy/day")
@requires(Permission.ROTA_MANAGE)
def one_day(venue: Venue, day: str) -> Response:
    """A day to other days."""
    form, monday = CopyForm(), monday_in(day)
    form.offer(monday)
    if not form.validate():
        return web.render(COPY, 422, **copying(venue, monday, form, how=""))
    try:
        wish = form.days()
        drafted, _made = copy_day(venue, **wish, by=desk())
    except Invalid as refused:
        return web.render(COPY, 422, **copying(venue, monday, form, how="", error=refused))
    return _done(venue, f"{wish['targets'][0]}", drafted)


@copies.post("/<day>/copy/weeks")
@requires(Permission.ROTA_MANAGE)
def whole_weeks(venue: Venue, day: str) -> Response:
    """The week to the next weeks."""
    form, monday = CopyForm(), monday_in(day)
    if not form.validate():
        return web.render(COPY, 422, **copying(venue, monday, form, how=""))
    try:
        drafted, _made = copy_weeks(venue, monday=monday, weeks=form.weeks.data or 0, by=desk())
    except Invalid as refused:
        return web.render(COPY, 422, **copying(venue, monday, form, how="", error=refused))
    first = min((line.wish.day for line in drafted.lines), default=monday)
    return _done(venue, f"{first}", drafted)


@publishings.get("/<day>/publish")
@requires(Permission.ROTA_MANAGE)
def ask_publish(venue: Venue, day: str) -> Response:
    """Who would be told what."""
    form = PublishForm(formdata=request.args if "weeks" in request.args else None, meta={"csrf": False})
    return web.render(PUBLISH, **publishing(venue, monday_in(day), form))


@publishings.post("/<day>/publish")
@requires(Permission.ROTA_MANAGE)
def publish(venue: Venue, day: str) -> Response:
    """The drafts are worked from now on."""
    form, monday = PublishForm(), monday_in(day)
    if not form.validate():
        return web.render(PUBLISH, 422, **publishing(venue, monday, form))
    try:
        made = publish_rota(venue, monday=monday, **form.wish(), by=desk())
    except Invalid as refused:
        return web.render(PUBLISH, 422, **publishing(venue, monday, form, error=refused))
    except Stale as late:
        return web.render(PUBLISH, 409, **publishing(venue, monday, form, error=late))
    told = ngettext("%(num)d shift is published.", "%(num)d shifts are published.", len(made))
    to = url_for("rota.week", venue=venue.slug, day=monday)
    return web.done(to, message=told, undo=last_change(venue, current_member()) if made else None)


def _done(venue: Venue, day: str, drafted: Draft) -> Response:
    undo = last_change(venue, current_member()) if drafted.made or drafted.dropped else None
    return web.done(url_for("rota.week", venue=venue.slug, day=day), message=words.made_sentence(drafted), undo=undo)
