"""Putting a booking elsewhere and giving it another length: by hand in the grid, or with a plain form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

import portal.web as web
from portal.access import Permission, can, requires
from portal.bookings.errors import BadTime, SlotUnavailable
from portal.bookings.forms import read_version
from portal.bookings.moves.asked import board_asked, move_form, wish_of
from portal.bookings.moves.desk import move_at_desk, resize_at_desk, wants_to_tell
from portal.bookings.moves.form import MoveForm, ResizeForm, item_named
from portal.bookings.moves.queries import get_taken
from portal.bookings.moves.refused import Refused, refused
from portal.bookings.panel import panel
from portal.bookings.queries import get_booking
from portal.changes.queries import last_change
from portal.errors import NotAllowed
from portal.i18n import spoken_day_and_time
from portal.models import Booking, BookingItem, Venue
from portal.tenancy import current_member

moves = Blueprint("moves", __name__)
_ANEW = {"csrf_token", "overbook_reason"}


@moves.get("/<uuid:booking>/targets")
@requires(Permission.BOOKING_EDIT)
def targets(venue: Venue, booking: UUID) -> Response:
    """Where on a day the booking cannot be put, and why not: for the grid, once a drag."""
    return web.data(board_asked(venue, get_taken(venue, booking), request.args))


@moves.get("/<uuid:booking>/move")
@requires(Permission.BOOKING_EDIT)
def form(venue: Venue, booking: UUID) -> Response:
    """Date, time, therapist and room to choose."""
    found, tell = get_booking(venue, booking), wants_to_tell(current_member())
    return _shown(venue, found, move=move_form(venue, found, at=request.args.get("at"), tell=tell))


@moves.post("/<uuid:booking>/move")
@requires(Permission.BOOKING_EDIT)
def move(venue: Venue, booking: UUID) -> Response:
    """Put it there; a refusal says why not, and what instead."""
    found, member = get_booking(venue, booking), current_member()
    sent = move_form(venue, found)
    wish = wish_of(venue, found, sent) if sent.validate() else None
    if wish is None:
        return _shown(venue, found, 422, move=sent)
    reason = _overbooking(sent.overbook_reason.data)
    try:
        moved = move_at_desk(venue, booking=found, member=member, overbook_reason=reason, **wish)
    except SlotUnavailable as error:
        return _refused(venue, booking, error, "moves.move", move=sent)
    return _done(venue, moved, _placed(venue, moved))


@moves.post("/<uuid:booking>/resize")
@requires(Permission.BOOKING_EDIT)
def resize(venue: Venue, booking: UUID) -> Response:
    """Another length; what follows in the visit is pushed along."""
    found, sent = get_booking(venue, booking), ResizeForm()
    item = item_named(found, sent.item.data) or found.items[-1] if sent.validate() else None
    try:
        wish = _length(sent, item)
        resized = resize_at_desk(venue, booking=found, member=current_member(), item=item, **wish)
    except BadTime as error:
        return _shown(venue, found, 422, length=sent.told(error))
    except SlotUnavailable as error:
        return _refused(venue, booking, error, "moves.resize", length=sent)
    return _done(venue, resized, _("The booking is saved with its new length."))


def _length(sent: ResizeForm, item: BookingItem | None) -> dict[str, Any]:
    """What is asked of the verb. Raises BadTime for a length that is none."""
    if item is None:
        raise BadTime(field="minutes")
    reason = _overbooking(sent.overbook_reason.data)
    return {"minutes": sent.length(item), "version": read_version(sent.version.data), "overbook_reason": reason}


def _overbooking(reason: str | None) -> str | None:
    """The reason for booking anyway. Raises NotAllowed for whoever may not."""
    if reason and not can(current_member(), Permission.BOOKING_OVERBOOK):
        raise NotAllowed(_("Only a manager may overbook."))
    return reason or None


def _refused(venue: Venue, booking: UUID, error: SlotUnavailable, endpoint: str, **forms: FlaskForm) -> Response:
    """The refusal with its ways out, above the form as it was sent."""
    found, member = get_booking(venue, booking), current_member()
    [sent] = forms.values()
    action = url_for(endpoint, venue=venue.slug, booking=booking, by=request.args.get("by"))
    starts = error.alternatives if isinstance(sent, MoveForm) else []
    told = refused(venue, error, reader=member, action=action, fields=_sent_again(sent), starts=starts)
    return _shown(venue, found, 409, refused=told, **forms)


def _sent_again(sent: FlaskForm) -> dict[str, str]:
    """What was sent, but for what is asked anew."""
    return {name: text for name, text in request.form.items() if name in sent._fields and name not in _ANEW and text}


def _shown(
    venue: Venue,
    booking: Booking,
    status: int = 200,
    *,
    move: MoveForm | None = None,
    length: ResizeForm | None = None,
    refused: Refused | None = None,
) -> Response:
    around: dict[str, Any] = panel(venue, booking, reader=current_member())
    tell = wants_to_tell(current_member())
    forms = {
        "move": move or move_form(venue, booking, tell=tell),
        "length": length or ResizeForm(formdata=None, minutes=booking.items[-1].duration, version=str(booking.version)),
    }
    may_overbook = can(current_member(), Permission.BOOKING_OVERBOOK)
    context = around | forms | {"refused": refused, "may_overbook": may_overbook}
    return web.render("bookings/move.html#panel", status, **context)


def _placed(venue: Venue, booking: Booking) -> str:
    """Where it stands now."""
    at = spoken_day_and_time(booking.starts_at, venue.timezone)
    names = {one.member.first_name: None for item in booking.items for one in item.current_assignments}
    if not names:
        return _("Booking no. %(number)s now begins: %(at)s.", number=booking.number, at=at)
    return _(
        "Booking no. %(number)s now begins: %(at)s, %(names)s.", number=booking.number, at=at, names=", ".join(names)
    )


def _done(venue: Venue, booking: Booking, message: str) -> Response:
    shown = panel(venue, booking, reader=current_member())
    to = url_for("agenda.day", venue=venue.slug, day=shown["day"], by=request.args.get("by"), booking=booking.uuid)
    undo = last_change(venue, current_member())
    topic = f"changed:agenda:{shown['day']}"
    return web.done(to, message=message, fragment="bookings/show.html#panel", announce=topic, undo=undo, **shown)
