"""Undo: of one action, of one's own last action, and of an older line of a booking's history."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, may_undo, requires
from portal.audit import Actor
from portal.bookings.queries import get_booking
from portal.changes.queries import get_change, last_change
from portal.errors import NotAllowed
from portal.models import Change, Venue
from portal.tenancy import current_member
from portal.undo.service import put_back as put_booking_back
from portal.undo.service import undo_change, undo_last
from portal.undo.words import undone_sentence

undo = Blueprint("undo", __name__)


@undo.post("/<uuid:change>/undo")
@requires(Permission.CHANGE_UNDO)
def change(venue: Venue, change: UUID) -> Response:
    """Take back one action of one's own; managers may take back anybody's."""
    member, found = current_member(), get_change(venue, change)
    if not may_undo(member, found):
        raise NotAllowed()
    return _undone(venue, undo_change(venue, change=found, by=Actor.of_member(member, door="agenda")))


@undo.post("/undo")
@requires(Permission.CHANGE_UNDO)
def latest(venue: Venue) -> Response:
    """Take back what one did last."""
    return _undone(venue, undo_last(venue, by=Actor.of_member(current_member(), door="agenda")))


@undo.post("/<uuid:change>/bookings/<uuid:booking>")
@requires(Permission.CHANGE_UNDO)
def put_back(venue: Venue, change: UUID, booking: UUID) -> Response:
    """Put a booking back to the state before a line of its history."""
    member, found, line = current_member(), get_booking(venue, booking), get_change(venue, change)
    put_booking_back(venue, booking=found, change=line, by=Actor.of_member(member, door="agenda"))
    to = url_for("bookings.show", venue=venue.slug, booking=booking)
    return web.done(to, message=_("The booking is as it was before."), undo=last_change(venue, member))


def _undone(venue: Venue, change: Change) -> Response:
    return web.done(
        web.page_before() or url_for("agenda.today", venue=venue.slug), message=undone_sentence(venue, change)
    )
