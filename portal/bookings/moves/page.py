"""What the pages of a move and of a new length show, and how their writes end."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

import portal.web as web
from portal.access import Permission, can
from portal.bookings.elsewhere import also_sentence
from portal.bookings.errors import SlotUnavailable
from portal.bookings.moves.asked import move_form
from portal.bookings.moves.desk import wants_to_tell
from portal.bookings.moves.form import MoveForm, ResizeForm, item_named
from portal.bookings.moves.refused import Pushing, Refused, refused
from portal.bookings.moves.taken import limits_of
from portal.bookings.panel import panel
from portal.bookings.queries import get_booking
from portal.changes.queries import last_change
from portal.i18n import inner_day_and_time
from portal.models import Booking, Venue
from portal.tenancy import current_member

# What a form that tries again asks anew.
_ANEW = {"csrf_token", "overbook_reason", "push", "tell"}


def shown(
    venue: Venue,
    booking: Booking,
    status: int = 200,
    *,
    move: MoveForm | None = None,
    length: ResizeForm | None = None,
    refusal: Refused | None = None,
) -> Response:
    """Both forms, one of them perhaps as it was sent, below a refusal if there is one."""
    member, item = current_member(), (item_named(booking, length.item.data) if length else None) or booking.items[-1]
    around: dict[str, Any] = panel(venue, booking, reader=member)
    tell = wants_to_tell(member)
    forms = {
        "move": move or move_form(venue, booking, tell=tell),
        "length": length or ResizeForm(formdata=None, minutes=item.duration, version=str(booking.version)),
        "limits": limits_of(venue, booking, item),
        "tell": tell,
    }
    may_overbook = can(member, Permission.BOOKING_OVERBOOK)
    return web.render(
        "bookings/move.html#panel", status, **(around | forms | {"refused": refusal, "may_overbook": may_overbook})
    )


def turned_down(
    venue: Venue,
    booking: Booking,
    error: SlotUnavailable,
    *,
    move: MoveForm | None = None,
    length: ResizeForm | None = None,
    pushing: Pushing | None = None,
) -> Response:
    """The refusal with its ways out, above the form as it was sent."""
    found = get_booking(venue, booking.uuid)
    endpoint, sent = ("moves.resize", length) if length else ("moves.move", move)
    told = refused(
        venue,
        error,
        reader=current_member(),
        action=url_for(endpoint, venue=venue.slug, booking=found.uuid, by=request.args.get("by")),
        fields=_sent_again(sent) if sent else {},
        starts=error.alternatives if move else [],
        pushing=pushing,
    )
    return shown(venue, found, 409, move=move, length=length, refusal=told)


def placed(venue: Venue, booking: Booking) -> str:
    """Where it stands now."""
    at = inner_day_and_time(booking.starts_at, venue.timezone)
    names = {one.member.first_name: None for item in booking.items for one in item.current_assignments}
    if not names:
        return _("Booking no. %(number)s now begins: %(at)s.", number=booking.number, at=at)
    return _(
        "Booking no. %(number)s now begins: %(at)s, %(names)s.", number=booking.number, at=at, names=", ".join(names)
    )


def done(venue: Venue, booking: Booking, message: str) -> Response:
    """The booking's panel, with the step's undo; beside the message what else its guest has then."""
    message = " ".join(filter(None, (message, also_sentence(venue, booking))))
    context = panel(venue, booking, reader=current_member())
    day = context["day"]
    to = url_for("agenda.day", venue=venue.slug, day=day, by=request.args.get("by"), booking=booking.uuid)
    undo = last_change(venue, current_member())
    topic = f"changed:agenda:{day}"
    return web.done(to, message=message, fragment="bookings/show.html#panel", announce=topic, undo=undo, **context)


def _sent_again(sent: FlaskForm) -> dict[str, str]:
    """What was sent, but for what is asked anew."""
    return {name: text for name, text in request.form.items() if name in sent._fields and name not in _ANEW and text}
