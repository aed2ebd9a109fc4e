"""The desk and an offer: tell the rest now, give it to somebody, take it back. From the booking's panel."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

import portal.web as web
from portal.access import Permission, requires
from portal.audit import Actor
from portal.bookings.asking.service import assign_therapist, take_back, tell_rest
from portal.bookings.desk.choices import Choices
from portal.bookings.errors import SlotUnavailable
from portal.bookings.panel import panel
from portal.bookings.queries import get_booking
from portal.bookings.refusals import sentence
from portal.changes.queries import last_change
from portal.errors import NotFound
from portal.models import Booking, BookingItem, Offer, Venue
from portal.tenancy import current_member
from portal.uuids import as_uuid

asking = Blueprint("asking", __name__)


@asking.post("/<uuid:booking>/ask-rest")
@requires(Permission.BOOKING_EDIT)
def rest(venue: Venue, booking: UUID) -> Response:
    """Everybody else who can do it is asked at once."""
    asked = tell_rest(venue, booking=get_booking(venue, booking), by=_me())
    return _done(venue, asked, _("Everybody who can do it has been asked now."), undo=False)


@asking.post("/<uuid:booking>/take-back")
@requires(Permission.BOOKING_EDIT)
def back(venue: Venue, booking: UUID) -> Response:
    """One therapist, or all, need not answer any more."""
    found, named = get_booking(venue, booking), request.form.get("offer")
    offer = _offer(found, named) if named else None
    told = _("%(name)s is no longer asked.", name=offer.member.name) if offer else _("Nobody is asked any more.")
    return _done(venue, take_back(venue, booking=found, offer=offer, by=_me()), told)


@asking.post("/<uuid:booking>/assign")
@requires(Permission.BOOKING_EDIT)
def assign(venue: Venue, booking: UUID) -> Response:
    """A therapist is given the treatment."""
    found, therapist = get_booking(venue, booking), Choices.of(venue).therapist(request.form.get("therapist"))
    if therapist is None:
        raise NotFound()
    try:
        given = assign_therapist(venue, booking=found, item=_item(found), therapist=therapist, by=_me())
    except SlotUnavailable as refused:
        shown = panel(venue, get_booking(venue, booking), reader=current_member())
        return web.render("bookings/show.html#panel", 409, **shown, not_assigned=sentence(venue, refused))
    return _done(venue, given, _("%(name)s has the booking now.", name=therapist.name))


def _me() -> Actor:
    return Actor.of_member(current_member(), door="agenda")


def _offer(booking: Booking, text: str) -> Offer:
    """The offer of the booking that a form names. Raises NotFound."""
    named = as_uuid(text)
    for item in booking.items:
        for offer in item.offers:
            if offer.uuid == named:
                return offer
    raise NotFound()


def _item(booking: Booking) -> BookingItem:
    """The treatment that the form names, else the first. Raises NotFound."""
    text = request.form.get("item")
    if not text:
        return booking.items[0]
    found = next((item for item in booking.items if item.uuid == as_uuid(text)), None)
    if found is None:
        raise NotFound()
    return found


def _done(venue: Venue, booking: Booking, message: str, *, undo: bool = True) -> Response:
    shown = panel(venue, booking, reader=current_member())
    to = url_for("agenda.day", venue=venue.slug, day=shown["day"], by=request.args.get("by"), booking=booking.uuid)
    return web.done(
        to, message=message, fragment="bookings/show.html#panel", announce=f"changed:agenda:{shown['day']}",
        undo=last_change(venue, current_member()) if undo else None, **shown,
    )  # fmt: skip
