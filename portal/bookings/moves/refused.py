"""What the desk can do about a refusal: another time, pushing the next visits, or, for managers, booking anyway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _

from portal.access import Permission, can
from portal.audit import Actor
from portal.bookings.errors import SlotUnavailable
from portal.bookings.overbooking import BENDABLE
from portal.bookings.pushing import CannotPush, Push, TooMuch, pushes_needed, resize_and_push
from portal.bookings.refusals import sentence
from portal.bookings.slots.request import Reason
from portal.database import rehearse
from portal.errors import PortalError
from portal.i18n import clock_time
from portal.models import Booking, BookingItem, StaffMember, Venue


class Pushed(NamedTuple):
    """Who would begin later: from when to when."""

    guest: str
    was: str
    start: str


@dataclass(frozen=True, slots=True)
class Pushing:
    """The visits that would have to make way for a longer one, and what says so in a form; or why they cannot."""

    visits: list[Pushed]
    agreed: str = ""
    why_not: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The sentence, the ways out, and the form that tries again: its address and what it sends."""

    sentence: str
    action: str
    fields: Mapping[str, str]
    alternatives: list[datetime] = field(default_factory=list)
    pushing: Pushing | None = None
    bendable: bool = False
    may_overbook: bool = False


def refused(
    venue: Venue, error: SlotUnavailable, *, reader: StaffMember, action: str, fields: Mapping[str, str],
    starts: list[datetime], pushing: Pushing | None = None,
) -> Refused:  # fmt: skip
    """The refusal for this reader, with the starts that could be had instead."""
    return Refused(
        sentence=_why(venue, error),
        action=action,
        fields=fields,
        alternatives=starts,
        pushing=pushing,
        bendable=Reason(error.reason) in BENDABLE,
        may_overbook=can(reader, Permission.BOOKING_OVERBOOK),
    )


def pushing(venue: Venue, *, booking: Booking, item: BookingItem, minutes: int, member: StaffMember) -> Pushing | None:
    """Whom the length runs into, if they can make way for it: it is tried out. None where that would not help."""
    by = Actor.of_member(member, door="agenda")
    try:
        pushes = pushes_needed(venue, booking=booking, minutes=minutes, item=item)
        agreed = {push.booking.uuid: push.starts_at for push in pushes}
        if agreed:
            rehearse(lambda: resize_and_push(venue, booking=booking, minutes=minutes, agreed=agreed, by=by, item=item))
    except CannotPush as no:
        return Pushing([], why_not=_why(venue, no))
    except TooMuch as no:
        return Pushing([], why_not=str(no.message))
    except PortalError:
        return None
    if not pushes:
        return None
    sent = ",".join(f"{uuid}={starts_at.isoformat()}" for uuid, starts_at in agreed.items())
    return Pushing([_pushed(venue, push) for push in pushes], sent)


def guest_of(booking: Booking) -> str:
    """Whom a sentence about the booking names."""
    return booking.guest_name or _("Guest without a name")


def _why(venue: Venue, error: SlotUnavailable) -> str:
    told = sentence(venue, error)
    if not isinstance(error, CannotPush):
        return told
    at = clock_time(error.push.starts_at, venue.timezone)
    return _("%(name)s cannot begin at %(time)s: %(why)s", name=guest_of(error.push.booking), time=at, why=told)


def _pushed(venue: Venue, push: Push) -> Pushed:
    was, start = (clock_time(at, venue.timezone) for at in (push.was, push.starts_at))
    return Pushed(guest_of(push.booking), was, start)
