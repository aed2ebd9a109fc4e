"""API keys: made, revoked, found and counted. guard.py asks for them on every request."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import contains_eager

import portal.audit as audit
from portal.api.scopes import RESERVED, SURFACES
from portal.clock import now
from portal.database import atomic, db, insert_into
from portal.errors import Invalid, NotFound
from portal.models import ApiKey, Organisation, RateWindow, Venue

WINDOW_SECONDS = 60
_KEPT_WINDOWS = 5
_USE_NOTED_EVERY = timedelta(minutes=1)
_KEY = re.compile(r"(sk_(?:live|test)_[0-9a-f]{8})_([0-9a-f]{48})", re.ASCII)

# Built once: putting such a statement together takes as long as running it.
_NAMED = or_(Venue.uuid == bindparam("venue_uuid"), Venue.slug == bindparam("venue_slug"))
_RECOGNISE = (
    select(ApiKey, Venue)
    .join(ApiKey.organisation)
    .outerjoin(Venue, and_(_NAMED, Venue.status == "active"))
    .where(ApiKey.prefix == bindparam("prefix"), ApiKey.surface == bindparam("surface"), ApiKey.revoked_at.is_(None))
    .options(contains_eager(ApiKey.organisation))
)


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


def find_key(
    presented: str, *, surface: str, venue_uuid: UUID | None = None, venue_slug: str | None = None
) -> tuple[ApiKey, Venue | None] | None:
    """The living key of that surface with its organisation, and the active venue with this UUID or slug: one statement.

    None when the text is no key, or when nobody has it.
    """
    parts = _KEY.fullmatch(presented)
    if parts is None:
        return None
    prefix, secret = parts.groups()
    wanted = {"prefix": prefix, "surface": surface, "venue_uuid": venue_uuid, "venue_slug": venue_slug}
    found = db.session.execute(_RECOGNISE, wanted).one_or_none()
    if found is None or not hmac.compare_digest(_hash(secret).encode(), found[0].secret_hash.encode()):
        return None
    return found[0], found[1]


@atomic
def count_hit(key_id: int, window: int) -> int:
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


def note_use(key: ApiKey, *, at: datetime) -> None:
    """Remember when a key was last of use, at most once a minute."""
    if key.last_used_at is None or at - key.last_used_at >= _USE_NOTED_EVERY:
        _write_use(key.id, at)


@atomic
def _write_use(key_id: int, at: datetime) -> None:
    """Several processes may come at once: the first one writes."""
    due = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at <= at - _USE_NOTED_EVERY)
    note = update(ApiKey).where(ApiKey.id == key_id, due).values(last_used_at=at)
    db.session.execute(note, execution_options={"synchronize_session": False})


def _hash(secret: str) -> str:
    # The secret has 192 random bits: a slow hash would protect nothing more.
    return hashlib.sha256(secret.encode()).hexdigest()


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
