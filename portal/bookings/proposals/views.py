"""The desk and a suggested time: take it, refuse it, and the list of those that wait on every page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.audit import Actor
from portal.bookings.errors import SlotUnavailable
from portal.bookings.panel import panel
from portal.bookings.proposals.answering import accept_counter_proposal, refuse_counter_proposal
from portal.bookings.proposals.page import waiting_now, waiting_of
from portal.bookings.proposals.queries import get_proposal
from portal.bookings.queries import get_booking
from portal.bookings.refusals import sentence
from portal.changes.queries import last_change
from portal.clock import now
from portal.errors import Conflict
from portal.models import Booking, Change, Venue
from portal.tenancy import current_member

proposals = Blueprint("proposals", __name__)


@proposals.app_context_processor
def _waiting() -> dict[str, Any]:
    return {"suggestions": waiting_now}


@proposals.get("/")
@requires(Permission.BOOKING_EDIT)
def waiting(venue: Venue) -> Response:
    """What every page of the desk tells about suggested times, drawn again when something of it changes."""
    if not web.is_fragment_request():
        return web.go(url_for("agenda.today", venue=venue.slug))
    return web.render("bookings/_suggestions.html", waiting=waiting_of(venue, at=now()), venue=venue)


@proposals.post("/<uuid:proposal>/accept")
@requires(Permission.BOOKING_EDIT)
def accept(venue: Venue, proposal: UUID) -> Response:
    """The visit moves to the suggested time and is hers."""
    found = get_proposal(venue, proposal)
    try:
        booking = accept_counter_proposal(venue, proposal=found, by=_me())
    except SlotUnavailable as refused:
        raise Conflict(sentence(venue, refused)) from refused
    told = _("The booking has moved. %(name)s has it.", name=found.offer.member.name)
    return _done(venue, booking, told, undo=last_change(venue, current_member()))


@proposals.post("/<uuid:proposal>/refuse")
@requires(Permission.BOOKING_EDIT)
def refuse(venue: Venue, proposal: UUID) -> Response:
    """The visit stays where it is."""
    found = get_proposal(venue, proposal)
    booking = refuse_counter_proposal(venue, proposal=found, by=_me(), reason=request.form.get("reason"))
    return _done(venue, booking, _("%(name)s is told that it stays as it was.", name=found.offer.member.name))


def _me() -> Actor:
    return Actor.of_member(current_member(), door="agenda")


def _done(venue: Venue, booking: Booking, message: str, undo: Change | None = None) -> Response:
    """From the panel the fresh panel; from the list of a page, which draws itself, the message alone."""
    shown = panel(venue, get_booking(venue, booking.uuid), reader=current_member())
    to = url_for("agenda.day", venue=venue.slug, day=shown["day"], by=request.args.get("by"), booking=booking.uuid)
    if "panel" not in request.args:
        return web.done(to, message=message, undo=undo, announce="changed:proposals")
    return web.done(
        to, message=message, fragment="bookings/show.html#panel", announce=f"changed:agenda:{shown['day']}",
        undo=undo, **shown,
    )  # fmt: skip
