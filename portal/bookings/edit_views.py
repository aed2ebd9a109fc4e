"""The details of a booking, changed by hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.audit import Actor
from portal.bookings.edit_form import Clash, DetailsForm, details_form
from portal.bookings.editing import edit_booking
from portal.bookings.errors import Stale
from portal.bookings.panel import panel
from portal.bookings.queries import get_booking
from portal.changes.queries import last_change
from portal.models import Booking, Venue
from portal.tenancy import current_member

details = Blueprint("details", __name__)


@details.get("/<uuid:booking>/edit")
@requires(Permission.BOOKING_EDIT)
def form(venue: Venue, booking: UUID) -> Response:
    """Price, guest, hotel room, language, note."""
    found = get_booking(venue, booking)
    return _shown(venue, found, details_form(venue, found))


@details.post("/<uuid:booking>/edit")
@requires(Permission.BOOKING_EDIT)
def save(venue: Venue, booking: UUID) -> Response:
    """Take the details over; after somebody else's change both are shown, and saving again decides."""
    found, member = get_booking(venue, booking), current_member()
    sent = details_form(venue, found)
    wish = sent.wish(found.currency) if sent.validate() else None
    if wish is None:
        return _shown(venue, found, sent, status=422)
    by, version = Actor.of_member(member, door="agenda"), sent.known_version
    try:
        edited = edit_booking(venue, booking=found, by=by, version=version, **wish)
    except Stale:
        return _met(venue, booking, sent)
    return _done(venue, edited)


def _met(venue: Venue, booking: UUID, sent: DetailsForm) -> Response:
    found = get_booking(venue, booking)
    return _shown(venue, found, sent, status=409, clashes=sent.meet(found))


def _shown(
    venue: Venue, booking: Booking, sent: DetailsForm, *, status: int = 200, clashes: dict[str, Clash] | None = None
) -> Response:
    around: dict[str, Any] = panel(venue, booking, reader=current_member())
    context = around | {"form": sent, "clashes": clashes}
    return web.render("bookings/edit.html#panel", status, **context)


def _done(venue: Venue, booking: Booking) -> Response:
    shown = panel(venue, booking, reader=current_member())
    by = request.args.get("by")
    to = url_for("agenda.day", venue=venue.slug, day=shown["day"], by=by, booking=booking.uuid)
    message, topic = _("The details are saved."), f"changed:agenda:{shown['day']}"
    undo = last_change(venue, current_member())
    return web.done(to, message=message, fragment="bookings/show.html#panel", announce=topic, undo=undo, **shown)
