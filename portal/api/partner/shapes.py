"""The members of every object in the partner API's answers: what payloads.py builds and openapi.py describes."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from portal.i18n import LANGUAGES
from portal.models.booking_states import CLIENT_TYPES, PAYMENT_METHODS, PAYMENT_STATUSES, STATUSES


def _format(name: str) -> Any:
    return Field(json_schema_extra={"format": name})


def _one_of(words: tuple[str, ...]) -> Any:
    return Field(json_schema_extra={"enum": list(words)})


Uuid = Annotated[str, _format("uuid")]
Instant = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", json_schema_extra={"format": "date-time"})]
Day = Annotated[str, _format("date")]
LocalTime = Annotated[str, Field(pattern=r"^\d\d:\d\d:\d\d$")]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217")]
MajorText = Annotated[str, Field(pattern=r"^\d+\.\d\d$")]
Weekdays = Annotated[list[int], Field(description="0 = Sunday … 6 = Saturday")]
Status = Annotated[str, _one_of(STATUSES)]
ClientType = Annotated[str, _one_of(CLIENT_TYPES)]
PaymentMethod = Annotated[str, _one_of(PAYMENT_METHODS)]
PaymentStatus = Annotated[str, _one_of(PAYMENT_STATUSES)]
Language = Annotated[str, _one_of(LANGUAGES)]
VenueType = Annotated[str, _one_of(("hotel", "spa"))]
Sandbox = Annotated[Literal[True], Field(description="Only on bookings of sandbox keys.")]


class Price(TypedDict):
    """An amount in major units."""

    amount: float
    currency: Currency


class MinorPrice(TypedDict):
    """An amount in minor units."""

    amount: int
    currency: Currency


class PriceText(TypedDict):
    """An amount in major units, written with two decimals."""

    amount: MajorText
    currency: Currency


class VenueRow(TypedDict):
    """A venue in the list."""

    id: Uuid
    slug: str
    name: str
    name_en: str | None
    description: str | None
    description_en: str | None
    address: str | None
    postal_code: str | None
    city: str | None
    country: Annotated[str | None, Field(description="ISO 3166-1 alpha-2")]
    currency: Currency
    venue_type: VenueType
    timezone: Annotated[str | None, Field(description="IANA")]
    image: str | None
    cover_image: str | None


class VenueDetail(TypedDict):
    """A venue with its rules. Times are local, percents are numbers."""

    id: Uuid
    slug: str
    name: str
    image: str | None
    cover_image: str | None
    city: str | None
    country: str | None
    currency: Currency
    venue_type: VenueType
    description: str | None
    landing_subtitle: str | None
    timezone: str
    status: str
    vat: float
    opening_time: LocalTime
    closing_time: LocalTime
    slot_interval: Annotated[int, Field(description="minutes")]
    schedule_type: Annotated[str, _one_of(("always_open", "specific_days", "one_time"))]
    days_of_week: Weekdays | None
    recurrence_interval: Annotated[int, Field(description="every N weeks")]
    recurring_start_date: Day | None
    recurring_end_date: Day | None
    offert: bool
    booking_hold_enabled: bool
    booking_hold_duration_minutes: Annotated[int, Field(ge=1, le=15)] | None
    allow_out_of_hours_booking: bool
    out_of_hours_surcharge_percent: int | None


class VariantRow(TypedDict):
    """One way to take a treatment."""

    id: Uuid
    label: str
    label_en: str | None
    duration: Annotated[int, Field(description="minutes")]
    price: float | None
    price_on_request: bool
    guest_count: Annotated[int, Field(ge=1, le=2)]
    is_default: bool
    sort_order: int | None


class TreatmentRow(TypedDict):
    """A treatment; duration and price are those of its default variant."""

    id: Uuid
    slug: str | None
    name: str
    name_en: str | None
    description: str | None
    description_en: str | None
    category: str | None
    service_for: str | None
    duration: Annotated[int, Field(description="minutes")]
    price: Annotated[float | None, Field(description="null when on request")]
    price_on_request: bool
    currency: Currency
    lead_time: Annotated[int | None, Field(description="minutes")]
    image: str | None
    sort_order: int | None
    is_bestseller: bool
    is_addon: Annotated[bool, Field(description="only with another treatment")]
    is_bundle: bool
    bundle_id: str | None
    available_days: Annotated[Weekdays | None, Field(description="null = every day")]
    variants: list[VariantRow]


class SlotRow(TypedDict):
    """A start time that can be had; the capacity counts guests."""

    time: Annotated[str, Field(pattern=r"^\d\d:\d\d$")]
    out_of_hours: bool
    available_capacity: Annotated[int, Field(ge=1)]


class DaySlots(TypedDict):
    """One local date."""

    venue_id: Uuid
    date: Day
    slots: list[SlotRow]


class VariantDaySlots(DaySlots):
    """One local date, for a variant."""

    treatment_id: Uuid
    variant_id: Uuid


# `from` is a word of Python: the members of a range are written as a mapping.
OpenDays = TypedDict("OpenDays", {"venue_id": Uuid, "from": Day, "to": Day, "days": list[Day]})


class VariantOpenDays(OpenDays):
    """The dates with at least one slot, for a variant."""

    treatment_id: Uuid
    variant_id: Uuid


class CreatedBooking(TypedDict):
    """What the creation of a booking is answered with, and its replay."""

    id: Uuid
    booking_number: int
    status: Status
    start_at: Instant
    variant_id: Uuid
    guest_count: int
    external_reference: str | None
    external_id: str | None
    total_price: Price
    payment_method: PaymentMethod | None
    payment_status: PaymentStatus
    client_type: ClientType
    test: NotRequired[Sandbox]


class GuestOfBooking(TypedDict):
    """Who comes."""

    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    language: Language
    room_number: str | None


class TherapistOfBooking(TypedDict):
    """Who serves: the one who accepted first."""

    id: Uuid
    assigned_at: Instant


class Cancellation(TypedDict):
    """What a cancellation cost, with the policy in the guest's language."""

    fee: Price
    policy: str
    cancelled_at: Instant


class BookingDetail(TypedDict):
    """A booking."""

    id: Uuid
    booking_number: int
    status: Status
    venue_id: Uuid
    treatment_id: Uuid
    variant_id: Uuid
    start_at: Instant
    end_at: Instant
    duration: Annotated[int, Field(description="minutes")]
    guest_count: int
    guest: GuestOfBooking
    therapist: TherapistOfBooking | None
    notes: str | None
    external_reference: str | None
    external_id: str | None
    price: MinorPrice
    total_price: Price
    client_type: ClientType
    payment_method: PaymentMethod | None
    payment_status: PaymentStatus
    created_at: Instant
    updated_at: Instant
    cancellation: Cancellation | None
    test: NotRequired[Sandbox]


class CustomerRow(TypedDict):
    """A guest as this venue knows her."""

    id: Uuid
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    language: Language
    preferred_treatment_type: str | None
    profile_completed: bool
    booking_count: int
    last_visit_date: Day | None
    total_spent: PriceText
    created_at: Instant
    updated_at: Instant


class TreatmentOfRow(TypedDict):
    """A treatment of a booking in a guest's history."""

    id: Uuid | None
    name: str
    label: str | None
    duration: int | None
    price: PriceText | None


class HistoryRow(TypedDict):
    """A booking in a guest's history. Date and time are local."""

    id: Uuid
    booking_number: int
    booking_date: Day
    booking_time: LocalTime
    duration: int | None
    status: Status
    payment_method: PaymentMethod | None
    payment_status: PaymentStatus
    client_type: ClientType
    total_price: PriceText
    room_number: str | None
    treatments: list[TreatmentOfRow]
    created_at: Instant
    test: NotRequired[Sandbox]


class Meta(TypedDict):
    """The page that was applied."""

    page: int
    limit: int
    total: int
