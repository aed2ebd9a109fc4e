"""What the pages of one person's data show, and the file that she is handed."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template
from flask_babel import gettext as _

from portal.access import Permission, can
from portal.customers.names import fold
from portal.models import Customer, Venue
from portal.persons import words
from portal.persons.erasure import preview_erasure
from portal.persons.export import Export, zipped
from portal.persons.forms import EraseForm
from portal.tenancy import current_member, venues_of


def data_page(venue: Venue, customer: Customer, form: EraseForm | None = None) -> dict[str, Any]:
    """The context of `persons/show.html`; `form` is that of an erasure that was refused."""
    form = form or EraseForm(formdata=None)
    form.version.data = customer.version
    preview, mine = preview_erasure(venue.organisation, customer), venues_of(current_member())
    return {
        "venue": venue,
        "customer": customer,
        "preview": preview,
        "expected": [(one, one.venue in mine) for one in preview.expected],
        "form": form,
        "may_erase": can(current_member(), Permission.CUSTOMER_ERASE),
    }


def handed_out(venue: Venue, customer: Customer, export: Export) -> Response:
    """The zip of both files, named after the guest in letters that every system has."""
    page = render_template(
        "persons/export.html",
        export=export,
        customer=customer,
        parts={name: str(words.PARTS.get(name, name)) for name in export.parts},
        label=words.label_of_column,
        shown=lambda name, value, row: words.shown(name, value, row, zone=venue.timezone, currency=venue.currency),
        zone=venue.timezone,
    )
    plain = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in fold(customer.name)).split())
    name = plain or _("guest")
    response = make_response(zipped(export, page, name=name))
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response
