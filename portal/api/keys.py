"""API keys: made, revoked, recognised and counted. The guard of every operation."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from flask import Response, g, request
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import joinedload

from portal import audit
from portal.api.scopes import RESERVED, SURFACES
from portal.clock import now
from portal.database import atomic, db, insert_into
from portal.errors import Invalid, NotAllowed, NotFound, NotSignedIn, TooMany
from portal.models import ApiKey, Organisation, RateWindow, Venue

P = ParamSpec("P")
R = TypeVar("R")

WINDOW_SECONDS = 60
_KEPT_WINDOWS = 5
_USE_NOTED_EVERY = timedelta(minutes=1)
_KEY = re.compile(r"(sk_(?:live|test)_[0-9a-f]{8})_([0-9a-f]{48})", re.ASCII)


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


class Rate(NamedTuple):
    """A key's minute: its limit, what is left of it, and when the next one begins (unix seconds)."""

    limit: int
    remaining: int
    reset: int


def requires_scope(scope: str, *, surface: str = "partner") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only keys of the surface with this scope in: key, then rate, then scope. Stamps the view.

    Raises MissingKey, InvalidKey, RateExceeded, MissingScope.
    """

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            key = g.api_key = _recognise(surface)
            _count(key)
            if scope not in key.scopes:
                raise MissingScope(missing=[str(scope)])
            return view(*args, **kwargs)

        guarded.scope = scope  # type: ignore[attr-defined]  # the stamp that the guard test reads
        return guarded

    return guard


def current_key() -> ApiKey:
    """The key of this request, with its organisation."""
    key: ApiKey = g.api_key
    return key


def finish(response: Response) -> Response:
    """After each request of an API: tell a limited key its rate, and remember when a key was last of use."""
    rate: Rate | None = g.get("rate")
    if rate:
        response.headers["X-RateLimit-Limit"] = str(rate.limit)
        response.headers["X-RateLimit-Remaining"] = str(rate.remaining)
        response.headers["X-RateLimit-Reset"] = str(rate.reset)
    if "api_key" in g and response.status_code < 400:
        _note_use(g.api_key, at=now())
    return response


@atomic
def create_key(
    organisation: Organisation,
    *,
    name: str,
    surface: str = "partner",
    venue: Venue | None = None,
    scopes: Sequence[str] | None = None,
    test: bool = False,
    rate: int | None = None,
    by: audit.Actor = audit.SYSTEM,
) -> tuple[str, ApiKey]:
    """A new key, as it is shown this once, and its row. Without `scopes` it has all of its surface.

    `rate` is a limit per minute, None = no limit. Raises Invalid for a blank name, an unknown surface or scope,
    another organisation's venue, or a rate below 1.
    """
    _check(organisation, name, surface, venue, scopes, rate)
    prefix, secret = f"sk_{'test' if test else 'live'}_{secrets.token_hex(4)}", secrets.token_hex(24)
    key = ApiKey(
        organisation=organisation,
        venue_id=venue.id if venue else None,
        name=name,
        surface=surface,
        prefix=prefix,
        secret_hash=_hash(secret),
        scopes=list(SURFACES[surface] if scopes is None else dict.fromkeys(scopes)),
        test=test,
        rate_limit_per_min=rate,
    )
    db.session.add(key)
    db.session.flush()
    audit.record(by, "key:created", key, prefix=prefix)
    return f"{prefix}_{secret}", key


@atomic
def revoke_key(prefix: str, *, by: audit.Actor = audit.SYSTEM) -> ApiKey:
    """End a key at once; harmless when it has ended. Raises NotFound."""
    key = db.session.scalar(select(ApiKey).where(ApiKey.prefix == prefix))
    if key is None:
        raise NotFound()
    if key.revoked_at is None:
        key.revoked_at = now()
        audit.record(by, "key:revoked", key, prefix=prefix)
    return key


def _recognise(surface: str) -> ApiKey:
    presented = _presented()
    if not presented:
        raise MissingKey()
    parts = _KEY.fullmatch(presented)
    if parts is None:
        raise InvalidKey()
    prefix, secret = parts.groups()
    key = db.session.scalar(
        select(ApiKey)
        .where(ApiKey.prefix == prefix, ApiKey.surface == surface, ApiKey.revoked_at.is_(None))
        .options(joinedload(ApiKey.organisation, innerjoin=True))
    )
    if key is None or not hmac.compare_digest(_hash(secret).encode(), key.secret_hash.encode()):
        raise InvalidKey()
    return key


def _presented() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    return bearer or request.headers.get("X-Api-Key", "").strip()


def _hash(secret: str) -> str:
    # The secret has 192 random bits: a slow hash would protect nothing more.
    return hashlib.sha256(secret.encode()).hexdigest()


def _count(key: ApiKey) -> None:
    """Count this request in the key's minute, if it has a limit. Raises RateExceeded."""
    limit = key.rate_limit_per_min
    if limit is None:
        return
    second = int(now().timestamp())
    window = second - second % WINDOW_SECONDS
    hits = _hit(key.id, window)
    g.rate = Rate(limit, max(limit - hits, 0), window + WINDOW_SECONDS)
    if hits > limit:
        raise RateExceeded(retry_after=window + WINDOW_SECONDS - second)


@atomic
def _hit(key_id: int, window: int) -> int:
    """One more request in the window: one statement, so that all processes count together."""
    counted = (
        insert_into(RateWindow)
        .values(api_key_id=key_id, window=window, hits=1)
        .on_conflict_do_update(index_elements=["api_key_id", "window"], set_={"hits": RateWindow.hits + 1})
        .returning(RateWindow.hits)
    )
    hits: int = db.session.connection().execute(counted).scalar_one()
    if hits == 1:
        old = RateWindow.window < window - _KEPT_WINDOWS * WINDOW_SECONDS
        db.session.execute(delete(RateWindow).where(RateWindow.api_key_id == key_id, old))
    return hits


def _note_use(key: ApiKey, *, at: datetime) -> None:
    if key.last_used_at is None or at - key.last_used_at >= _USE_NOTED_EVERY:
        _write_use(key.id, at)


@atomic
def _write_use(key_id: int, at: datetime) -> None:
    """Several processes may come at once: the first one writes."""
    due = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at <= at - _USE_NOTED_EVERY)
    note: Any = update(ApiKey).where(ApiKey.id == key_id, due).values(last_used_at=at)
    db.session.execute(note, execution_options={"synchronize_session": False})


def _check(
    organisation: Organisation,
    name: str,
    surface: str,
    venue: Venue | None,
    scopes: Sequence[str] | None,
    rate: int | None,
) -> None:
    if not 0 < len(name.strip()) <= 200:
        raise Invalid("A key needs a name of at most 200 characters.", field="name")
    if surface not in SURFACES:
        raise Invalid(f"Unknown surface: {surface}", field="surface")
    unknown = sorted(set(scopes or ()) - set(SURFACES[surface]) - set(RESERVED))
    if unknown:
        raise Invalid(f"Unknown scope: {', '.join(unknown)}", field="scope")
    if venue is not None and venue.organisation_id != organisation.id:
        raise Invalid("The venue belongs to another organisation.", field="venue")
    if rate is not None and rate < 1:
        raise Invalid("A rate limit is at least 1 per minute.", field="rate")
