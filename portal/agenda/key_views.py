"""The agenda's shortcuts, which whoever speaks to her computer switches off."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.agenda.service import switch_keys
from portal.audit import Actor
from portal.errors import Invalid
from portal.models import Venue
from portal.tenancy import current_member

keys = Blueprint("keys", __name__)


@keys.post("/keys")
@requires(Permission.AGENDA_READ)
def switch(venue: Venue) -> Response:
    """Shortcuts on or off, as the last of its answers says. Raises Invalid."""
    member, said = current_member(), request.form.getlist("on")[-1:]
    if said not in (["yes"], ["no"]):
        raise Invalid(field="on")
    on = said == ["yes"]
    switch_keys(member, on=on, by=Actor.of_member(member, door="agenda"))
    message = _("Shortcuts are on.") if on else _("Shortcuts are off.")
    return web.done(web.page_before() or url_for("agenda.today", venue=venue.slug), message=message)
