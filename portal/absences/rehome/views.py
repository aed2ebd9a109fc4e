"""Finding others for the visits of somebody who is away: proposed, looked at, done in one go."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

import portal.web as web
from portal.absences.desk.queries import get_absence
from portal.absences.rehome.errors import Overturned
from portal.absences.rehome.form import RehomeForm, read_steps
from portal.absences.rehome.page import overturned
from portal.absences.rehome.page import preview as preview_of
from portal.absences.rehome.service import rehome as rehome_all
from portal.access import Permission, requires
from portal.audit import Actor
from portal.changes.queries import last_change
from portal.errors import Invalid
from portal.models import Booking, TimeOff, Venue
from portal.tenancy import current_member

rehome = Blueprint("rehome", __name__)

PAGE = "absences/desk/rehome.html#plan"


@rehome.get("/<uuid:absence>/rehome")
@requires(Permission.BOOKING_EDIT)
def preview(venue: Venue, absence: UUID) -> Response:
    """The plan for all visits that the absence hits."""
    return web.render(PAGE, **preview_of(venue, get_absence(venue, absence)))


@rehome.post("/<uuid:absence>/rehome")
@requires(Permission.BOOKING_EDIT)
def carry_out(venue: Venue, absence: UUID) -> Response:
    """Do what was chosen, all of it or nothing."""
    off, form = get_absence(venue, absence), RehomeForm()
    if not form.validate():
        return web.render(PAGE, 422, **preview_of(venue, off, form=form, kept=request.form))
    try:
        return _done(venue, off, _carry_out(venue, off, form))
    except Invalid as wrong:
        return web.render(PAGE, 422, **preview_of(venue, off, form=form, kept=request.form, wrong=str(wrong.message)))
    except Overturned as late:
        here, told = url_for("rehome.preview", venue=venue.slug, absence=absence), overturned(venue, late)
        return web.too_late(here, message=told, fragment=PAGE, **preview_of(venue, off, wrong=told))


def _carry_out(venue: Venue, off: TimeOff, form: RehomeForm) -> list[Booking]:
    steps = read_steps(venue, request.form)
    if not steps:
        raise Invalid(_("Please choose for at least one visit what shall be done."))
    by = Actor.of_member(current_member(), door="agenda")
    return rehome_all(venue, off=off, steps=steps, reason=form.reason.data or "", tell_guests=form.tell.data, by=by)


def _done(venue: Venue, off: TimeOff, bookings: list[Booking]) -> Response:
    told = ngettext("%(num)d visit is settled.", "%(num)d visits are settled.", len(bookings))
    undo = last_change(venue, current_member())
    to = url_for("away.show", venue=venue.slug, absence=off.uuid)
    return web.done(to, message=told, fragment=PAGE, undo=undo, **preview_of(venue, off))
