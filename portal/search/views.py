"""Searching the venue from one box."""

from __future__ import annotations

from flask import Blueprint, Response, request

import portal.web as web
from portal.access import Permission, requires
from portal.models import Venue
from portal.search.queries import LONGEST
from portal.search.results import results

search = Blueprint("search", __name__)


@search.get("")
@requires(Permission.CUSTOMER_READ)
def find(venue: Venue) -> Response:
    """Bookings and guests for what was typed; with `present=1` who is in the spa now."""
    typed = "".join(sign if sign.isprintable() else " " for sign in request.args.get("q", "")[:LONGEST])
    present = request.args.get("present") == "1"
    return web.render("search/find.html#results", **results(venue, typed, present=present))
