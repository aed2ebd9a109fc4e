"""Notes on a guest's profile."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from portal.access import Permission, requires
from portal.customers.notes import add_note, delete_note, edit_note, pin_note
from portal.customers.queries import get_customer
from portal.errors import Invalid
from portal.models import Venue
from portal.profile.answer import again, me, saved
from portal.profile.forms import NoteForm

guest_notes = Blueprint("guest_notes", __name__)
SECTION = "notes"


@guest_notes.post("/<uuid:customer>/notes")
@requires(Permission.CUSTOMER_EDIT)
def add(venue: Venue, customer: UUID) -> Response:
    """Note something for the team."""
    found, form = get_customer(venue, customer), NoteForm()
    try:
        pinned = bool(form.pinned.data)
        add_note(venue.organisation, customer=found, text=form.text.data or "", pinned=pinned, by=me())
    except Invalid as wrong:
        form.refuse(wrong)
        return again(venue, customer, note_form=form)
    return saved(venue, customer, _("Noted."), section=SECTION)


@guest_notes.post("/<uuid:customer>/notes/<uuid:note>")
@requires(Permission.CUSTOMER_EDIT)
def change(venue: Venue, customer: UUID, note: UUID) -> Response:
    """Another text."""
    found, form = get_customer(venue, customer), NoteForm()
    text, version = form.text.data or "", form.known_version
    try:
        edit_note(venue.organisation, customer=found, note=note, text=text, version=version, by=me())
    except Invalid as wrong:
        form.refuse(wrong)
        return again(venue, customer, wrong_note=(note, form))
    return saved(venue, customer, _("The note is changed."), section=SECTION)


@guest_notes.post("/<uuid:customer>/notes/<uuid:note>/pin")
@requires(Permission.CUSTOMER_EDIT)
def pin(venue: Venue, customer: UUID, note: UUID) -> Response:
    """Keep it on top, or no longer."""
    found, pinned = get_customer(venue, customer), request.form.get("pinned") == "1"
    pin_note(venue.organisation, customer=found, note=note, pinned=pinned, by=me())
    return saved(venue, customer, _("Kept on top.") if pinned else _("No longer kept on top."), section=SECTION)


@guest_notes.post("/<uuid:customer>/notes/<uuid:note>/delete")
@requires(Permission.CUSTOMER_EDIT)
def delete(venue: Venue, customer: UUID, note: UUID) -> Response:
    """It is gone."""
    delete_note(venue.organisation, customer=get_customer(venue, customer), note=note, by=me())
    return saved(venue, customer, _("The note is deleted."), section=SECTION)
