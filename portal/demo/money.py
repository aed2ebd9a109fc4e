"""Who pays how: partners bill their guests, hotel guests sign for their room, the others pay at the desk."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from portal.models import Venue

PARTNERS = ("staycation", "staycation", "classpass", "hotel", "external")
AT_THE_DESK = ("card_on_site", "card_on_site", "tap_to_pay", "cash", "external_voucher")


class Payment(NamedTuple):
    """The payment columns of a booking."""

    client_type: str
    method: str | None
    status: str
    room_number: str | None = None


def payment_for(chance: Random, venue: Venue, *, partner: bool, over: bool) -> Payment:
    """How a visit is paid; what is paid at the spa is settled once it is over."""
    if partner:
        return Payment(chance.choice(PARTNERS), "partner_billed", "paid")
    if venue.venue_type == "hotel" and chance.random() < 0.5:
        room_number = f"{chance.randint(1, 6)}{chance.randint(1, 28):02d}"
        return Payment("hotel", "room", "charged_to_room" if over else "pending_room_charge", room_number)
    if over:
        return Payment("external", chance.choice(AT_THE_DESK), "paid")
    if chance.random() < 0.2:
        return Payment("external", "card", "card_saved")
    return Payment("external", None, "pending")
