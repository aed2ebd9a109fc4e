"""API keys: found and counted. guard.py asks for them on every request; made and revoked they are in their room."""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import contains_eager

from portal.database import atomic, db, insert_into
from portal.models import ApiKey, RateWindow, Venue
from portal.partners.keys.service import hash_secret

WINDOW_SECONDS = 60
_KEPT_WINDOWS = 5
_USE_NOTED_EVERY = timedelta(minutes=1)
_KEY = re.compile(r"(sk_(?:live|test)_[0-9a-f]{8})_([0-9a-f]{48})", re.ASCII)

# Built once: putting such a statement together takes as long as running it.
_NAMED = or_(Venue.uuid == bindparam("venue_uuid"), Venue.slug == bindparam("venue_slug"))
_RECOGNISE = (
    select(ApiKey, Venue)
    .join(ApiKey.organisation)
    .join(ApiKey.partner)
    .outerjoin(Venue, and_(_NAMED, Venue.status == "active"))
    .where(ApiKey.prefix == bindparam("prefix"), ApiKey.surface == bindparam("surface"), ApiKey.revoked_at.is_(None))
    .options(contains_eager(ApiKey.organisation), contains_eager(ApiKey.partner))
)


def find_key(
    presented: str, *, surface: str, venue_uuid: UUID | None = None, venue_slug: str | None = None
) -> tuple[ApiKey, Venue | None] | None:
    """The living key of that surface with its organisation and partner, and the active venue with this UUID or slug.

    One statement. None when the text is no key, or when nobody has it.
    """
    parts = _KEY.fullmatch(presented)
    if parts is None:
        return None
    prefix, secret = parts.groups()
    wanted = {"prefix": prefix, "surface": surface, "venue_uuid": venue_uuid, "venue_slug": venue_slug}
    found = db.session.execute(_RECOGNISE, wanted).one_or_none()
    if found is None or not hmac.compare_digest(hash_secret(secret).encode(), found[0].secret_hash.encode()):
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
