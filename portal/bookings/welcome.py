"""Whether a guest is welcome: whom the desk has blocked nobody books but a manager with a reason."""

from __future__ import annotations

from portal.bookings.errors import GuestBlocked
from portal.bookings.request import Request
from portal.models import Customer

PARTNER = "partner"


def check_welcome(wish: Request) -> dict[str, str]:
    """What the history says of a flagged guest who is booked. Raises GuestBlocked.

    A partner is promised every slot that he is shown, whoever comes: his guest is booked, and the desk is told.
    """
    guest = wish.customer
    if guest is None or not guest.is_blocked:
        return {}
    if wish.channel == PARTNER:
        return {"flagged": "blocked"}
    if not wish.despite:
        raise GuestBlocked(guest)
    return {"despite": wish.despite}


def check_member(guest: Customer) -> None:
    """Whether she may join a class. Raises GuestBlocked."""
    if guest.is_blocked:
        raise GuestBlocked(guest)
