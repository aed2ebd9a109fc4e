"""What happened with a guest, in one line of time: her bookings and their payments, her data, messages to her."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.bookings.words import DOOR_WORDS, event_sentence
from portal.messages.log import KIND_WORDS, STATUS_WORDS
from portal.models import AuditEntry, BookingEvent, Customer, GuestMessage, Organisation, Venue
from portal.profile.queries import list_events, list_messages, list_trail
from portal.profile.words import trail_sentence


@dataclass(frozen=True, slots=True)
class Moment:
    """One line: what, by whom and through which door; the number of the booking and the venue it is about."""

    at: datetime
    what: str
    who: str = ""
    door: str = ""
    icon: str = "circle"
    number: int | None = None
    booking: object | None = None
    venue: Venue | None = None


def timeline(
    organisation: Organisation,
    venues: Sequence[Venue],
    customer: Customer,
    hers: Sequence[int],
    *,
    health: bool,
    limit: int,
    before: datetime | None = None,
) -> tuple[list[Moment], datetime | None]:
    """The newest lines about her and the bookings that are `hers`, and the instant before which there are more.

    With `before` those older than that. Three statements; lines of the same instant stay together.
    """
    most = limit + 20
    lines = [
        *(_of_event(one) for one in list_events(venues, hers, limit=most, before=before) if _is_hers(one, customer)),
        *map(_of_entry, list_trail(organisation, customer, limit=most, health=health, before=before)),
        *map(_of_message, list_messages(venues, hers, customer, limit=most, before=before)),
    ]
    lines.sort(key=lambda line: line.at, reverse=True)
    shown = lines[:limit]
    shown += [line for line in lines[limit:] if line.at == shown[-1].at]
    return shown, shown[-1].at if len(lines) > len(shown) else None


def _is_hers(event: BookingEvent, customer: Customer) -> bool:
    """Whether it is about her: of a class she has not to do with what the others did."""
    return event.booking.customer_id == customer.id or event.details.get("guest") in {None, customer.name}


def _of_event(event: BookingEvent) -> Moment:
    booking = event.booking
    icon = "coins" if event.verb == "payment" else "calendar-days"
    return Moment(
        event.at, event_sentence(event), event.actor_name, _door(event.door), icon, booking.number, booking.uuid,
        booking.venue,
    )  # fmt: skip


def _of_entry(entry: AuditEntry) -> Moment:
    icon = "heart" if entry.verb.startswith("care:") else "sticky-note" if "note" in entry.verb else "user"
    return Moment(entry.at, trail_sentence(entry), entry.actor_name, _door(entry.door), icon)


def _of_message(message: GuestMessage) -> Moment:
    what = f"{KIND_WORDS.get(message.kind, message.kind)}: {STATUS_WORDS[message.status]}"
    return Moment(message.created_at, what, message.address, "", "mail")


def _door(door: str) -> str:
    return str(DOOR_WORDS.get(door, door))
