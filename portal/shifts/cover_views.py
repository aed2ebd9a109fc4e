"""Others for the visits that a shift leaves alone: the plan of an absence, for the time of the shift."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

import portal.web as web
from portal.absences.rehome.errors import Overturned
from portal.absences.rehome.form import RehomeForm, read_steps
from portal.absences.rehome.page import overturned
from portal.absences.rehome.page import preview as preview_of
from portal.absences.rehome.service import rehome
from portal.access import Permission, requires
from portal.changes.queries import last_change
from portal.errors import Invalid
from portal.models import Shift, Venue
from portal.shifts.queries import get_shift
from portal.shifts.views import desk
from portal.tenancy import current_member
from portal.uuids import as_uuid

cover = Blueprint("cover", __name__)

PAGE = "absences/desk/rehome.html#plan"


@cover.get("/shifts/<uuid:shift>/visits")
@requires(Permission.ROTA_MANAGE)
def preview(venue: Venue, shift: UUID) -> Response:
    """Who could give the visits of the shift, or those of them that the address names."""
    return web.render(PAGE, **_plan(venue, get_shift(venue, shift)))


@cover.post("/shifts/<uuid:shift>/visits")
@requires(Permission.ROTA_MANAGE)
def carry_out(venue: Venue, shift: UUID) -> Response:
    """Do what was chosen, all of it or nothing."""
    found, form = get_shift(venue, shift), RehomeForm()
    if not form.validate():
        return web.render(PAGE, 422, **_plan(venue, found, form=form, kept=request.form))
    try:
        settled = _carry_out(venue, found, form)
    except Invalid as wrong:
        return web.render(PAGE, 422, **_plan(venue, found, form=form, kept=request.form, wrong=str(wrong.message)))
    except Overturned as late:
        told = overturned(venue, late)
        return web.too_late(_here(venue, found), message=told, fragment=PAGE, **_plan(venue, found, wrong=told))
    return _done(venue, found, settled)


def _done(venue: Venue, shift: Shift, settled: int) -> Response:
    told = ngettext("%(num)d visit is settled.", "%(num)d visits are settled.", settled)
    undo = last_change(venue, current_member())
    return web.done(_back(venue, shift), message=told, fragment=PAGE, undo=undo, **_plan(venue, shift))


def _carry_out(venue: Venue, shift: Shift, form: RehomeForm) -> int:
    steps = read_steps(venue, request.form)
    if not steps:
        raise Invalid(_("Please choose for at least one visit what shall be done."))
    reason, tell = form.reason.data or "", form.tell.data
    return len(rehome(venue, off=shift, steps=steps, reason=reason, tell_guests=tell, by=desk()))


def _plan(venue: Venue, shift: Shift, **more: Any) -> dict[str, Any]:
    only = _named()
    found = preview_of(venue, shift, only=only or None, **more)
    return {**found, "here": _here(venue, shift), "back": _back(venue, shift), "back_to": _("The shift")}


def _named() -> list[UUID]:
    return [name for text in request.args.getlist("visit")[:100] if (name := as_uuid(text))]


def _here(venue: Venue, shift: Shift) -> str:
    return url_for("cover.carry_out", venue=venue.slug, shift=shift.uuid, visit=[str(name) for name in _named()])


def _back(venue: Venue, shift: Shift) -> str:
    return url_for("rota.show", venue=venue.slug, shift=shift.uuid)
