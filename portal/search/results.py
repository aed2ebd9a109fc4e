"""What the search shows: who is in the spa, bookings by time, and guests without a booking here."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

import portal.clock as clock
from portal.models import Booking, Venue
from portal.search.queries import count_present, find_bookings, find_strangers, list_present

MOST_BOOKINGS, MOST_GUESTS = 20, 8
TODAY, UPCOMING, PAST = "today", "upcoming", "past"


def results(venue: Venue, text: str, *, present: bool) -> dict[str, Any]:
    """The context of `search/find.html`: five statements at most. `present` asks for those in the spa now."""
    text, at = text.strip(), clock.now()
    found = list_present(venue, at, limit=100) if present else find_bookings(venue, text, limit=MOST_BOOKINGS + 1)
    shown = found if present else found[:MOST_BOOKINGS]
    return {
        "venue": venue,
        "q": text,
        "present": present,
        "present_count": count_present(venue, at),
        "bookings": [(when, list(some)) for when, some in groupby(shown, lambda one: _when(venue, one))],
        "more": len(found) > len(shown),
        "guests": [] if present else find_strangers(venue, text, limit=MOST_GUESTS),
        "day_of": lambda booking: _day(venue, booking),
        "therapists_of": therapists_of,
        "state_of": state_of,
    }


def therapists_of(booking: Booking) -> str:
    """Who serves it, each once."""
    names = [assignment.member.first_name for item in booking.items for assignment in item.current_assignments]
    return ", ".join(dict.fromkeys(names))


def state_of(booking: Booking) -> str:
    """The state as the desk sees it: an arrival shows before the treatment begins."""
    return "arrived" if booking.arrived_at and booking.is_open else booking.status


def _when(venue: Venue, booking: Booking) -> str:
    day, today = _day(venue, booking), venue.today()
    return TODAY if day == today else UPCOMING if day > today else PAST


def _day(venue: Venue, booking: Booking) -> date:
    return clock.local_date(booking.starts_at, venue.timezone)
