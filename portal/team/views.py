"""The pages of the team: who works at a venue, and who for the organisation."""

from __future__ import annotations

from flask import Blueprint, Response, request

import portal.web as web
from portal.access import Permission, requires
from portal.models import Organisation, Venue
from portal.team.page import listing_at, listing_of
from portal.tenancy import current_member

team = Blueprint("team", __name__)


@team.get("/v/<venue>/team/")
@requires(Permission.TEAM_READ)
def at_venue(venue: Venue) -> Response:
    """Who works at the venue; with `left` who did."""
    left = request.args.get("left") == "yes"
    return web.render("team/index.html", **listing_at(venue, by=current_member(), left=left))


@team.get("/o/<organisation>/team/")
@requires(Permission.ORGANISATION_MANAGE)
def of_organisation(organisation: Organisation) -> Response:
    """Who works for the organisation; with `left` who did."""
    left = request.args.get("left") == "yes"
    return web.render("team/index.html", **listing_of(organisation, by=current_member(), left=left))
