"""What a partner asks for: the body of a booking, read member by member in the order of the contract's table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel.numbers import get_currency_precision

from portal.api.partner.errors import Refused, Unprocessable
from portal.api.partner.queries import MAX_EXTERNAL
from portal.api.schema import parse_decimal, parse_instant, parse_integer
from portal.clock import now
from portal.customers.emails import is_email
from portal.customers.names import is_name
from portal.customers.phones import parse_phone
from portal.customers.service import GuestDetails
from portal.database import is_storable
from portal.i18n import LANGUAGES
from portal.models import Venue
from portal.models.booking_states import CLIENT_TYPES
from portal.uuids import as_uuid

MAX_NOTES = 500
MAX_GUESTS = 20
MAX_AMOUNT = Decimal("99999999.99")
MAX_MINOR = 9_999_999_999

VARIANT_ID = "`variant_id` must be a valid UUID"
START_AT_MISSING = "`start_at` is required"
START_AT_INVALID = "`start_at` must be an ISO 8601 datetime"
START_AT_PAST = "`start_at` must be in the future"
GUEST_COUNT = "`guest_count` must be an integer between 1 and 20"
GUEST = "`guest` is required"
FIRST_NAME = "`guest.first_name` is required and must contain only letters"
LAST_NAME = "`guest.last_name` is required and must contain only letters"
PHONE = "`guest.phone` is required (E.164, e.g. +33612345678)"
EMAIL = "`guest.email` is invalid"
NOTES = "`notes` must be at most 500 characters"
EXTERNAL_REFERENCE = "`external_reference` must be at most 255 characters"
EXTERNAL_ID = "`external_id` must be at most 255 characters"
PRICE_PAID = "`price_paid` is required"
AMOUNT = "`price_paid.amount` must be a positive number (major units, e.g. 120.00)"
CURRENCY = "`price_paid.currency` must be a 3-letter ISO code"
OTHER_CURRENCY = "price_paid.currency must match the venue currency ({currency})"
TEXTS = (
    VARIANT_ID, START_AT_MISSING, START_AT_INVALID, START_AT_PAST, GUEST_COUNT, GUEST, FIRST_NAME, LAST_NAME, PHONE,
    EMAIL, NOTES, EXTERNAL_REFERENCE, EXTERNAL_ID, PRICE_PAID, AMOUNT, CURRENCY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """A booking as a partner asks for it. Money in minor units of the venue's currency."""

    variant_id: UUID
    starts_at: datetime
    guest_count: int
    guest: GuestDetails
    notes: str | None
    external_reference: str | None
    external_id: str | None
    price_minor: int

    @property
    def client_type(self) -> str:
        """The text before the first dot of the reference where that is a known type."""
        prefix = (self.external_reference or "").partition(".")[0].lower()
        return prefix if prefix in CLIENT_TYPES else "external"


def read_external_id(body: dict[str, Any]) -> str | None:
    """The idempotency key, None when there is none that could be known."""
    value = body.get("external_id")
    return value if isinstance(value, str) and 0 < len(value) <= MAX_EXTERNAL and is_storable(value) else None


def read_wish(body: dict[str, Any], venue: Venue) -> Wish:
    """The wish in the body. Raises Refused with the text of the first member that breaks its rule, Unprocessable."""
    return Wish(
        _variant_id(body),
        _starts_at(body),
        _guest_count(body),
        _guest(body, venue),
        _text(body, "notes", MAX_NOTES, NOTES),
        _text(body, "external_reference", MAX_EXTERNAL, EXTERNAL_REFERENCE),
        _text(body, "external_id", MAX_EXTERNAL, EXTERNAL_ID),
        _price_minor(body, venue),
    )


def _variant_id(body: dict[str, Any]) -> UUID:
    variant_id = as_uuid(body.get("variant_id"))
    if variant_id is None:
        raise Refused(VARIANT_ID)
    return variant_id


def _starts_at(body: dict[str, Any]) -> datetime:
    value = body.get("start_at")
    if value is None or value == "":
        raise Refused(START_AT_MISSING)
    starts_at = parse_instant(value)
    if starts_at is None:
        raise Refused(START_AT_INVALID)
    if starts_at <= now():
        raise Refused(START_AT_PAST)
    return starts_at


def _guest_count(body: dict[str, Any]) -> int:
    value = body.get("guest_count")
    count = 1 if value is None else parse_integer(value, least=1, most=MAX_GUESTS)
    if count is None:
        raise Refused(GUEST_COUNT)
    return count


def _guest(body: dict[str, Any], venue: Venue) -> GuestDetails:
    guest = body.get("guest")
    if not isinstance(guest, dict):
        raise Refused(GUEST)
    return GuestDetails(
        first_name=_name(guest, "first_name", FIRST_NAME),
        last_name=_name(guest, "last_name", LAST_NAME),
        phone=_phone(guest, venue),
        email=_email(guest),
        language=_language(guest),
    )


def _name(guest: dict[str, Any], member: str, refusal: str) -> str:
    value = guest.get(member)
    name = value.strip() if isinstance(value, str) else ""
    if not is_name(name):
        raise Refused(refusal)
    return name


def _phone(guest: dict[str, Any], venue: Venue) -> str:
    value = guest.get("phone")
    phone = parse_phone(value, venue.country) if isinstance(value, str) else None
    if phone is None:
        raise Refused(PHONE)
    return phone


def _email(guest: dict[str, Any]) -> str | None:
    value = guest.get("email")
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not is_email(value):
        raise Refused(EMAIL)
    return value


def _language(guest: dict[str, Any]) -> str:
    value = guest.get("language")
    return value if isinstance(value, str) and value in LANGUAGES else "fr"


def _text(body: dict[str, Any], member: str, longest: int, refusal: str) -> str | None:
    value = body.get(member)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > longest or not is_storable(value):
        raise Refused(refusal)
    return value


def _price_minor(body: dict[str, Any], venue: Venue) -> int:
    price = body.get("price_paid")
    if not isinstance(price, dict):
        raise Refused(PRICE_PAID)
    precision = get_currency_precision(venue.currency)
    amount = parse_decimal(price.get("amount"), most=MAX_AMOUNT, decimals=min(precision, 2))
    if amount is None or (minor := int(amount.scaleb(precision))) > MAX_MINOR:
        raise Refused(AMOUNT)
    currency = price.get("currency")
    if not (isinstance(currency, str) and len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise Refused(CURRENCY)
    if currency.upper() != venue.currency:
        raise Unprocessable(OTHER_CURRENCY.format(currency=venue.currency))
    return minor
