"""API keys: made and shown once, changed, revoked. Only the hash of a secret is ever kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import select

import portal.audit as audit
from portal.clock import now
from portal.database import atomic, db
from portal.errors import Invalid, NotFound
from portal.models import ApiKey, Organisation, Partner, Venue
from portal.partners.errors import KeyEnded, KeyMade
from portal.partners.queries import is_made, lock_key, lock_partner
from portal.partners.scopes import RESERVED, SURFACES
from portal.partners.service import partner_named
from portal.settings.changing import check_version, differences, plain


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
    partner: Partner | None = None,
    uuid: UUID | None = None,
    by: audit.Actor = audit.SYSTEM,
) -> tuple[str, ApiKey]:
    """A new key, as it is shown this once, and its row. Without `scopes` it has all of its surface.

    `rate` is a limit per minute, None = no limit. Without `partner` it belongs to the one of its own name. `uuid` is
    the key's own to be: a form that is sent twice makes one. Raises Invalid for a blank name, an unknown surface or
    scope, another organisation's venue, or a rate below 1; KeyMade.
    """
    _check(name, surface, scopes, rate)
    if venue is not None and venue.organisation_id != organisation.id:
        raise Invalid("The venue belongs to another organisation.", field="venue")
    partner = lock_partner(organisation, partner) if partner else partner_named(organisation, name.strip())
    if uuid is not None and is_made(organisation, uuid):
        raise KeyMade()
    prefix, secret = f"sk_{'test' if test else 'live'}_{secrets.token_hex(4)}", secrets.token_hex(24)
    key = ApiKey(
        uuid=uuid or uuid4(),
        organisation=organisation,
        partner_id=partner.id,
        venue_id=venue.id if venue else None,
        created_by_id=by.member.id if by.member else None,
        name=name,
        surface=surface,
        prefix=prefix,
        secret_hash=hash_secret(secret),
        scopes=list(SURFACES[surface] if scopes is None else dict.fromkeys(scopes)),
        test=test,
        rate_limit_per_min=rate,
    )
    db.session.add(key)
    db.session.flush()
    audit.record(by, "key:created", key, prefix=prefix)
    return f"{prefix}_{secret}", key


@atomic
def change_key(
    organisation: Organisation,
    *,
    key: ApiKey,
    name: str,
    scopes: Sequence[str],
    rate: int | None,
    version: int | None,
    by: audit.Actor,
) -> ApiKey:
    """Another name, other scopes, another rate, from the next request on; harmless when nothing is new.

    Raises Invalid as in `create_key`, Stale, KeyEnded.
    """
    key = lock_key(organisation, key)
    _check(name, key.surface, scopes, rate)
    if key.revoked_at is not None:
        raise KeyEnded()
    check_version(key, version)
    ordered = [scope for scope in (*SURFACES[key.surface], *RESERVED) if scope in scopes]
    news = differences(key, {"name": name, "scopes": ordered, "rate_limit_per_min": rate})
    if news:
        told = {name: [plain(getattr(key, name)), plain(value)] for name, value in news.items()}
        for column, value in news.items():
            setattr(key, column, value)
        audit.record(by, "key:changed", key, prefix=key.prefix, changes=told)
    return key


@atomic
def revoke_key(prefix: str, *, by: audit.Actor = audit.SYSTEM) -> ApiKey:
    """End a key at once; harmless when it has ended. Raises NotFound."""
    key = db.session.scalar(select(ApiKey).where(ApiKey.prefix == prefix).with_for_update(of=ApiKey))
    if key is None:
        raise NotFound()
    if key.revoked_at is None:
        key.revoked_at = now()
        audit.record(by, "key:revoked", key, prefix=prefix)
    return key


def hash_secret(secret: str) -> str:
    """What is kept of a secret. It has 192 random bits: a slow hash would protect nothing more."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _check(name: str, surface: str, scopes: Sequence[str] | None, rate: int | None) -> None:
    if not 0 < len(name.strip()) <= 200:
        raise Invalid("A key needs a name of at most 200 characters.", field="name")
    if surface not in SURFACES:
        raise Invalid(f"Unknown surface: {surface}", field="surface")
    unknown = sorted(set(scopes or ()) - set(SURFACES[surface]) - set(RESERVED))
    if unknown:
        raise Invalid(f"Unknown scope: {', '.join(unknown)}", field="scopes")
    if rate is not None and rate < 1:
        raise Invalid("A rate limit is at least 1 per minute.", field="rate")
