"""The audit trail of the organisation, on a page and as a file."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, request

import portal.web as web
from portal.access import Permission, requires
from portal.models import Organisation
from portal.partners.page import zone_of
from portal.partners.queries import venues_of
from portal.settings.answering import desk
from portal.tenancy import current_member
from portal.trail.asked import read
from portal.trail.page import as_csv, page_of
from portal.trail.service import note_export

trail = Blueprint("trail", __name__)


@trail.get("/")
@requires(Permission.ORGANISATION_MANAGE)
def index(organisation: Organisation) -> Response:
    """Who did what, newest first."""
    return web.render("trail/index.html#settings", **page_of(organisation, request.args))


@trail.post("/export")
@requires(Permission.ORGANISATION_MANAGE)
def export(organisation: Organisation) -> Response:
    """The same lines as a file for a spreadsheet."""
    venues, zone = venues_of(organisation), zone_of(organisation)
    text = as_csv(organisation, read(request.form, venues=venues, zone=zone), venues, zone)
    note_export(current_member(), by=desk())
    response = make_response(text, {"Content-Type": "text/csv; charset=utf-8"})
    response.headers["Content-Disposition"] = "attachment; filename=thermes-audit.csv"
    return response
