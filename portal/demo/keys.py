"""The demo's API keys. They follow from the installation's secret key, so that they can be printed again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from portal.demo.idents import ident, secret
from portal.models import ApiKey, Organisation, Partner
from portal.partners.scopes import SURFACES

PARTNER, MANAGEMENT = ([str(scope) for scope in SURFACES[surface]] for surface in ("partner", "management"))
READING = [scope for scope in PARTNER if scope.endswith(":read")]


@dataclass(frozen=True)
class DemoKey:
    """A key as the demo describes it."""

    name: str
    scopes: list[str]
    surface: str = "partner"
    test: bool = False
    partner: str = "Staycation"
    rate: int | None = None


STAYCATION = DemoKey("Staycation", PARTNER)
READER = DemoKey("Lecture seule", READING, partner="Conciergerie")
SANDBOX = DemoKey("Bac à sable", PARTNER, test=True)
OFFICE = DemoKey("Gestion", MANAGEMENT, "management", partner="Maison")
# Of this one nobody knows the key: its partner is there to be looked at.
CLASSPASS = DemoKey("Production", PARTNER, partner="ClassPass", rate=60)
KEYS = {
    "maison-lutece": [STAYCATION, READER, SANDBOX, OFFICE],
    "alpes-bien-etre": [STAYCATION, OFFICE],
    "indigo": [STAYCATION, OFFICE],
}


def full_key(organisation: Organisation, key: DemoKey) -> str:
    """The key as its holder sends it."""
    digits = secret("api-key", organisation.slug, key.name)
    return f"sk_{'test' if key.test else 'live'}_{digits[:8]}_{digits[8:56]}"


def make_partners(organisation: Organisation) -> list[Partner]:
    """Whose keys they are."""
    names = sorted({key.partner for key in (*KEYS[organisation.slug], CLASSPASS)})
    return [
        Partner(uuid=ident("partner", organisation.slug, name), organisation_id=organisation.id, name=name)
        for name in names
    ]


def make_key(organisation: Organisation, key: DemoKey, partners: list[Partner]) -> ApiKey:
    """The key's row, which holds only the hash of its secret part."""
    row = ApiKey(
        uuid=ident("api-key", organisation.slug, key.name),
        organisation_id=organisation.id,
        name=key.name,
        surface=key.surface,
        scopes=key.scopes,
        test=key.test,
        rate_limit_per_min=key.rate,
        partner_id=next(one.id for one in partners if one.name == key.partner),
    )
    renew_key(row, organisation, key)
    return row


def renew_key(row: ApiKey, organisation: Organisation, key: DemoKey) -> None:
    """Make the row answer to this installation's key again; harmless when it does."""
    prefix, _, secret_part = full_key(organisation, key).rpartition("_")
    row.prefix, row.secret_hash = prefix, hashlib.sha256(secret_part.encode()).hexdigest()
