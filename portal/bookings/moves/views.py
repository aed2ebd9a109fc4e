"""Putting a booking elsewhere and giving it another length: by hand in the grid, or with a plain form."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request, url_for

import portal.web as web
from portal.access import Permission, requires
from portal.bookings.errors import BadTime, SlotUnavailable
from portal.bookings.moves.asked import move_form, overbooking, resize_as_asked, way_out, wish_of
from portal.bookings.moves.desk import move_at_desk, wants_to_tell
from portal.bookings.moves.form import ResizeForm, item_named
from portal.bookings.moves.page import done, placed, shown, turned_down
from portal.bookings.moves.queries import get_taken
from portal.bookings.moves.taken import lengths_asked, quarters_of, targets_asked
from portal.bookings.queries import get_booking
from portal.models import Venue
from portal.tenancy import current_member

moves = Blueprint("moves", __name__)


@moves.get("/<uuid:booking>/targets")
@requires(Permission.BOOKING_EDIT)
def targets(venue: Venue, booking: UUID) -> Response:
    """Where on a day, or in somebody's week, it cannot be put, and why not: for the grid, once a drag."""
    return web.data(targets_asked(venue, get_taken(venue, booking), request.args))


@moves.get("/<uuid:booking>/lengths")
@requires(Permission.BOOKING_EDIT)
def lengths(venue: Venue, booking: UUID) -> Response:
    """Which lengths it cannot have, and why not: for the grid, once an edge is taken."""
    return web.data(lengths_asked(venue, get_taken(venue, booking), request.args))


@moves.get("/<uuid:booking>/move")
@requires(Permission.BOOKING_EDIT)
def form(venue: Venue, booking: UUID) -> Response:
    """Date, time, therapist and room to choose."""
    found, tell = get_booking(venue, booking), wants_to_tell(current_member())
    return shown(venue, found, move=move_form(venue, found, at=request.args.get("at"), tell=tell))


@moves.post("/<uuid:booking>/move")
@requires(Permission.BOOKING_EDIT)
def move(venue: Venue, booking: UUID) -> Response:
    """Put it there; a refusal says why not, and what instead."""
    found, member = get_booking(venue, booking), current_member()
    sent = move_form(venue, found)
    wish = wish_of(venue, found, sent) if sent.validate() else None
    if wish is None:
        return shown(venue, found, 422, move=sent)
    try:
        moved = move_at_desk(venue, booking=found, member=member, overbook_reason=overbooking(sent, member), **wish)
    except SlotUnavailable as error:
        return turned_down(venue, found, error, move=sent)
    return done(venue, moved, placed(venue, moved))


@moves.get("/<uuid:booking>/resize")
@requires(Permission.BOOKING_EDIT)
def quarters(venue: Venue, booking: UUID) -> Response:
    """What stands against a quarter of an hour more or less, for the buttons of the panel."""
    found = get_taken(venue, booking)
    if not web.is_fragment_request():
        return web.go(url_for("moves.form", venue=venue.slug, booking=booking, by=request.args.get("by")))
    return web.render("bookings/_quarters.html", quarters=quarters_of(venue, found))


@moves.post("/<uuid:booking>/resize")
@requires(Permission.BOOKING_EDIT)
def resize(venue: Venue, booking: UUID) -> Response:
    """Another length; what follows in the visit is pushed along, and on demand the next visits too."""
    found, sent, member = get_booking(venue, booking), ResizeForm(), current_member()
    item = (item_named(found, sent.item.data) or found.items[-1]) if sent.validate() else None
    try:
        message = resize_as_asked(venue, found, item, sent, member=member)
    except BadTime as error:
        return shown(venue, found, 422, length=sent.told(error))
    except SlotUnavailable as error:
        way = way_out(venue, found, item, sent, error, member=member)
        return turned_down(venue, found, error, length=sent, pushing=way)
    return done(venue, found, message)
