"""What may be kept of a call: its shape, identifiers, times and prices; nobody's name, number, address or words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from portal.database import is_storable

MASK = "•••"
MOST_LETTERS, MOST_IN_A_LIST, MOST_DEEP = 2000, 5, 6

# Members whose values are kept, in what a partner sends and in what it is answered; of `NAMED` only the names are.
SENT = frozenset({
    "variant_id", "start_at", "guest_count", "external_reference", "external_id", "price_paid", "amount", "currency",
    "cancelled_by",
})  # fmt: skip
ANSWERED = SENT | {
    "data", "meta", "page", "limit", "total", "error", "reason", "missing", "alternatives", "id", "booking_number",
    "status", "venue_id", "treatment_id", "slug", "name", "label", "duration", "therapist", "assigned_at", "price",
    "total_price", "client_type", "payment_method", "payment_status", "created_at", "updated_at", "cancellation",
    "fee", "cancelled_at", "end_at", "test", "date", "from", "to", "days", "slots", "time", "out_of_hours",
    "available_capacity", "booking_count", "last_visit_date", "total_spent", "booking_date", "booking_time",
    "treatments", "variants",
}  # fmt: skip
NAMED = frozenset({
    "guest", "first_name", "last_name", "phone", "email", "language", "notes", "reason", "policy", "room_number",
})  # fmt: skip
_CODE = re.compile(r"[0-9A-Za-z][\w .:/+#-]*", re.ASCII)
_SHAPES = {
    "variant_id": re.compile(r"[0-9a-fA-F-]{32,36}", re.ASCII),
    "start_at": re.compile(r"[0-9TtZz:+. -]{10,40}", re.ASCII),
    "currency": re.compile(r"[A-Za-z]{3}", re.ASCII),
    "cancelled_by": re.compile(r"partner|customer"),
    "external_id": _CODE,
    "external_reference": _CODE,
}


def sent(body: Mapping[str, Any] | None) -> str | None:
    """What is kept of the body of a request."""
    return None if body is None else _written(_masked(body, SENT))


def answered(body: Any) -> str | None:
    """What is kept of an answer."""
    return None if body is None else _written(_masked(body, ANSWERED))


def code_of(value: object, *, most: int = 255) -> str | None:
    """An identifier of the partner's own, unless it is none: a number or an address is nobody's identifier."""
    if not isinstance(value, str) or not 0 < len(value) <= most or not is_storable(value):
        return None
    return value if _CODE.fullmatch(value) else MASK


def _masked(value: Any, kept: frozenset[str], name: str = "", depth: int = 0) -> Any:
    if depth > MOST_DEEP:
        return MASK
    if isinstance(value, Mapping):
        known = {key: _member(key, one, kept, depth) for key, one in value.items() if key in kept | NAMED}
        return known | ({"…": len(value) - len(known)} if len(known) < len(value) else {})
    if isinstance(value, list):
        rest = [f"… {len(value) - MOST_IN_A_LIST}"] if len(value) > MOST_IN_A_LIST else []
        return [_masked(one, kept, name, depth + 1) for one in value[:MOST_IN_A_LIST]] + rest
    if isinstance(value, str):
        shape = _SHAPES.get(name)
        return value[:200] if shape is None or (len(value) <= 255 and shape.fullmatch(value)) else MASK
    return str(value)[:40] if isinstance(value, Decimal | float) or abs(value or 0) > 10**12 else value


def _member(name: str, value: Any, kept: frozenset[str], depth: int) -> Any:
    if name in kept or (name == "guest" and isinstance(value, Mapping)):
        return _masked(value, kept, name, depth + 1)
    return None if value is None else MASK


def _written(kept: Any) -> str:
    text = json.dumps(kept, ensure_ascii=False, indent=2)
    text = text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}\n…"
    return text if is_storable(text) else MASK
