"""The other half of the person map: the tables that hold nothing of a guest."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Each with what it holds instead.
OTHERS: Mapping[str, str] = MappingProxyType(
    {
        "api_key": "partners’ keys",
        "block": "time in which a person of the team or a room cannot be had",
        "calendar_feed": "addresses of the team’s calendars",
        "counter": "the next number of a booking",
        "email_change": "the team’s addresses",
        "event": "public sessions",
        "guest_import": "a file that is gone once it was taken over; one that waits is cancelled by an erasure",
        "live_event": "topics of open pages, for minutes",
        "login_attempt": "the team’s failed sign-ins",
        "login_link": "the team’s one-time links",
        "member_photo": "pictures of the team",
        "login_session": "the team’s sessions",
        "offer_wish": "what a therapist would like to be asked first",
        "opening_hours": "a venue’s hours",
        "organisation": "the tenant",
        "partner": "who books over the API",
        "partner_quota": "how many places a partner may take",
        "push_subscription": "the team’s browsers",
        "qualification": "what a therapist can do",
        "rate_window": "how many requests a key made",
        "recovery_code": "the team’s sign-in",
        "resource": "rooms, and the time of the team",
        "room_type": "kinds of rooms",
        "second_factor": "the team’s sign-in",
        "rota_template": "weekly patterns of working time",
        "shift": "working time",
        "shift_swap": "shifts that change hands",
        "special_day": "a venue’s days",
        "staff_member": "the team",
        "ticket_type": "what an event sells",
        "time_off": "the team’s time off",
        "treatment": "the menu",
        "variant": "the menu",
        "venue": "the sites",
        "venue_block": "when a venue is closed",
        "venue_picture": "pictures of venues",
        "venue_member": "who works where",
    }
)
