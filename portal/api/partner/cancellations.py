"""The body of a cancellation."""

from __future__ import annotations

from typing import Any

from portal.api.partner.errors import Refused
from portal.database import is_storable

MAX_REASON = 500
CANCELLED_BY = ("partner", "customer")

REASON_MISSING = "`reason` is required"
REASON_LONG = "`reason` must be at most 500 characters"
CANCELLED_BY_UNKNOWN = "`cancelled_by` must be partner or customer"
TEXTS = (REASON_MISSING, REASON_LONG, CANCELLED_BY_UNKNOWN)


def read_cancellation(body: dict[str, Any]) -> tuple[str, str]:
    """The reason, and who cancels. Raises Refused with the first text that applies."""
    reason = body.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        raise Refused(REASON_MISSING)
    if len(reason) > MAX_REASON or not is_storable(reason):
        raise Refused(REASON_LONG)
    cancelled_by = body.get("cancelled_by")
    if cancelled_by is None:
        return reason, CANCELLED_BY[0]
    if cancelled_by not in CANCELLED_BY:
        raise Refused(CANCELLED_BY_UNKNOWN)
    return reason, cancelled_by
