"""What a member holds in hand while she looks for another place for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.models import Venue
from portal.tenancy import current_member
from portal.tray.queries import find_booking, tray_of
from portal.tray.service import let_go, park_booking

tray = Blueprint("tray", __name__)


@tray.get("/")
@requires(Permission.BOOKING_EDIT)
def show(venue: Venue) -> Response:
    """The tray alone, or its own page."""
    return web.render("tray/index.html#tray", **_around(venue))


@tray.post("/<uuid:booking>")
@requires(Permission.BOOKING_EDIT)
def park(venue: Venue, booking: UUID) -> Response:
    """Pick a booking up."""
    park_booking(venue, booking=find_booking(venue, booking), member=current_member())
    return _done(venue, _("Picked up: choose another place for it, on any day."))


@tray.post("/<uuid:booking>/back")
@requires(Permission.BOOKING_EDIT)
def put_back(venue: Venue, booking: UUID) -> Response:
    """Leave it where it is."""
    let_go(venue, booking=find_booking(venue, booking), member=current_member())
    return _done(venue, _("It stays where it was."))


def _done(venue: Venue, message: str) -> Response:
    to = url_for("tray.show", venue=venue.slug)
    return web.done(to, message=message, fragment="tray/index.html#tray", **_around(venue))


def _around(venue: Venue) -> dict[str, Any]:
    return {"venue": venue, "parked": tray_of(venue, current_member())}
