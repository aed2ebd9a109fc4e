"""One booking: its panel, and what the desk does with it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.audit import Actor
from portal.bookings.forms import CancelForm
from portal.bookings.panel import panel
from portal.bookings.queries import get_booking
from portal.bookings.service import cancel_booking
from portal.changes.queries import last_change
from portal.live.service import agenda_topic
from portal.models import Booking, Venue
from portal.tenancy import current_member

bookings = Blueprint("bookings", __name__)


@bookings.get("/<uuid:booking>")
@requires(Permission.BOOKING_READ)
def show(venue: Venue, booking: UUID) -> Response:
    """The booking with its history: a page of its own, or the agenda's side panel."""
    found = get_booking(venue, booking)
    return web.render("bookings/show.html#panel", **panel(venue, found, reader=current_member()))


@bookings.post("/<uuid:booking>/cancel")
@requires(Permission.BOOKING_CANCEL)
def cancel(venue: Venue, booking: UUID) -> Response:
    """Cancel, with a reason and the share that goes back to the guest."""
    found, form, member = get_booking(venue, booking), CancelForm(), current_member()
    if not form.validate():
        return web.render("bookings/show.html#panel", 422, **panel(venue, found, reader=member, form=form))
    cancelled = cancel_booking(
        venue, booking=found, by=Actor.of_member(member, door="agenda"), cancelled_by="staff", **form.wish()
    )
    return _done(venue, cancelled, _("Booking no. %(number)s is cancelled.", number=cancelled.number))


def _done(venue: Venue, booking: Booking, message: str) -> Response:
    shown = panel(venue, booking, reader=current_member())
    to = url_for("agenda.day", venue=venue.slug, day=shown["day"], by=request.args.get("by"), booking=booking.uuid)
    topic, undo = agenda_topic(venue, booking.starts_at), last_change(venue, current_member())
    return web.done(
        to, message=message, fragment="bookings/show.html#panel", announce=f"changed:{topic}", undo=undo, **shown
    )
