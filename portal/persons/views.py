"""One person's data: handed out as a whole, or erased."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.audit import Actor
from portal.errors import Invalid
from portal.models import Venue
from portal.persons.erasure import erase_person
from portal.persons.export import export_person
from portal.persons.forms import EraseForm
from portal.persons.page import data_page, handed_out
from portal.persons.queries import get_guest
from portal.tenancy import current_member

persons = Blueprint("persons", __name__)


@persons.get("/<uuid:customer>/data")
@requires(Permission.CUSTOMER_EXPORT)
def show(venue: Venue, customer: UUID) -> Response:
    """What can be handed out, and what an erasure would do."""
    return web.render("persons/show.html#data", **data_page(venue, get_guest(venue.organisation, customer)))


@persons.post("/<uuid:customer>/export")
@requires(Permission.CUSTOMER_EXPORT)
def export(venue: Venue, customer: UUID) -> Response:
    """Everything the house holds of her, to be handed to her."""
    guest = get_guest(venue.organisation, customer)
    return handed_out(venue, guest, export_person(venue.organisation, customer=guest, by=_desk()))


@persons.post("/<uuid:customer>/erase")
@requires(Permission.CUSTOMER_ERASE)
def erase(venue: Venue, customer: UUID) -> Response:
    """She goes; what the accounts need stays without her."""
    form = EraseForm()
    try:
        typed = form.typed.data or ""
        erase_person(venue.organisation, name=customer, version=form.known(), typed=typed, by=_desk())
    except Invalid as refused:
        form.refuse(refused)
        page = data_page(venue, get_guest(venue.organisation, customer), form)
        return web.render("persons/show.html#data", 422, **page)
    return web.done(url_for("guest_list.index", venue=venue.slug), message=_("Erased. Nothing brings this guest back."))


def _desk() -> Actor:
    return Actor.of_member(current_member(), door="agenda")
