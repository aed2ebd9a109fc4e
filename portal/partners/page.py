"""What the pages of partners show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from portal.i18n import name_of
from portal.models import ApiKey, Organisation, Partner
from portal.partners.calls.queries import last_calls
from portal.partners.forms import PartnerForm
from portal.partners.queries import get_partner, keys_of, partners_of, venues_of
from portal.partners.quotas.page import coming
from portal.partners.words import SURFACE_WORDS, scope_word
from portal.settings.page import around


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """A partner in the list: its living keys and when one of them was last of use."""

    name: str
    href: str
    keys: int
    last_used: datetime | None


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as it is listed. `venue` None = all of them."""

    name: str
    prefix: str
    href: str
    surface: str
    venue: str | None
    scopes: list[str]
    rate: int | None
    test: bool
    last_used: datetime | None
    made: datetime
    maker: str | None
    revoked: datetime | None


def listing(organisation: Organisation) -> dict[str, Any]:
    """The context of `partners/index.html`."""
    keys = keys_of(organisation)
    rows = [_partner_row(organisation, one, [key for key in keys if key.partner_id == one.id])
            for one in partners_of(organisation)]  # fmt: skip
    return around(organisation) | {"partners": rows, "zone": zone_of(organisation)}


def page_of(organisation: Organisation, partner: Partner) -> dict[str, Any]:
    """The context of `partners/show.html`, beside its form."""
    return {
        "partner": partner,
        "keys": [key_row(organisation, partner, key) for key in keys_of(organisation, partner)],
        "coming": coming(organisation, partner),
        "calls": last_calls(organisation, partner, limit=5),
        "zone": zone_of(organisation),
    }


def partner_form(organisation: Organisation, partner: Partner) -> PartnerForm:
    """The form as the partner stands now."""
    found = get_partner(organisation, partner.uuid)
    return PartnerForm.of(found.version, {"name": found.name})


def key_row(organisation: Organisation, partner: Partner, key: ApiKey) -> KeyRow:
    """A key as it is listed."""
    return KeyRow(
        name=key.name,
        prefix=key.prefix,
        href=url_for("partner_keys.edit", organisation=organisation.slug, partner=partner.uuid, key=key.uuid),
        surface=str(SURFACE_WORDS[key.surface]),
        venue=name_of(key.venue) if key.venue else None,
        scopes=[scope_word(scope) for scope in key.scopes],
        rate=key.rate_limit_per_min,
        test=key.test,
        last_used=key.last_used_at,
        made=key.created_at,
        maker=key.created_by.name if key.created_by else None,
        revoked=key.revoked_at,
    )


def zone_of(organisation: Organisation) -> str:
    """The time zone in which the organisation's pages tell instants: that of its first venue."""
    return next((venue.timezone for venue in venues_of(organisation)), "Europe/Paris")


def _partner_row(organisation: Organisation, partner: Partner, keys: list[ApiKey]) -> PartnerRow:
    living = [key for key in keys if key.revoked_at is None]
    return PartnerRow(
        name=partner.name,
        href=url_for("partners.show_partner", organisation=organisation.slug, partner=partner.uuid),
        keys=len(living),
        last_used=max((key.last_used_at for key in keys if key.last_used_at), default=None),
    )
