"""What is said after a step of the visit or at the till."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from portal.bookings.following import ARRIVE, EARLIEST, FINISH, NO_SHOW, START, is_too_early, steps_of
from portal.i18n import clock_time, inner_day_and_time
from portal.models import Booking, Participant
from portal.models.booking_states import CANCELLED, COMPLETED, NOSHOW, PENDING


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


def not_yet(booking: Booking, *, at: datetime, zone: str) -> dict[str, str]:
    """Why each of the steps of the visit that cannot be taken now cannot, by its name; from when on, if it will."""
    wanted = {ARRIVE, START, FINISH} - set(steps_of(booking, at=at))
    return {step: _why_not(step, booking, at=at, zone=zone) for step in (ARRIVE, START, FINISH) if step in wanted}


def _why_not(step: str, booking: Booking, *, at: datetime, zone: str) -> str:
    over = {
        COMPLETED: _("This visit is over."),
        CANCELLED: _("This booking is cancelled."),
        NOSHOW: _("The guest did not come to this visit."),
    }
    if booking.status in over:
        return over[booking.status]
    if is_too_early(booking.starts_at, at=at):
        when = inner_day_and_time(booking.starts_at - EARLIEST, zone)
        return _("Arrival and treatment can be noted from %(when)s on, 12 hours before the visit.", when=when)
    if step == ARRIVE:
        return _has_come(booking, zone)
    if booking.status == PENDING:
        return _("No therapist has this booking yet. Please assign one first.")
    if step == START:
        return _("The treatment has begun already.")
    return _("Please start the treatment first, or finish it from %(time)s on.", time=clock_time(booking.ends_at, zone))


def _has_come(booking: Booking, zone: str) -> str:
    if booking.is_session:
        return _("Who comes to a class is noted for each guest.")
    if booking.arrived_at is None:
        return _("The treatment has begun already.")
    return _("The guest is here already, since %(time)s.", time=clock_time(booking.arrived_at, zone))
