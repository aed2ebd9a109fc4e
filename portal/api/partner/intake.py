"""From a partner's wish to a booking: the guest is recognised and the slot reserved in one transaction."""

from __future__ import annotations

from portal.api.partner.queries import CHANNEL, find_pushed
from portal.api.partner.wishes import Wish
from portal.audit import Actor
from portal.bookings.creation import request_booking
from portal.bookings.errors import DuplicateExternalId
from portal.bookings.request import Request
from portal.customers.service import match_customer
from portal.database import atomic
from portal.models import Booking, Variant, Venue

# Whoever the guest is: partners collect the money and are billed.
PAYMENT_METHOD = "partner_billed"
PAYMENT_STATUS = "paid"


def receive_booking(venue: Venue, variant: Variant, wish: Wish, *, by: Actor) -> tuple[Booking, bool]:
    """The booking for a wish, and whether it is new: a twin with the same external id may have been faster.

    Raises SlotUnavailable, and DuplicateExternalId while the twin cannot be read yet. A refusal leaves no guest behind.
    """
    try:
        return _book(venue, variant, wish, by=by), True
    except DuplicateExternalId:
        twin = find_pushed(venue, wish.external_id or "")
        if twin is None:
            raise
        return twin, False


@atomic
def _book(venue: Venue, variant: Variant, wish: Wish, *, by: Actor) -> Booking:
    customer = match_customer(venue.organisation, wish.guest)
    request = Request(
        variant=variant,
        starts_at=wish.starts_at,
        customer=customer,
        price_minor=wish.price_minor,
        channel=CHANNEL,
        guest_count=wish.guest_count,
        guest_language=wish.guest.language,
        notes=wish.notes,
        external_id=wish.external_id,
        external_reference=wish.external_reference,
        client_type=wish.client_type,
        payment_method=PAYMENT_METHOD,
        payment_status=PAYMENT_STATUS,
        test=by.api_key is not None and by.api_key.test,
    )
    return request_booking(venue, request, by=by)
