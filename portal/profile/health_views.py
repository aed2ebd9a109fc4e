"""A guest's health notes at the desk, for managers: each look is noted and listed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.care.errors import NewerNotes
from portal.care.form import CareForm
from portal.care.notes import CareNotes
from portal.care.queries import list_looks
from portal.care.service import read_notes, write_notes
from portal.customers.queries import get_customer
from portal.errors import Conflict
from portal.models import Customer, Venue
from portal.profile.answer import me

guest_health = Blueprint("guest_health", __name__)
_LOOKS = 100


@guest_health.post("/<uuid:customer>/health")
@requires(Permission.CARE_READ)
def look(venue: Venue, customer: UUID) -> Response:
    """What is noted: a look that is noted itself, so it is asked for."""
    found = get_customer(venue, customer)
    notes, version = read_notes(venue.organisation, customer=found, by=me())
    return _shown(venue, found, notes, CareForm.of(notes, version))


@guest_health.post("/<uuid:customer>/health/write")
@requires(Permission.CARE_READ)
def write(venue: Venue, customer: UUID) -> Response:
    """Replace what is noted; after somebody else's change nothing that was typed is lost."""
    found, form = get_customer(venue, customer), CareForm()
    if not form.validate():
        return _shown(venue, found, form.notes(), form, status=422)
    try:
        write_notes(venue.organisation, customer=found, notes=form.notes(), version=form.known(), by=me())
    except NewerNotes:
        return _met(venue, found, form)
    except Conflict as refused:
        return _shown(venue, found, form.notes(), form, status=409, wrong=str(refused.message))
    to = url_for("profile.show", venue=venue.slug, customer=customer, _anchor="health")
    return web.done(to, message=_("Kept, sealed."))


def _met(venue: Venue, guest: Customer, form: CareForm) -> Response:
    """Both are shown, and saving again decides."""
    notes, version = read_notes(venue.organisation, customer=guest, by=me())
    form.version.data = str(version)
    wrong = _("Somebody has changed these notes in the meantime. Above is what stands there now; below what you typed.")
    return _shown(venue, guest, notes, form, status=409, wrong=wrong)


def _shown(
    venue: Venue, guest: Customer, notes: CareNotes, form: CareForm, *, status: int = 200, **told: Any
) -> Response:
    looks = list_looks(venue.organisation, guest.uuid, limit=_LOOKS)
    shown = {"guest": guest, "notes": notes, "form": form, "looks": looks}
    return web.render("profile/health.html", status, venue=venue, **shown, **told)
