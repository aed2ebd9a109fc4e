"""Another guest, as she was typed into a box: one who can be meant, or several to choose from."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.customers.queries import find_customer, find_guests
from portal.models import Customer, Venue
from portal.profile.forms import PersonForm
from portal.uuids import as_uuid


def read_person(venue: Venue, form: PersonForm, *, but: Customer) -> tuple[Customer | None, list[Customer]]:
    """Who is meant, and who else can be; what is wrong is told beside the box."""
    if not form.validate():
        return None, []
    picked = as_uuid(form.pick.data)
    if picked and (chosen := find_customer(venue, picked)):
        return chosen, []
    found = [one for one in find_guests(venue.organisation, form.who.data or "") if one.id != but.id]
    if len(found) == 1:
        return found[0], []
    form.who.errors = [_("Who is it?") if found else _("Nobody found. Please add the guest first.")]
    return None, found
