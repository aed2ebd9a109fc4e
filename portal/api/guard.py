"""The guard of every operation of an API: the key, its rate, its scope, and the venue that the URL names."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar

import structlog
from flask import Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from portal.api import calls, keys
from portal.clock import now
from portal.database import is_storable
from portal.errors import NotAllowed, NotFound, NotSignedIn, TooMany
from portal.models import ApiKey, Venue
from portal.uuids import as_uuid

R = TypeVar("R")
_log = structlog.get_logger()

MAX_SLUG = 80


class MissingKey(NotSignedIn):
    """Neither header carries a key."""

    code = "missing_key"


class InvalidKey(NotSignedIn):
    """The key is malformed, unknown, revoked, or one of the other surface."""

    code = "invalid_key"


class MissingScope(NotAllowed):
    """The key lacks a scope; `details["missing"]` lists what it lacks."""

    code = "insufficient_scope"


class RateExceeded(TooMany):
    """The key has used up its requests of this minute; `details["retry_after"]` in seconds."""

    code = "rate_limited"


class VenueUnknown(NotFound):
    """No active venue has this UUID or slug."""

    code = "venue_unknown"


class VenueOutOfReach(NotAllowed):
    """The venue of another organisation, or one outside a key that is bound to a venue."""

    code = "venue_out_of_reach"


class Rate(NamedTuple):
    """A key's minute: its limit, what is left of it, and when the next one begins (unix seconds)."""

    limit: int
    remaining: int
    reset: int


def requires_scope(scope: str, *, surface: str = "partner") -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Let only keys of the surface with this scope in: key, then rate, then scope, then venue. Stamps the view.

    Where the URL has a `venue_id` (UUID or slug) the view receives `venue: Venue`, active and within the key's reach.
    Raises MissingKey, InvalidKey, RateExceeded, MissingScope, VenueUnknown, VenueOutOfReach.
    """

    def guard(view: Callable[..., R]) -> Callable[..., R]:
        @wraps(view)
        def guarded(**values: Any) -> R:
            calls.begin()
            key, venue = _recognise(surface, values.get("venue_id"))
            g.api_key = key
            _count(key)
            if scope not in key.scopes:
                raise MissingScope(missing=[str(scope)])
            if values.pop("venue_id", None) is not None:
                values["venue"] = _within_reach(key, venue)
            return view(**values)

        guarded.scope = scope  # type: ignore[attr-defined]  # the stamp that the guard test reads
        return guarded

    return guard


def current_key() -> ApiKey:
    """The key of this request, with its organisation."""
    key: ApiKey = g.api_key
    return key


def finish(response: Response) -> Response:
    """After each request of an API: tell a limited key its rate, when a key was last of use and for what."""
    rate: Rate | None = g.get("rate")
    if rate:
        response.headers["X-RateLimit-Limit"] = str(rate.limit)
        response.headers["X-RateLimit-Remaining"] = str(rate.remaining)
        response.headers["X-RateLimit-Reset"] = str(rate.reset)
    if "api_key" in g:
        if response.status_code < 400:
            _note_use(g.api_key)
        calls.remember(response)
    return response


def _note_use(key: ApiKey) -> None:
    try:
        keys.note_use(key, at=now())
    except SQLAlchemyError as error:
        # What the request did is done and must be answered so; the note can wait for the next request.
        _log.warning("use of a key not noted", error=str(error))


def _recognise(surface: str, venue_id: str | None) -> tuple[ApiKey, Venue | None]:
    """The key, and the venue that the URL names if there is such a one, read at once."""
    presented = _presented()
    if not presented:
        raise MissingKey()
    uuid = as_uuid(venue_id)
    slug = venue_id if venue_id and uuid is None and len(venue_id) <= MAX_SLUG and is_storable(venue_id) else None
    found = keys.find_key(presented, surface=surface, venue_uuid=uuid, venue_slug=slug)
    if found is None:
        raise InvalidKey()
    return found


def _presented() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    return bearer or request.headers.get("X-Api-Key", "").strip()


def _count(key: ApiKey) -> None:
    """Count this request in the key's minute, if it has a limit. Raises RateExceeded."""
    limit = key.rate_limit_per_min
    if limit is None:
        return
    second = int(now().timestamp())
    window = second - second % keys.WINDOW_SECONDS
    reset = window + keys.WINDOW_SECONDS
    hits = keys.count_hit(key.id, window)
    g.rate = Rate(limit, max(limit - hits, 0), reset)
    if hits > limit:
        raise RateExceeded(retry_after=reset - second)


def _within_reach(key: ApiKey, venue: Venue | None) -> Venue:
    if venue is None:
        raise VenueUnknown()
    if venue.organisation_id != key.organisation_id or key.venue_id not in {None, venue.id}:
        raise VenueOutOfReach()
    return venue
