"""How the partner API fails: the contract's statuses and texts, always as `{"error": "…"}`."""

from __future__ import annotations

from flask import Response
from flask_babel import LazyString
from werkzeug.exceptions import HTTPException

from portal.api.guard import InvalidKey, MissingKey, MissingScope, RateExceeded, VenueOutOfReach, VenueUnknown
from portal.api.schema import InvalidJson, answer_json, write_instant
from portal.bookings.errors import DuplicateExternalId, SlotUnavailable
from portal.errors import PortalError, Unavailable
from portal.models.booking_states import NotCancellable


class PartnerError(PortalError):
    """A refusal in the contract's own words."""

    def __init__(self, text: str) -> None:
        super().__init__(text)


class Refused(PartnerError):
    """400: a parameter or a member breaks its rule."""

    status = 400


class OutOfReach(PartnerError):
    """403: another organisation's, or outside the key's venue."""

    status = 403


class Unknown(PartnerError):
    """404."""

    status = 404


class Unprocessable(PartnerError):
    """422."""

    status = 422


# Errors of the house, in the contract's words.
_SPOKEN: dict[type[PortalError], tuple[int, str]] = {
    MissingKey: (401, "Missing API key"),
    InvalidKey: (401, "Invalid or revoked API key"),
    MissingScope: (403, "Insufficient scope"),
    RateExceeded: (429, "Rate limit exceeded"),
    VenueUnknown: (404, "Venue not found"),
    VenueOutOfReach: (403, "Forbidden"),
    InvalidJson: (400, "Invalid JSON body"),
    SlotUnavailable: (409, "slot_unavailable"),
    DuplicateExternalId: (409, "duplicate_external_id"),
    NotCancellable: (422, "BOOKING_ALREADY_CANCELLED"),
    Unavailable: (503, "Service unavailable"),
}
_HTTP = {
    400: "Bad request",
    404: "Not found",
    405: "Method not allowed",
    413: "Request body too large",
    415: "Content-Type must be application/json",
}
_BUG = "Internal server error"


def answer(error: Exception) -> Response:
    """Any failure below `/v1` as the partner reads it."""
    if isinstance(error, PortalError):
        return _spoken(error)
    if isinstance(error, HTTPException) and error.code is not None:
        response = _flat(error.code, _HTTP.get(error.code, error.name))
        if error.code == 405:
            response.headers["Allow"] = dict(error.get_headers()).get("Allow", "")
        return response
    return _flat(500, _BUG)


def _spoken(error: PortalError) -> Response:
    status, text = _SPOKEN.get(type(error), (error.status, error.code))
    match error:
        case PartnerError():
            return _flat(error.status, error.message)
        case MissingScope():
            return _flat(status, text, missing=error.details["missing"])
        case SlotUnavailable():
            nearest = [write_instant(start) for start in error.alternatives]
            return _flat(status, text, reason=str(error.reason), alternatives=nearest)
    response = _flat(status, text)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, RateExceeded):
        response.headers["Retry-After"] = str(error.details["retry_after"])
    return response


def _flat(status: int, text: str | LazyString, **more: object) -> Response:
    return answer_json({"error": str(text), **more}, status)
