"""Somebody asks to be off next week, and a shift is up for whoever can take it."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.clock import local_date, start_of_day
from portal.database import db
from portal.demo.cast import Cast
from portal.demo.idents import ident
from portal.models import Shift, ShiftSwap, StaffMember, TimeOff

# Those of the first house; the others are too few to be away.
ASKS, GIVES = "Inès", "Julien"


def make_absences(cast: Cast, at: datetime) -> None:
    """A request of two days, and a shift that its owner would rather not work."""
    venue = cast.venues[0]
    asks, gives = _named(cast, ASKS), _named(cast, GIVES)
    if asks is not None:
        first = local_date(at, venue.timezone) + timedelta(days=5)
        db.session.add(
            TimeOff(
                uuid=ident("time-off", asks.email), organisation_id=venue.organisation_id, member=asks,
                kind="vacation", note="Mariage de ma sœur", asked_at=at - timedelta(hours=20),
                starts_at=start_of_day(first, venue.timezone),
                ends_at=start_of_day(first + timedelta(days=2), venue.timezone),
            )
        )  # fmt: skip
    shift = _next_week(cast, gives, at) if gives is not None else None
    if shift is not None:
        db.session.add(
            ShiftSwap(
                uuid=ident("swap", shift.member.email), organisation_id=venue.organisation_id, venue=venue,
                member=shift.member, shift=shift, note="Rendez-vous médical", asked_at=at - timedelta(hours=3),
            )
        )  # fmt: skip


def _named(cast: Cast, first_name: str) -> StaffMember | None:
    return next((one.member for one in cast.therapists if one.member.first_name == first_name), None)


def _next_week(cast: Cast, member: StaffMember, at: datetime) -> Shift | None:
    ahead = [one for one in cast.shifts if one.member is member and one.starts_at > at + timedelta(days=6)]
    return min(ahead, key=lambda one: one.starts_at, default=None)
