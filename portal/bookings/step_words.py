"""What is said after a step of the visit or at the till."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.bookings.following import ARRIVE, FINISH, NO_SHOW, START
from portal.models import Booking, Participant


def step_sentence(step: str, booking: Booking, who: Participant | None = None) -> str:
    """`Léa Martin has arrived.`"""
    name = who.label if who else booking.guest_name
    number = booking.number
    if step == ARRIVE:
        return _("%(name)s has arrived.", name=name) if name else _("The guest has arrived.")
    if step == START:
        return _("The treatment of booking no. %(number)s has begun.", number=number)
    if step == FINISH:
        return _("The treatment of booking no. %(number)s is over.", number=number)
    if step == NO_SHOW:
        return _("Booking no. %(number)s is noted as a no-show.", number=number)
    return (
        _("%(name)s has paid.", name=name) if who and name else _("Booking no. %(number)s is settled.", number=number)
    )
