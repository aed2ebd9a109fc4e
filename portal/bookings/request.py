"""What is asked for, and the rows it becomes once it is granted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from portal.audit import Actor
from portal.bookings.availability import Grant
from portal.bookings.slots.assembly import need_of
from portal.bookings.slots.facts import Need, Work
from portal.bookings.slots.intervals import epoch
from portal.models import Booking, BookingItem, Customer, Participant, Room, StaffMember, Variant, Venue
from portal.models.booking_states import PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for. Money in minor units of the venue's currency.

    `desk` is the desk's freedom: off the grid and without notice. `then` are treatments that follow the first without
    a pause. `therapists` serve all of it and are reserved at once, the others are asked; `room` is where it begins.
    `requested` is whom the guest asked for: she is asked first, unless she is among those who are reserved. With an
    `overbook_reason` it is booked even where there is no place for it; `despite` is why a blocked guest is booked all
    the same. `uuid` is the booking's own to be.
    """

    variant: Variant
    starts_at: datetime
    customer: Customer | None
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
    desk: bool = False
    then: tuple[Variant, ...] = ()
    therapists: tuple[StaffMember, ...] = ()
    requested: StaffMember | None = None
    room: Room | None = None
    overbook_reason: str | None = None
    despite: str | None = None
    uuid: UUID | None = None

    @property
    def ends_at(self) -> datetime:
        """The end of its last treatment."""
        return self.starts_at + timedelta(minutes=sum(one.duration for one in (self.variant, *self.then)))

    @property
    def therapist_ids(self) -> frozenset[int]:
        """The chosen therapists as resources."""
        return frozenset(member.resource_id for member in self.therapists if member.resource_id is not None)

    def need(self, venue: Venue, variant: Variant | None = None, *, rooms: frozenset[int] | None = None) -> Need:
        """What its first treatment, or another one, asks of the venue."""
        variant = variant or self.variant
        if rooms is None and self.room is not None and variant is self.variant:
            rooms = frozenset({self.room.id})
        need = need_of(venue, variant, guests=self.guest_count, gender=self.gender_preference)
        return replace(need, rooms=rooms, therapists=self.therapist_ids)

    def work(self, venue: Venue, grant: Grant, variant: Variant | None = None) -> Work:
        """It as its therapists see it."""
        start, end = epoch(grant.starts_at), epoch(grant.ends_at)
        return Work(venue.id, start, end, (variant or self.variant).treatment_id, self.gender_preference)


def granted(venue: Venue, wish: Request, grant: Grant, *, by: Actor, at: datetime) -> Booking:
    """The pending booking with its item, not yet saved and without a number."""
    return Booking(
        uuid=wish.uuid or uuid4(),
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
        items=[item_of(venue, wish, wish.variant, grant)],
        participants=seats(venue, wish.customer, wish.guest_count, at=at),
    )


def seats(venue: Venue, customer: Customer | None, guests: int, *, at: datetime) -> list[Participant]:
    """Of a booking for several: the guest it stands under, and those whose names nobody has told yet."""
    if guests == 1:
        return []
    return [
        Participant(
            organisation_id=venue.organisation_id, venue_id=venue.id, position=position, joined_at=at,
            customer=None if position else customer,
        )
        for position in range(guests)
    ]  # fmt: skip


def item_of(venue: Venue, wish: Request, variant: Variant, grant: Grant, *, position: int = 0) -> BookingItem:
    """One treatment of the booking, not yet saved and without its claims."""
    treatment = variant.treatment
    return BookingItem(
        organisation_id=venue.organisation_id,
        venue_id=venue.id,
        treatment=treatment,
        variant=variant,
        position=position,
        starts_at=grant.starts_at,
        ends_at=grant.ends_at,
        buffer_minutes=max(venue.room_turnover_buffer_minutes, treatment.buffer_minutes),
        guest_count=wish.guest_count,
        price_minor=wish.price_minor if not wish.then else variant.price_minor,
        gender_preference=wish.gender_preference,
        requested=wish.requested,
        requested_id=wish.requested.id if wish.requested else None,
        room_pinned=wish.room is not None and not position,
        out_of_hours=grant.out_of_hours,
        therapists_assigned=0,
        assignments=[],
    )
