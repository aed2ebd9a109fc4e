"""What an occurrence is made from: a wish as plain JSON, and back again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.bookings.request import Request
from portal.customers.queries import find_customer
from portal.models import Booking, Series, Venue
from portal.series.queries import find_therapists, find_variant
from portal.team.queries import find_room

_PLAIN = (
    "price_minor", "channel", "guest_count", "guest_language", "notes", "room_number", "client_type",
    "payment_method", "gender_preference", "test",
)  # fmt: skip


def template_of(wish: Request) -> dict[str, Any]:
    """The wish without its time."""
    return {name: getattr(wish, name) for name in _PLAIN} | {
        "variant": str(wish.variant.uuid),
        "then": [str(variant.uuid) for variant in wish.then],
        "customer": str(wish.customer.uuid) if wish.customer else None,
        "room": str(wish.room.uuid) if wish.room else None,
        "therapists": [str(member.uuid) for member in wish.therapists],
        "requested": str(wish.requested.uuid) if wish.requested else None,
        "moves": {},
    }


def wish_of(venue: Venue, series: Series, starts_at: datetime) -> Request | None:
    """What is asked for at that instant; None once the treatment, the guest or a therapist is no longer there."""
    kept = series.template
    variants = [find_variant(venue, UUID(one)) for one in (kept["variant"], *kept["then"])]
    then = tuple(one for one in variants[1:] if one is not None)
    customer = find_customer(venue, UUID(kept["customer"])) if kept["customer"] else None
    room = find_room(venue, UUID(kept["room"])) if kept["room"] else None
    therapists = find_therapists(venue, [UUID(one) for one in kept["therapists"]])
    asked_for = find_therapists(venue, [UUID(kept["requested"])]) if kept.get("requested") else []
    first = variants[0]
    if first is None or len(then) < len(kept["then"]) or len(therapists) < len(kept["therapists"]):
        return None
    if (kept["customer"] and customer is None) or (kept["room"] and room is None):
        return None
    return Request(
        variant=first, starts_at=starts_at, customer=customer, room=room, therapists=tuple(therapists), then=then,
        requested=next(iter(asked_for), None), desk=True, **{name: kept[name] for name in _PLAIN},
    )  # fmt: skip


def wish_like(booking: Booking) -> Request:
    """The wish that would make such a booking again: same treatments, guest, therapists; any room unless pinned."""
    first = booking.items[0]
    pinned = next((claim.resource for claim in first.claims if claim.active and claim.resource.kind == "room"), None)
    return Request(
        variant=first.variant,
        starts_at=booking.starts_at,
        customer=booking.customer,
        price_minor=booking.price_minor,
        channel="desk",
        guest_count=booking.guest_count,
        guest_language=booking.guest_language,
        notes=booking.notes,
        room_number=booking.room_number,
        client_type=booking.client_type,
        gender_preference=first.gender_preference,
        therapists=tuple(one.member for one in first.current_assignments),
        requested=first.requested,
        room=pinned if first.room_pinned else None,  # type: ignore[arg-type]  # a resource of kind room is a Room
        then=tuple(item.variant for item in booking.items[1:]),
        test=booking.test,
        desk=True,
    )


def local_wall(instant: datetime, venue: Venue) -> datetime:
    """What the venue's clock shows, naive."""
    return instant.astimezone(ZoneInfo(venue.timezone)).replace(tzinfo=None)


def first_wall(series: Series) -> datetime:
    """The local time of the first occurrence, from which the rule counts."""
    return datetime.fromisoformat(series.first)


def moved_wall(series: Series, wall: datetime) -> datetime:
    """Where an occurrence of the rule stands after «this and following» were moved."""
    minutes = 0
    for since, shift in sorted(series.template.get("moves", {}).items()):
        if wall.date() >= date.fromisoformat(since):
            minutes = shift
    return wall + timedelta(minutes=minutes)
