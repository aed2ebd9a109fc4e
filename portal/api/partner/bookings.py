"""Bookings that a partner pushes, reads and cancels."""

from __future__ import annotations

from flask import Response

from portal.api.guard import current_key, requires_scope
from portal.api.partner.blueprint import partner
from portal.api.partner.cancellations import read_cancellation
from portal.api.partner.intake import receive_booking
from portal.api.partner.payloads import booking_detail, created_booking
from portal.api.partner.queries import find_pushed, get_booking, get_variant
from portal.api.partner.wishes import read_external_id, read_wish
from portal.api.schema import answer_json, read_object
from portal.audit import Actor
from portal.bookings import service
from portal.models import Venue
from portal.partners.scopes import Scope


@partner.post("/venues/<venue_id>/bookings")
@requires_scope(Scope.BOOKINGS_WRITE)
def create_booking(venue: Venue) -> Response:
    """Book a slot; the same `external_id` again is answered with the booking it made the first time."""
    body = read_object()
    external_id = read_external_id(body)
    known = find_pushed(venue, external_id) if external_id else None
    if known is not None:
        return answer_json({"data": created_booking(known)})
    wish = read_wish(body, venue)
    variant = get_variant(venue, wish.variant_id)
    booking, is_new = receive_booking(venue, variant, wish, by=Actor.of_key(current_key(), door="partner"))
    return answer_json({"data": created_booking(booking)}, 201 if is_new else 200)


@partner.get("/bookings/<rest:booking_id>")
@requires_scope(Scope.BOOKINGS_READ)
def show_booking(booking_id: str) -> Response:
    """A booking by its UUID, or by `ext:` and its external id or reference."""
    return answer_json({"data": booking_detail(get_booking(current_key(), booking_id))})


@partner.post("/bookings/<rest:booking_id>/cancel")
@requires_scope(Scope.BOOKINGS_WRITE)
def cancel_booking(booking_id: str) -> Response:
    """Cancel a pending or confirmed booking; the venue's tiers decide the fee."""
    booking = get_booking(current_key(), booking_id)
    reason, cancelled_by = read_cancellation(read_object())
    actor = Actor.of_key(current_key(), door="partner")
    service.cancel_booking(booking.venue, booking=booking, reason=reason, cancelled_by=cancelled_by, by=actor)
    return answer_json({"data": booking_detail(get_booking(current_key(), str(booking.uuid)))})
