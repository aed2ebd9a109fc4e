"""What is asked for, and the rows it becomes once it is granted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from portal.audit import Actor
from portal.bookings.availability import Grant
from portal.bookings.slots.assembly import need_of
from portal.bookings.slots.facts import Need, Work
from portal.bookings.slots.intervals import epoch
from portal.models import Booking, BookingItem, Customer, Variant, Venue
from portal.models.booking import PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for. Money in minor units of the venue's currency; `on_grid=False` is the desk's freedom."""

    variant: Variant
    starts_at: datetime
    customer: Customer
    price_minor: int
    channel: str
    guest_count: int = 1
    guest_language: str = "fr"
    notes: str | None = None
    room_number: str | None = None
    external_id: str | None = None
    external_reference: str | None = None
    client_type: str = "external"
    payment_method: str | None = None
    payment_status: str = "pending"
    gender_preference: str | None = None
    test: bool = False
    on_grid: bool = True

    def need(self, venue: Venue) -> Need:
        """What it asks of the venue."""
        return need_of(venue, self.variant, guests=self.guest_count, gender=self.gender_preference)

    def work(self, venue: Venue, grant: Grant) -> Work:
        """It as its therapists see it."""
        start, end = epoch(grant.starts_at), epoch(grant.ends_at)
        return Work(venue.id, start, end, self.variant.treatment_id, self.gender_preference)


def granted(venue: Venue, wish: Request, grant: Grant, *, by: Actor, at: datetime) -> Booking:
    """The pending booking with its item, not yet saved and without a number."""
    return Booking(
        uuid=uuid4(),
        organisation_id=venue.organisation_id,
        venue=venue,
        customer=wish.customer,
        status=PENDING,
        channel=wish.channel,
        api_key_id=by.api_key.id if by.api_key else None,
        created_by_id=by.member.id if by.member else None,
        test=wish.test,
        external_id=wish.external_id,
        external_reference=wish.external_reference,
        client_type=wish.client_type,
        payment_method=wish.payment_method,
        payment_status=wish.payment_status,
        price_minor=wish.price_minor,
        currency=venue.currency,
        guest_count=wish.guest_count,
        guest_language=wish.guest_language,
        room_number=wish.room_number,
        notes=wish.notes,
        starts_at=grant.starts_at,
        ends_at=grant.ends_at,
        cancellation_tiers=venue.cancellation_tiers,
        created_at=at,
        updated_at=at,
        items=[_item(venue, wish, grant)],
    )


def _item(venue: Venue, wish: Request, grant: Grant) -> BookingItem:
    treatment = wish.variant.treatment
    return BookingItem(
        organisation_id=venue.organisation_id,
        venue_id=venue.id,
        treatment=treatment,
        variant=wish.variant,
        starts_at=grant.starts_at,
        ends_at=grant.ends_at,
        buffer_minutes=max(venue.room_turnover_buffer_minutes, treatment.buffer_minutes),
        guest_count=wish.guest_count,
        price_minor=wish.price_minor,
        gender_preference=wish.gender_preference,
        out_of_hours=grant.out_of_hours,
        therapists_assigned=0,
        assignments=[],
    )
