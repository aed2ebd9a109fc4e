"""Telling open pages that something changed: the row is written with the change, pages fetch after the commit."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from portal.database import db
from portal.models.message import LiveEvent
from portal.models.venue import Venue


def announce(venue: Venue, *topics: str) -> None:
    """Say which topics of the venue changed, such as `agenda:2026-11-20` or `offers`."""
    db.session.add(LiveEvent(venue_id=venue.id, topics=sorted(set(topics))))


def agenda_topic(venue: Venue, instant: datetime) -> str:
    """The topic of the venue's local day on which `instant` falls."""
    return f"agenda:{instant.astimezone(ZoneInfo(venue.timezone)).date().isoformat()}"
