"""What changed about a visit since its therapist last looked: pure comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.models import BookingItem, Room, VisitLook

# A change so close to the visit is not just shown: she says that she has seen it, and if she does not the desk knows.
CLOSE = timedelta(minutes=60)
PATIENCE = timedelta(minutes=5)
# So long a mark stays after it was seen, so that it does not vanish under her eyes.
LINGER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class News:
    """How a visit stood before; `is_new`: she has never seen it; `asks`: she is to confirm it."""

    is_new: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    rooms: tuple[tuple[str, str | None], ...] | None = None
    asks: bool = False


def state_of(item: BookingItem) -> dict[str, Any]:
    """Where and when the treatment stands, as it is remembered: instants in ISO 8601, rooms by their two names."""
    rooms = sorted(
        [room.name, room.name_en] for claim in item.claims if claim.active and isinstance(room := claim.resource, Room)
    )
    return {"starts_at": item.starts_at.isoformat(), "ends_at": item.ends_at.isoformat(), "rooms": rooms}


def news_of(item: BookingItem, look: VisitLook | None, *, at: datetime) -> News | None:
    """What to show of a visit that is hers; None when she knows all."""
    now = state_of(item)
    if look is None or not look.known:
        return News(is_new=True, asks=_asks(item, at=at))
    if look.known != now:
        return _difference(look.known, now, asks=_asks(item, at=at))
    if look.was and at - look.looked_at < LINGER:
        return _difference(look.was, now)
    return None


def is_unread(item: BookingItem, look: VisitLook) -> bool:
    """Whether it stands elsewhere than she knows."""
    return bool(look.known) and look.known != state_of(item)


def _asks(item: BookingItem, *, at: datetime) -> bool:
    return at < item.starts_at <= at + CLOSE


def _difference(was: Mapping[str, Any], now: Mapping[str, Any], *, asks: bool = False) -> News:
    times = {
        name: datetime.fromisoformat(was[name])
        for name in ("starts_at", "ends_at")
        if name in was and was[name] != now[name]
    }
    rooms = (
        tuple((name, english) for name, english in was.get("rooms", ())) if was.get("rooms") != now["rooms"] else None
    )
    return News(starts_at=times.get("starts_at"), ends_at=times.get("ends_at"), rooms=rooms, asks=asks)
