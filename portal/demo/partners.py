"""What partners have done in the demo: quotas of one that nobody holds the key of, and the last calls of two."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from portal.database import db
from portal.demo.cast import Cast
from portal.demo.idents import ident
from portal.models import ApiCall, ApiKey, PartnerQuota

# How many guests ClassPass may send on each weekday, 0 = Sunday.
WEEK = {0: 2, 1: 6, 2: 6, 3: 6, 4: 6, 5: 4, 6: 2}
_FREE = "/v1/venues/{venue}/availability?date={day}"
_BOOKING = "/v1/venues/{venue}/bookings"
# Method, path, status, code, milliseconds.
_ASKED = (
    ("GET", "/v1/venues", 200, None, 8), ("GET", _FREE, 200, None, 31),
    ("POST", _BOOKING, 409, "slot_unavailable · no_therapist", 58), ("GET", _FREE, 200, None, 27),
    ("POST", _BOOKING, 201, None, 74), ("POST", _BOOKING, 200, None, 12),
    ("POST", _BOOKING, 400, "`guest.phone` is required (E.164, e.g. +33612345678)", 9),
    ("POST", _BOOKING, 409, "slot_unavailable · quota_exhausted", 61),
    ("GET", "/v1/venues/{venue}/customers?page=1", 403, "Insufficient scope", 5),
)  # fmt: skip


def make_partners_lives(cast: Cast, at: datetime) -> None:
    """Save the quotas of ClassPass at every venue, an exception the day after tomorrow, and calls of the last hours."""
    for venue in cast.venues:
        owner = {
            "organisation_id": venue.organisation_id, "venue_id": venue.id, "partner_id": cast.classpass.partner_id,
        }  # fmt: skip
        db.session.add_all(PartnerQuota(**owner, weekday=day, places=places) for day, places in WEEK.items())
        db.session.add(PartnerQuota(**owner, day=venue.today() + timedelta(days=2), places=0))
    for key in (cast.partner, cast.classpass):
        rows = [_call(cast, key, number, at) for number in range(3 * len(_ASKED))]
        db.session.add_all(rows)
        key.last_used_at = max(row.at for row in rows)
    db.session.flush()


def _call(cast: Cast, key: ApiKey, number: int, at: datetime) -> ApiCall:
    method, path, status, code, took = _ASKED[number % len(_ASKED)]
    venue = cast.venues[number % len(cast.venues)]
    is_booking = method == "POST"
    external = f"STAY-{7400 + number // 2}" if is_booking else None
    asked = {"start_at": f"{at:%Y-%m-%d}T15:00:00Z", "guest": {"first_name": "•••", "phone": "•••"}}
    return ApiCall(
        uuid=ident("call", cast.organisation.slug, key.name, number),
        organisation_id=key.organisation_id,
        api_key_id=key.id,
        at=at - timedelta(minutes=11 * (3 * len(_ASKED) - number)),
        method=method,
        path=path.format(venue=venue.slug, day=venue.today()),
        status=status,
        code=code,
        duration_ms=took + number % 7,
        external_id=external,
        request=_written(asked | {"external_id": external}) if is_booking else None,
        answer=_written({"error": code} if code else {"data": "…"}),
    )


def _written(body: dict[str, object]) -> str:
    return json.dumps(body, ensure_ascii=False, indent=2)
