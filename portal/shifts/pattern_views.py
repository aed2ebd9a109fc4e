"""Weekly patterns: the list, one of them, and what applying them makes."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.changes.queries import last_change
from portal.errors import Invalid
from portal.models import Venue
from portal.shifts import words
from portal.shifts.errors import Stale
from portal.shifts.page import monday_in
from portal.shifts.pattern_forms import ApplyForm, PatternForm
from portal.shifts.pattern_page import applying, editing, listing, prefilled
from portal.shifts.patterns import apply_template, remove_template, save_template
from portal.shifts.queries import get_template, team_of, templates_of
from portal.shifts.views import desk
from portal.tenancy import current_member
from portal.uuids import as_uuid

patterns = Blueprint("patterns", __name__)

PAGE, APPLY = "shifts/pattern.html", "shifts/apply.html"


@patterns.get("/patterns")
@requires(Permission.ROTA_MANAGE)
def index(venue: Venue) -> Response:
    """Who usually works when."""
    return web.render("shifts/patterns.html", **listing(venue))


@patterns.get("/patterns/new")
@requires(Permission.ROTA_MANAGE)
def new(venue: Venue) -> Response:
    """The form for a pattern."""
    return web.render(PAGE, **editing(venue, *prefilled(venue, None, request.args)))


@patterns.post("/patterns/new")
@requires(Permission.ROTA_MANAGE)
def create(venue: Venue) -> Response:
    """Keep it; nothing is planned by that."""
    form, team = PatternForm(), team_of(venue)
    if not form.validate():
        return web.render(PAGE, 422, **editing(venue, form, request.form))
    try:
        member, pattern = form.person(team), form.wish(request.form)
        save_template(venue, member=member, pattern=pattern, request_id=as_uuid(form.id.data), by=desk())
    except Invalid as refused:
        return web.render(PAGE, 422, **editing(venue, form, request.form, error=refused))
    return _done(venue, _("The pattern is saved. Apply it to make drafts of it."))


@patterns.get("/patterns/<uuid:template>")
@requires(Permission.ROTA_MANAGE)
def show(venue: Venue, template: UUID) -> Response:
    """One pattern, to change or remove."""
    found = get_template(venue, template)
    return web.render(PAGE, **editing(venue, *prefilled(venue, found, request.args), template=found))


@patterns.post("/patterns/<uuid:template>")
@requires(Permission.ROTA_MANAGE)
def save(venue: Venue, template: UUID) -> Response:
    """Other hours from now on; what is planned stays as it is."""
    found, form = get_template(venue, template), PatternForm()
    if not form.validate():
        return web.render(PAGE, 422, **editing(venue, form, request.form, template=found))
    try:
        pattern, version = form.wish(request.form), form.known_version()
        save_template(venue, member=found.member, template=found, pattern=pattern, version=version, by=desk())
    except Invalid as refused:
        return web.render(PAGE, 422, **editing(venue, form, request.form, template=found, error=refused))
    except Stale as late:
        return web.render(PAGE, 409, **editing(venue, form, request.form, template=found, error=late))
    return _done(venue, _("The pattern is saved. Shifts that are planned stay as they are until you apply it."))


@patterns.post("/patterns/<uuid:template>/remove")
@requires(Permission.ROTA_MANAGE)
def remove(venue: Venue, template: UUID) -> Response:
    """Nothing is made from it any more."""
    found, form = get_template(venue, template), PatternForm()
    remove_template(venue, template=found, version=form.known_version(), by=desk())
    return _done(venue, _("The pattern is removed. Shifts that were made from it stay."))


@patterns.get("/<day>/patterns")
@requires(Permission.ROTA_MANAGE)
def ask(venue: Venue, day: str) -> Response:
    """What the patterns would make in this week and those that follow."""
    form = ApplyForm(formdata=request.args if "weeks" in request.args else None, meta={"csrf": False})
    if not form.validate():
        return web.render(APPLY, 422, **applying(venue, monday_in(day), form, look=False))
    return web.render(APPLY, **applying(venue, monday_in(day), form, look="weeks" in request.args))


@patterns.post("/<day>/patterns")
@requires(Permission.ROTA_MANAGE)
def apply(venue: Venue, day: str) -> Response:
    """Make them drafts."""
    form, monday = ApplyForm(), monday_in(day)
    if not form.validate():
        return web.render(APPLY, 422, **applying(venue, monday, form, look=False))
    try:
        chosen = form.chosen(templates_of(venue))
        drafted, _made = apply_template(venue, templates=chosen, monday=monday, weeks=form.weeks.data or 0, by=desk())
    except Invalid as refused:
        return web.render(APPLY, 422, **applying(venue, monday, form, look=False, error=refused))
    undo = last_change(venue, current_member()) if drafted.made or drafted.dropped else None
    return web.done(url_for("rota.week", venue=venue.slug, day=monday), message=words.made_sentence(drafted), undo=undo)


def _done(venue: Venue, message: str) -> Response:
    return web.done(url_for("patterns.index", venue=venue.slug), message=message)
