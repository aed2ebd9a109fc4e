"""The operations of the partner API, one entry each: what openapi.py describes and the tests compare answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import portal.api.partner.cancellations as cancellations
import portal.api.partner.periods as periods
import portal.api.partner.shapes as shapes
import portal.api.partner.wishes as wishes
from portal.partners.scopes import Scope

NONE: Mapping[int, tuple[str, ...]] = MappingProxyType({})
INVALID_JSON = "Invalid JSON body"
VENUE = "Venue not found"
VARIANT = "Variant not found"
BOOKING = "BOOKING_NOT_FOUND"
OTHER_VENUE = "Forbidden"
OTHER_BOOKING = "FORBIDDEN"


@dataclass(frozen=True)
class Operation:
    """One path and method. `errors` are the texts by status, besides those that every operation has."""

    name: str
    method: str
    path: str
    scope: Scope
    summary: str
    answer: type
    status: int = 200
    many: bool = False
    paged_by: int | None = None
    dated: bool = False
    body: str | None = None
    replayed: bool = False
    or_answer: type | None = None
    errors: Mapping[int, tuple[str, ...]] = field(default_factory=lambda: NONE)


OPERATIONS = (
    Operation(
        "list_venues", "get", "/venues", Scope.VENUES_READ, "The active venues of the key, by name.",
        shapes.VenueRow, many=True,
    ),
    Operation(
        "show_venue", "get", "/venues/{venue_id}", Scope.VENUES_READ, "One venue with its rules.",
        shapes.VenueDetail, errors={403: (OTHER_VENUE,), 404: (VENUE,)},
    ),
    Operation(
        "list_treatments", "get", "/venues/{venue_id}/treatments", Scope.TREATMENTS_READ,
        "All active treatments by sort order, then name.",
        shapes.TreatmentRow, many=True, errors={403: (OTHER_VENUE,), 404: (VENUE,)},
    ),
    Operation(
        "show_availability", "get", "/venues/{venue_id}/availability", Scope.AVAILABILITY_READ,
        "Slots of one date, or the dates of a range that have one: one grid step, one guest, any skill.",
        shapes.DaySlots, or_answer=shapes.OpenDays, dated=True,
        errors={400: periods.TEXTS, 403: (OTHER_VENUE,), 404: (VENUE,)},
    ),
    Operation(
        "show_variant_availability", "get", "/venues/{venue_id}/availability/variants/{variant_id}",
        Scope.AVAILABILITY_READ,
        "The same for a variant: its duration, its guests, its qualified therapists.",
        shapes.VariantDaySlots, or_answer=shapes.VariantOpenDays, dated=True,
        errors={400: periods.TEXTS, 403: (OTHER_VENUE,), 404: (VENUE, VARIANT)},
    ),
    Operation(
        "create_booking", "post", "/venues/{venue_id}/bookings", Scope.BOOKINGS_WRITE,
        "Book a slot that the variant's availability offers for that many guests.",
        shapes.CreatedBooking, status=201, replayed=True, body="BookingRequest",
        errors={
            400: (INVALID_JSON, *wishes.TEXTS),
            403: (OTHER_VENUE,),
            404: (VENUE, VARIANT),
            409: ("slot_unavailable", "duplicate_external_id"),
            422: (wishes.OTHER_CURRENCY,),
        },
    ),
    Operation(
        "show_booking", "get", "/bookings/{booking_id}", Scope.BOOKINGS_READ,
        "A booking that was made through this API.",
        shapes.BookingDetail, errors={403: (OTHER_BOOKING,), 404: (BOOKING,)},
    ),
    Operation(
        "cancel_booking", "post", "/bookings/{booking_id}/cancel", Scope.BOOKINGS_WRITE,
        "Cancel a pending or confirmed booking; the venue's tiers decide the fee.",
        shapes.BookingDetail, body="CancellationRequest",
        errors={
            400: (INVALID_JSON, *cancellations.TEXTS),
            403: (OTHER_BOOKING,),
            404: (BOOKING,),
            422: ("BOOKING_ALREADY_CANCELLED",),
        },
    ),
    Operation(
        "list_customers", "get", "/venues/{venue_id}/customers", Scope.CUSTOMERS_READ,
        "Customers with at least one booking at the venue, by last visit, newest first, then id.",
        shapes.CustomerRow, many=True, paged_by=50, errors={403: (OTHER_VENUE,), 404: (VENUE,)},
    ),
    Operation(
        "list_customer_bookings", "get", "/venues/{venue_id}/customers/{customer_id}/bookings", Scope.BOOKINGS_READ,
        "A customer's bookings at the venue, newest first.",
        shapes.HistoryRow, many=True, paged_by=20,
        errors={403: (OTHER_VENUE,), 404: (VENUE, "Customer not found", "Customer not found in this venue")},
    ),
)  # fmt: skip
