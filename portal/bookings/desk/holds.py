"""The soft hold: who is typing a booking where, and what was typed so far. It is in nobody's way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.bookings.desk.queries import find_hold, lock_hold
from portal.clock import local_date, now
from portal.database import atomic, db, insert_into
from portal.live.service import announce
from portal.models import SoftHold, StaffMember, Venue
from portal.team.queries import columns_of

KEPT = timedelta(minutes=5)
# Who sees the hold need not be told each time that it lasts a little longer.
_TOLD_AGAIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Typed:
    """Where a booking is being typed; without a resource nowhere that can be shown."""

    starts_at: datetime
    ends_at: datetime
    resource_id: int | None = None


@atomic
def hold_place(venue: Venue, member: StaffMember, typed: Typed, *, draft: dict[str, Any] | None = None) -> SoftHold:
    """The member is typing a booking there, for five minutes unless she goes on; one hold a member and venue.

    `draft` is what she has typed; without it what she typed before is kept.
    Colleagues are told when it moves, and before it would vanish from their screens.
    """
    at = now()
    values = {
        "organisation_id": venue.organisation_id, "venue_id": venue.id, "member_id": member.id,
        "starts_at": typed.starts_at, "ends_at": typed.ends_at, "expires_at": at,
    }  # fmt: skip
    db.session.execute(insert_into(SoftHold).on_conflict_do_nothing(), values)
    hold = lock_hold(venue, member)
    if hold is None:
        raise AssertionError("it was there or has been made")
    was = _place(hold) if hold.expires_at > at else None
    left = hold.expires_at - at
    hold.resource_id, hold.starts_at, hold.ends_at = typed.resource_id, typed.starts_at, typed.ends_at
    hold.expires_at = at + KEPT
    if draft is not None:
        hold.draft = draft
    db.session.flush()
    if was != _place(hold) or KEPT - left > _TOLD_AGAIN:
        _tell(venue, was, _place(hold))
    return hold


@atomic
def let_go(venue: Venue, member: StaffMember) -> None:
    """She is typing no more, and what was typed is forgotten. Harmless when there is nothing."""
    hold = lock_hold(venue, member)
    if hold is not None:
        was = _place(hold)
        db.session.delete(hold)
        db.session.flush()
        _tell(venue, was)


def kept_draft(venue: Venue, member: StaffMember) -> dict[str, Any]:
    """What the member typed last and did not send, if that is not too long ago."""
    hold = find_hold(venue, member, at=now())
    return dict(hold.draft) if hold is not None else {}


_Place = tuple[int | None, datetime, datetime]


def _place(hold: SoftHold) -> _Place:
    return hold.resource_id, hold.starts_at, hold.ends_at


def _tell(venue: Venue, *places: _Place | None) -> None:
    shown = [(place[0], place[1]) for place in places if place and place[0] is not None]
    columns = columns_of(venue, [resource_id for resource_id, _starts_at in shown])
    topics = {f"column:{local_date(starts_at, venue.timezone)}:{columns[one]}" for one, starts_at in shown}
    if topics:
        announce(venue, *topics)
