"""The list of guests."""

from __future__ import annotations

from flask import Blueprint, Response, request

import portal.web as web
from portal.access import Permission, requires
from portal.customers.listing.page import listing
from portal.models import Venue

guest_list = Blueprint("guest_list", __name__)


@guest_list.get("")
@requires(Permission.CUSTOMER_READ)
def index(venue: Venue) -> Response:
    """Guests by name, or those who can be meant by what was typed; narrowed by choices, a page at a time."""
    return web.render("customers/index.html#list", **listing(venue, request.args))
