"""What the guest box offers for what was typed: the guests that can be meant, and to create one in place."""

from __future__ import annotations

from typing import Any

from portal.customers.queries import find_guests, usuals_of
from portal.customers.reading import read_guest
from portal.customers.wanted import read_wanted
from portal.models import Venue


def guest_box(venue: Venue, text: str) -> dict[str, Any]:
    """The context of `customers/_options.html`: three statements at most.

    `typed` is the guest that would be created; None without a name, and when somebody has the phone already.
    """
    found = find_guests(venue.organisation, text)
    typed = read_guest(text, venue.country)
    taken = typed.phone is not None and any(guest.phone == typed.phone for guest in found)
    return {
        "venue": venue,
        "typed_text": text.strip(),
        "too_short": read_wanted(text).is_too_short,
        "guests": found,
        "usuals": usuals_of(venue, found),
        "typed": typed if typed.is_somebody and not taken else None,
    }
