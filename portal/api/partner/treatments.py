"""The menu of a venue."""

from __future__ import annotations

from flask import Response

from portal.api.guard import requires_scope
from portal.api.partner.blueprint import partner
from portal.api.partner.catalogue import treatment_row
from portal.api.partner.queries import find_treatments
from portal.api.schema import answer_json
from portal.models import Venue
from portal.partners.scopes import Scope


@partner.get("/venues/<venue_id>/treatments")
@requires_scope(Scope.TREATMENTS_READ)
def list_treatments(venue: Venue) -> Response:
    """All active treatments with their active variants."""
    return answer_json({"data": [treatment_row(treatment, venue) for treatment in find_treatments(venue)]})
