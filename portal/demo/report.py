"""What the demo tells: everything as JSON for scripts, the logins and a first booking for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.bookings.availability import alternatives
from portal.bookings.slots.assembly import need_of
from portal.bookings.slots.queries import load_snapshot
from portal.clock import now
from portal.database import db
from portal.demo.keys import KEYS, STAYCATION, full_key
from portal.demo.sites import HOUSES
from portal.models import ApiKey, Organisation, StaffMember, Treatment, Variant, Venue
from portal.session.passwords import DEMO_PASSWORD

Described = dict[str, Any]
ROLES = {"admin": "administration", "manager": "management", "receptionist": "reception", "therapist": "therapist"}
SOON = 3  # days
TIME_TO_READ = timedelta(minutes=30)
# Who is worth trying first.
FIRST_TO_TRY = ("camille", "therese", "marc", "maud", "ada", "eve", "anais")


def describe() -> Described:
    """The demo as `flask demo load --json` prints it. Keys are shown in full."""
    return {"organisations": [_organisation(organisation) for organisation in _organisations()]}


def invitation(url: str) -> str:
    """What a person who has just started the demo wants to know."""
    organisations = _organisations()
    members = [member for organisation in organisations for member in _members(organisation)]
    known = {member.email.split("@")[0]: member for member in reversed(members)}
    lines = [f"  {known[name].email:32} {ROLES[known[name].role]}" for name in FIRST_TO_TRY if name in known]
    if lines:
        lines = [f"Sign in with the password {DEMO_PASSWORD} as", *lines, ""]
    running = f"Thermes is running at {url} (Ctrl-C ends it)."
    return "\n".join([running, "", *lines, *first_booking(url, organisations[:1])])


def first_booking(url: str, organisations: Sequence[Organisation]) -> list[str]:
    """A command that books an hour's massage as a partner, at the first time that is free."""
    return [
        line
        for organisation in organisations
        for venue in _venues(organisation)[:1]
        for start in _next_free(venue, _hour(venue))
        for line in _curl(url, organisation, venue, start)
    ]


def _organisations() -> Sequence[Organisation]:
    """The demo's organisations in the demo's order."""
    order = [house.slug for house in HOUSES]
    found = db.session.scalars(select(Organisation).where(Organisation.slug.in_(order))).all()
    return sorted(found, key=lambda organisation: order.index(organisation.slug))


def _organisation(organisation: Organisation) -> Described:
    return {
        "slug": organisation.slug,
        "venues": [_venue(venue) for venue in _venues(organisation)],
        "members": [_member(member) for member in _members(organisation)],
        "keys": [
            {"name": key.name, "key": full_key(organisation, key), "scopes": key.scopes, "surface": key.surface}
            for key in KEYS[organisation.slug]
            if _is_valid(organisation, key.name)
        ],
    }


def _venue(venue: Venue) -> Described:
    return {
        "id": str(venue.uuid),
        "slug": venue.slug,
        "timezone": venue.timezone,
        "currency": venue.currency,
        "variants": [
            {
                "id": str(variant.uuid),
                "label": variant.label,
                "duration": variant.duration,
                "guest_count": variant.guest_count,
            }
            for variant in _variants(venue)
        ],
    }


def _member(member: StaffMember) -> Described:
    return {"email": member.email, "password": DEMO_PASSWORD, "role": member.role, "name": member.name}


def _members(organisation: Organisation) -> Sequence[StaffMember]:
    """Those who can sign in: whoever is invited has no address yet."""
    query = select(StaffMember).where(
        StaffMember.organisation_id == organisation.id, StaffMember.active, StaffMember.email.is_not(None)
    )
    return db.session.scalars(query.order_by(StaffMember.id)).all()


def _variants(venue: Venue) -> Sequence[Variant]:
    """What a partner can book, in the order of the menu."""
    query = select(Variant).join(Treatment).where(Treatment.venue_id == venue.id, Treatment.active, Variant.active)
    query = query.where(Treatment.kind == "appointment")
    return db.session.scalars(query.order_by(Treatment.sort_order, Variant.sort_order, Variant.id)).all()


def _is_valid(organisation: Organisation, name: str) -> bool:
    query = select(ApiKey.id).where(ApiKey.organisation_id == organisation.id, ApiKey.name == name)
    return db.session.scalar(query.where(ApiKey.revoked_at.is_(None))) is not None


def _venues(organisation: Organisation) -> Sequence[Venue]:
    return db.session.scalars(select(Venue).where(Venue.organisation_id == organisation.id).order_by(Venue.id)).all()


def _hour(venue: Venue) -> Variant:
    return next(variant for variant in _variants(venue) if variant.duration == 60 and variant.guest_count == 1)


def _next_free(venue: Venue, variant: Variant) -> list[datetime]:
    at = now()
    last = venue.today() + timedelta(days=SOON)
    snapshot = load_snapshot(venue, first=venue.today(), last=last)
    need = need_of(venue, variant, guests=1)
    return alternatives(snapshot, need, at, at + TIME_TO_READ, limit=1, within_days=SOON)


def _curl(url: str, organisation: Organisation, venue: Venue, start: datetime) -> list[str]:
    """The README's command, with everything that it needs."""
    variant = _hour(venue)
    guest = {"first_name": "Léa", "last_name": "Martin", "phone": "06 39 98 09 99", "language": "fr"}
    price = {"amount": (variant.price_minor or 0) / 100, "currency": venue.currency}
    return [
        "Book a massage as a partner and watch it arrive on the agenda:",
        f"  export KEY={full_key(organisation, STAYCATION)}",
        f"  export VARIANT={variant.uuid} START={start:%Y-%m-%dT%H:%M:%SZ}",
        f"  curl -s {url}/v1/venues/{venue.slug}/bookings \\",
        '    -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\',
        f"""    -d '{{"variant_id": "'$VARIANT'", "start_at": "'$START'", "guest": {_json(guest)},""",
        f"""      "price_paid": {_json(price)},""",
        """      "external_id": "STAYCATION-1", "external_reference": "staycation.ABC123"}'""",
    ]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
