"""What the guest box offers for what was typed: the guests that can be meant, and to create one in place."""

from __future__ import annotations

from typing import Any

from portal.customers.names import name_key
from portal.customers.queries import find_guests, usuals_of
from portal.customers.reading import TypedGuest, read_guest
from portal.customers.twins import Typed, twins_of
from portal.customers.wanted import read_wanted
from portal.models import Customer, Venue


def guest_box(venue: Venue, text: str) -> dict[str, Any]:
    """The context of `customers/_options.html`: four statements at most.

    `typed` is the guest that would be created; None without a name, and when somebody has the phone already.
    """
    found = find_guests(venue.organisation, text)
    typed = read_guest(text, venue.country)
    twins = _twins(venue, typed, found) if typed.is_somebody else []
    found = [*found, *[guest for guest, _reasons in twins]]
    taken = typed.phone is not None and any(guest.phone == typed.phone for guest in found)
    return {
        "venue": venue,
        "typed_text": text.strip(),
        "too_short": read_wanted(text).is_too_short,
        "guests": found,
        "looks_like": {guest.id: reasons for guest, reasons in twins},
        "usuals": usuals_of(venue, found),
        "typed": typed if typed.is_somebody and not taken else None,
    }


def _twins(venue: Venue, typed: TypedGuest, found: list[Customer]) -> list[tuple[Customer, str]]:
    """Guests who were not found by what was typed, and may be meant all the same."""
    address = typed.email.casefold() if typed.email else None
    meant = Typed(name_key(typed.first_name, typed.last_name), address, typed.phone)
    there = {guest.id for guest in found}
    return [(guest, why) for guest, why in twins_of(venue.organisation, meant) if guest.id not in there]
