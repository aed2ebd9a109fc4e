"""What an undo is told as."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.changes.memento import BOOKING
from portal.changes.queries import bookings_named
from portal.clock import local_date
from portal.i18n import short_date
from portal.models import Change, Venue

# More names than that are no help.
_NAMED = 3
_UNDONE = {
    "booking:requested": _l("The booking is taken back."),
    "booking:moved": _l("The booking is back where it was."),
    "booking:resized": _l("The booking is as long as it was."),
    "booking:pushed": _l("The visits are back where they were."),
    "booking:cancelled": _l("The booking stands again."),
    "booking:edited": _l("The details are as they were."),
    "booking:arrived": _l("The guest is expected again."),
    "booking:begun": _l("The treatment has not begun."),
    "booking:completed": _l("The treatment is not over yet."),
    "booking:noshow": _l("The guest is expected again."),
    "booking:settled": _l("The payment is taken back."),
    "booking:payment": _l("The payment is taken back."),
    "booking:payment_voided": _l("The payment counts again."),
    "booking:put_back": _l("The booking is as it was."),
    "proposal:accepted": _l("The booking is back where it was, and the suggestion waits again."),
    "offers:taken_back": _l("The therapists are asked again."),
    "block:made": _l("The time is free again."),
    "block:removed": _l("The time is blocked again."),
    "absence:approved": _l("The request waits for an answer again."),
    "absence:rehomed": _l("The visits are back where they were."),
    "swap:approved": _l("The shifts and their visits are as they were."),
    "shift:planned": _l("The shift is gone."),
    "shift:changed": _l("The shift is as it was."),
    "shift:removed": _l("The shift stands again."),
    "rota:day_copied": _l("The copied shifts are gone."),
    "rota:weeks_copied": _l("The copied shifts are gone."),
    "rota:template_applied": _l("The drafts of the pattern are gone."),
    "rota:published": _l("The shifts are drafts again."),
    "absence:sick": _l("The absence is taken back."),
    "absence:refused": _l("The request waits for an answer again."),
    "absence:called_off": _l("The absence stands again."),
}


def undone_sentence(venue: Venue, change: Change) -> str:
    """What is true again after the undo, and of which guest and day: it may be out of sight."""
    told = str(_UNDONE.get(change.verb, _l("The last step is undone.")))
    bookings = bookings_named(venue, [UUID(state["uuid"]) for state in change.before if state["kind"] == BOOKING])
    if not bookings:
        return told
    guests = list(dict.fromkeys(one.guest_name or _("Guest without a name") for one in bookings))
    named = ", ".join([*guests[:_NAMED], *(["…"] if len(guests) > _NAMED else [])])
    day = short_date(local_date(bookings[0].starts_at, venue.timezone))
    return f"{named}, {day} – {told}"
