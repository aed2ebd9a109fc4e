"""A therapist's shifts and visits as an iCalendar file (RFC 5545; name, colour and refresh after RFC 7986)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar, Event

from portal.i18n import name_of
from portal.models import BookingItem, Room, Shift, StaffMember, Venue
from portal.models.booking_states import CANCELLED

# How often a calendar program should come back; most come when they like.
REFRESH = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Visit:
    """A treatment of hers. `revision` counts what happened to its booking, `changed_at` says when it last did.

    `is_gone`: it was cancelled, or is a colleague's now.
    """

    item: BookingItem
    revision: int
    changed_at: datetime
    is_gone: bool


def calendar_of(
    member: StaffMember,
    visits: Iterable[Visit],
    shifts: Iterable[Shift],
    *,
    language: str,
    with_surname: bool,
    since: datetime,
) -> bytes:
    """The file, in `language`. The same facts give the same bytes: each entry carries the instant of its last change
    as its stamp, and shifts, of which none is known, carry `since`.

    Guests appear under their first names unless `with_surname`; notes, phones and health never do.
    """
    with force_locale(language):
        calendar = Calendar()
        calendar.add("prodid", "-//Thermes//Thermes//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        for name in ("name", "x-wr-calname"):
            calendar.add(name, _("Thermes – %(name)s", name=member.first_name))
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT15M")
        for shift in shifts:
            calendar.add_component(_shift(shift, since))
        for visit in visits:
            calendar.add_component(_visit(visit, with_surname=with_surname))
        calendar.add_missing_timezones()
        return bytes(calendar.to_ical())


def _visit(visit: Visit, *, with_surname: bool) -> Event:
    item, booking = visit.item, visit.item.booking
    event = _event(str(item.uuid), booking.venue, item.starts_at, item.ends_at, stamp=visit.changed_at)
    event.add("last-modified", visit.changed_at)
    event.add("sequence", visit.revision)
    treatment = name_of(item.treatment, at=booking.venue)
    event.add("summary", ", ".join(filter(None, (_guest(item, with_surname=with_surname), treatment))))
    event.add("location", ", ".join(filter(None, (_rooms(item), name_of(booking.venue), booking.venue.address))))
    event.add("status", "CANCELLED" if visit.is_gone else "CONFIRMED" if not item.therapists_missing else "TENTATIVE")
    event.add("transp", "TRANSPARENT" if visit.is_gone else "OPAQUE")
    event.add("class", "PRIVATE")
    if item.guest_count > 1 and booking.customer is not None:
        event.add("description", _("For %(count)d guests", count=item.guest_count))
    return event


def _shift(shift: Shift, stamp: datetime) -> Event:
    event = _event(str(shift.uuid), shift.venue, shift.starts_at, shift.ends_at, stamp=stamp)
    event.add("summary", _("Shift, %(venue)s", venue=name_of(shift.venue)))
    event.add("location", ", ".join(filter(None, (name_of(shift.venue), shift.venue.address))))
    event.add("transp", "TRANSPARENT")
    return event


def _event(uid: str, venue: Venue, starts_at: datetime, ends_at: datetime, *, stamp: datetime) -> Event:
    zone = ZoneInfo(venue.timezone)
    event = Event()
    event.add("uid", f"{uid}@thermes")
    event.add("dtstamp", stamp)
    event.add("dtstart", starts_at.astimezone(zone))
    event.add("dtend", ends_at.astimezone(zone))
    return event


def _guest(item: BookingItem, *, with_surname: bool) -> str:
    guest = item.booking.customer
    if guest is None:
        return ""
    return guest.name if with_surname else guest.first_name or ""


def _rooms(item: BookingItem) -> str:
    rooms = (claim.resource for claim in item.claims if claim.active)
    return ", ".join(name_of(room) for room in rooms if isinstance(room, Room))


def is_gone(item: BookingItem, member: StaffMember) -> bool:
    """Whether the visit is no longer hers, or no longer at all."""
    return item.booking.status == CANCELLED or not item.is_served_by(member)
