"""The bodies that the partner API reads, as JSON Schemas; what a schema cannot say stands in the descriptions."""

from __future__ import annotations

from typing import Any

from portal.api.partner.cancellations import CANCELLED_BY, MAX_REASON
from portal.api.partner.queries import MAX_EXTERNAL
from portal.api.partner.wishes import MAX_AMOUNT, MAX_GUESTS, MAX_NOTES
from portal.bookings.slots.request import Reason
from portal.customers.emails import MAX_EMAIL
from portal.customers.names import MAX_NAME


def _text(longest: int, description: str, **more: Any) -> dict[str, Any]:
    return {"type": ["string", "null"], "maxLength": longest, "description": description, **more}


_NAME = {
    "type": "string",
    "minLength": 1,
    "maxLength": MAX_NAME,
    "description": "Letters of any script, spaces, hyphens and apostrophes, with at least one letter.",
}
_GUEST = {
    "type": "object",
    "required": ["first_name", "last_name", "phone"],
    "properties": {
        "first_name": _NAME,
        "last_name": _NAME,
        "phone": {
            "type": "string",
            "minLength": 1,
            "description": "In any usual notation; without international prefix it is a number of the venue's country.",
            "examples": ["+33612345678"],
        },
        "email": _text(MAX_EMAIL, "An e-mail address; empty = absent."),
        "language": {"default": "fr", "examples": ["fr", "en"], "description": "Any other value than these is `fr`."},
    },
}
_PRICE = {
    "type": "object",
    "required": ["amount", "currency"],
    "properties": {
        "amount": {
            "type": "number",
            "minimum": 0,
            "maximum": float(MAX_AMOUNT),
            "description": "Major units, at most two decimals.",
            "examples": [120.0],
        },
        "currency": {
            "type": "string",
            "pattern": "^[A-Za-z]{3}$",
            "description": "ISO 4217; that of the venue.",
            "examples": ["EUR"],
        },
    },
}
BODIES: dict[str, dict[str, Any]] = {
    "BookingRequest": {
        "type": "object",
        "required": ["variant_id", "start_at", "guest", "price_paid"],
        "properties": {
            "variant_id": {"type": "string", "format": "uuid"},
            "start_at": {
                "type": "string",
                "format": "date-time",
                "description": "A future instant with offset, up to the year 2100.",
                "examples": ["2026-05-12T12:00:00Z"],
            },
            "guest_count": {
                "type": ["integer", "null"],
                "minimum": 1,
                "maximum": MAX_GUESTS,
                "default": 1,
                "description": "How many therapists and places are needed.",
            },
            "guest": _GUEST,
            "notes": _text(MAX_NOTES, "For the therapist."),
            "external_reference": _text(
                MAX_EXTERNAL,
                "`source.XXXX`: the text before the first dot is the `client_type` where that is a known one.",
                examples=["staycation.ABC123"],
            ),
            "external_id": _text(
                MAX_EXTERNAL,
                "Idempotency key, unique per venue: sent again, it is answered 200 with the booking it made.",
                examples=["STAYCATION-ABC123"],
            ),
            "price_paid": _PRICE,
        },
    },
    "CancellationRequest": {
        "type": "object",
        "required": ["reason"],
        "properties": {
            "reason": {"type": "string", "minLength": 1, "maxLength": MAX_REASON, "description": "Not only blanks."},
            "cancelled_by": {"enum": [*CANCELLED_BY, None], "default": CANCELLED_BY[0]},
        },
    },
}
SLOT_UNAVAILABLE: dict[str, Any] = {
    "type": "object",
    "description": "The slot cannot be had: the first reason that applies, and the nearest free starts.",
    "required": ["error", "reason", "alternatives"],
    "additionalProperties": False,
    "properties": {
        "error": {"const": "slot_unavailable"},
        "reason": {"enum": [str(reason) for reason in Reason]},
        "alternatives": {"type": "array", "maxItems": 3, "items": {"type": "string", "format": "date-time"}},
    },
}
