"""Files of guests: sent, tried, taken over; and the list of guests as a file."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.audit import Actor
from portal.clock import now
from portal.customers.listing.filters import Filters
from portal.errors import Invalid
from portal.imports.forms import UploadForm, chosen
from portal.imports.page import import_page, upload_page
from portal.imports.queries import get_import
from portal.imports.service import call_off, check_lines, note_export, take_in, take_over
from portal.imports.sheets import faults_as_csv, guests_as_csv
from portal.imports.table import MOST_BYTES
from portal.models import Venue
from portal.tenancy import current_member

imports = Blueprint("imports", __name__)
ROOM_FOR_FORM = 64 * 1024


@imports.url_value_preprocessor
def _let_files_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A file is larger than any other form, and comes as files do."""
    if endpoint == "imports.upload" and request.mimetype == "multipart/form-data":
        request.max_content_length = MOST_BYTES + ROOM_FOR_FORM


@imports.get("/import")
@requires(Permission.CUSTOMER_IMPORT)
def index(venue: Venue) -> Response:
    """Where a file is sent, and what came in last."""
    return web.render("imports/index.html", **upload_page(venue))


@imports.post("/import")
@requires(Permission.CUSTOMER_IMPORT)
def upload(venue: Venue) -> Response:
    """A file comes in; nothing is done with it yet."""
    form = UploadForm()
    try:
        content, name = form.content()
        batch = take_in(venue, content=content, file_name=name, by=_desk())
    except Invalid as refused:
        form.refuse(refused)
        return web.render("imports/index.html", 422, **upload_page(venue, form))
    return web.go(url_for("imports.show", venue=venue.slug, batch=batch.uuid))


@imports.get("/import/<uuid:batch>")
@requires(Permission.CUSTOMER_IMPORT)
def show(venue: Venue, batch: UUID) -> Response:
    """Where a file stands: its columns, how far it is, what its lines do or did."""
    page = import_page(venue, get_import(venue, batch), show=request.args.get("show", ""), page=_page())
    return web.render("imports/show.html#import", **page)


@imports.post("/import/<uuid:batch>/columns")
@requires(Permission.CUSTOMER_IMPORT)
def check(venue: Venue, batch: UUID) -> Response:
    """Look at every line with these columns."""
    found = get_import(venue, batch)
    try:
        check_lines(venue, batch=found, columns=chosen(request.form))
    except Invalid as wrong:
        found.columns = chosen(request.form)
        return web.render("imports/show.html#import", 422, **import_page(venue, found, wrong=wrong))
    return web.go(url_for("imports.show", venue=venue.slug, batch=batch))


@imports.post("/import/<uuid:batch>/run")
@requires(Permission.CUSTOMER_IMPORT)
def run(venue: Venue, batch: UUID) -> Response:
    """Take over what was tried."""
    take_over(venue, batch=get_import(venue, batch), by=_desk())
    return web.go(url_for("imports.show", venue=venue.slug, batch=batch))


@imports.post("/import/<uuid:batch>/cancel")
@requires(Permission.CUSTOMER_IMPORT)
def cancel(venue: Venue, batch: UUID) -> Response:
    """Nothing of it is kept."""
    call_off(venue, batch=get_import(venue, batch))
    return web.done(url_for("imports.index", venue=venue.slug), message=_("Cancelled. Nothing was taken over."))


@imports.get("/import/<uuid:batch>/errors.csv")
@requires(Permission.CUSTOMER_IMPORT)
def faults(venue: Venue, batch: UUID) -> Response:
    """The lines that were left out, with the reasons."""
    return _file(faults_as_csv(venue, get_import(venue, batch)), _("errors"))


@imports.post("/export.csv")
@requires(Permission.CUSTOMER_EXPORT)
def export(venue: Venue) -> Response:
    """The guests of the list as it is filtered; that they were taken out is noted."""
    filters = Filters.read(request.form)
    note_export(venue, filters=filters.words(), by=_desk())
    app = cast("Flask", current_app._get_current_object())  # type: ignore[attr-defined]  # what stands behind the proxy
    return _file(guests_as_csv(app, venue, filters, at=now()), _("guests"))


def _file(body: Any, name: str) -> Response:
    response = Response(body, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _page() -> int:
    asked = request.args.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _desk() -> Actor:
    return Actor.of_member(current_member(), door="agenda")
