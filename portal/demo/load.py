"""Loads the demo into an empty database, and finds it again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

import portal.audit as audit
from portal.database import atomic, db
from portal.demo.absences import make_absences
from portal.demo.bookings import make_bookings
from portal.demo.care import make_notes
from portal.demo.cast import make_cast
from portal.demo.classes import make_class
from portal.demo.events import make_events
from portal.demo.keys import KEYS, renew_key
from portal.demo.paperwork import make_paperwork
from portal.demo.partners import make_partners_lives
from portal.demo.regulars import make_regulars
from portal.demo.sites import HOUSES
from portal.demo.suggestions import make_suggestion
from portal.demo.trail import make_trail
from portal.models import ApiKey, Organisation
from portal.session.passwords import DEMO_PASSWORD, hash_password


class NotEmpty(Exception):
    """The database holds an organisation that is none of the demo's: the demo is not loaded beside it."""


def load_demo(at: datetime) -> bool:
    """Fill an empty database with the demo around the instant `at`; False when it holds the demo already.

    One transaction, so that it is there completely or not at all. Raises NotEmpty.
    """
    present = set(db.session.scalars(select(Organisation.slug)))
    if present and not present & {house.slug for house in HOUSES}:
        raise NotEmpty()
    if present:
        renew_keys()
        return False
    _load(at, hash_password(DEMO_PASSWORD))
    return True


def is_empty() -> bool:
    """Whether nobody has put an organisation into this database yet."""
    return db.session.scalar(select(Organisation.id).limit(1)) is None


@atomic
def renew_keys() -> None:
    """Make the demo's keys follow from the secret key that the installation has now; harmless when they do."""
    for slug, keys in KEYS.items():
        organisation = db.session.scalar(select(Organisation).where(Organisation.slug == slug))
        if organisation is None:
            continue
        rows = db.session.scalars(select(ApiKey).where(ApiKey.organisation_id == organisation.id))
        wanted = {key.name: key for key in keys}
        for row in rows:
            if row.name in wanted:
                renew_key(row, organisation, wanted[row.name])


@atomic
def _load(at: datetime, password_hash: str) -> None:
    for house in HOUSES:
        cast = make_cast(house, password_hash, at)
        make_bookings(cast, at)
        make_class(cast, at)
        make_notes(cast)
        make_regulars(cast, at)
        make_absences(cast, at)
        make_paperwork(cast, at)
        make_partners_lives(cast, at)
        if len(cast.venues) > 1:
            make_suggestion(cast, at)
            make_events(cast, at)
        make_trail(cast, at)
        audit.record(audit.SYSTEM, "demo:loaded", cast.venues[0])
