"""Telling open pages that something changed: the row is written with the change, pages fetch after the commit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from portal.clock import local_date
from portal.database import append, atomic, db
from portal.models.message import LiveEvent
from portal.models.venue import Venue

# Longer than a stream replays, see queries.REPLAYED.
KEPT = timedelta(minutes=20)
# What therapists are asked and what they hold.
OFFERS = "offers"
# Who is away, and shifts that change hands.
ABSENCES = "absences"
# How the venue works: its hours, rooms, menu and rules, whatever the day.
VENUE = "venue"
# Who is planned to work when, drafts included.
ROTA = "rota"


def announce(venue: Venue, *topics: str) -> None:
    """Say which topics of the venue changed, such as `agenda:2026-11-20` or `offers`."""
    append(LiveEvent(venue_id=venue.id, topics=sorted(set(topics))))


def agenda_topic(venue: Venue, instant: datetime) -> str:
    """The topic of the venue's local day on which `instant` falls."""
    return f"agenda:{local_date(instant, venue.timezone).isoformat()}"


@atomic
def forget_changes(*, at: datetime) -> int:
    """Remove what no page will ask for any more, and say how many rows that were.

    The newest row stays: SQLite would give its number out a second time.
    """
    newest = db.session.scalar(select(func.max(LiveEvent.id)))
    old = delete(LiveEvent).where(LiveEvent.at < at - KEPT, LiveEvent.id < (newest or 0))
    removed = db.session.connection().execute(old)
    return removed.rowcount
