"""Venues of a key."""

from __future__ import annotations

from flask import Response

from portal.api.guard import current_key, requires_scope
from portal.api.partner.blueprint import partner
from portal.api.partner.catalogue import venue_detail, venue_row
from portal.api.partner.queries import find_venues
from portal.api.schema import answer_json
from portal.models import Venue
from portal.partners.scopes import Scope


@partner.get("/venues")
@requires_scope(Scope.VENUES_READ)
def list_venues() -> Response:
    """The active venues of the key, by name."""
    return answer_json({"data": [venue_row(venue) for venue in find_venues(current_key())]})


@partner.get("/venues/<venue_id>")
@requires_scope(Scope.VENUES_READ)
def show_venue(venue: Venue) -> Response:
    """One venue with its rules."""
    return answer_json({"data": venue_detail(venue)})
