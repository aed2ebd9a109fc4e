"""What one does with a series once it is there: change it, cancel it, go on with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import portal.audit as audit
from portal.audit import SYSTEM, Actor
from portal.bookings import claims
from portal.bookings.errors import Stale
from portal.bookings.moving import Move, move_booking
from portal.bookings.queries import get_booking, lock_booking
from portal.bookings.service import cancel_booking
from portal.bookings.slots.queries import load_snapshot
from portal.changes.record import recording
from portal.clock import exists, local_instant, now
from portal.database import atomic
from portal.models import Booking, Series, StaffMember, Venue
from portal.series.errors import NothingLeft, SeriesConflict
from portal.series.making import continue_one
from portal.series.preview import CONFLICT, NO_SUCH_TIME, OK, Occurrence, horizon_of, refused
from portal.series.queries import lock_series, open_occurrences, series_to_continue
from portal.series.template import first_wall, local_wall, wish_like
from portal.webhooks import outbox

THIS, FOLLOWING, ALL = "this", "following", "all"
SCOPES = (THIS, FOLLOWING, ALL)
_DAY = timedelta(days=1)


@atomic
def change_series(
    venue: Venue,
    *,
    booking: Booking,
    scope: str,
    starts_at: datetime,
    by: Actor,
    therapist: StaffMember | None = None,
    version: int | None = None,
) -> list[Booking]:
    """Move this booking there, and those that follow it (or all that have not begun) by the same wall-clock distance.

    A `therapist` is given all of them. What is made later follows too. All or none: raises SeriesConflict with the
    dates that cannot be had, NothingLeft, Stale; for this one alone what `move_booking` raises.
    """
    if scope == THIS or booking.series is None:
        move = Move(starts_at=starts_at, therapist=therapist)
        return [move_booking(venue, booking=booking, move=move, by=by, version=version)]
    series = lock_series(venue, booking.series)
    shift = local_wall(starts_at, venue) - local_wall(booking.starts_at, venue)
    chosen = _in_scope(venue, series, booking, scope)
    _lock(venue, chosen, shift)
    _check_version(venue, booking, version)
    found = _preview(venue, chosen, shift, therapist)
    if conflicts := [one.date for one in found if one.state == CONFLICT]:
        raise SeriesConflict(conflicts)
    with recording(venue, "series:changed", series, by=by):
        # Whoever moves forward makes way for the one behind: none may step on the place of another.
        pairs = sorted(zip(chosen, found, strict=True), key=_by_start, reverse=shift > timedelta())
        moved = [
            move_booking(venue, booking=one, move=Move(starts_at=target.starts_at, therapist=therapist), by=by)
            for one, target in pairs
        ]
        _remember(venue, series, booking, chosen[0], starts_at, therapist)
    audit.record(by, "series:changed", series, scope=scope, bookings=len(moved))
    outbox.publish("series.changed", series, scope=scope)
    return sorted(moved, key=_starts_at)


def preview_change(
    venue: Venue, *, booking: Booking, scope: str, starts_at: datetime, therapist: StaffMember | None = None
) -> list[Occurrence]:
    """For each booking of the scope where it would stand, and whether it can be had. Raises NothingLeft."""
    if booking.series is None:
        return []
    shift = local_wall(starts_at, venue) - local_wall(booking.starts_at, venue)
    chosen = [booking] if scope == THIS else _in_scope(venue, booking.series, booking, scope)
    return _preview(venue, chosen, shift, therapist)


@atomic
def cancel_series(
    venue: Venue,
    *,
    booking: Booking,
    scope: str,
    reason: str,
    by: Actor,
    refund_percent: int | None = None,
    version: int | None = None,
    tell: bool = False,
) -> list[Booking]:
    """Cancel this booking; or those that follow it too, or all that have not begun, and end the series there.

    With `tell` the guest gets an e-mail about each. Raises NothingLeft, Stale; for this one alone what
    `cancel_booking` raises.
    """
    told: dict[str, Any] = {
        "reason": reason,
        "cancelled_by": "staff",
        "by": by,
        "refund_percent": refund_percent,
        "tell": tell,
    }
    if scope == THIS or booking.series is None:
        return [cancel_booking(venue, booking=booking, version=version, **told)]
    series = lock_series(venue, booking.series)
    chosen = _in_scope(venue, series, booking, scope)
    _lock(venue, chosen, timedelta())
    _check_version(venue, booking, version)
    with recording(venue, "series:cancelled", series, by=by):
        gone = [cancel_booking(venue, booking=one, **told) for one in chosen]
        last = _date_of(booking) if scope == FOLLOWING else _date_of(chosen[0])
        series.ended_on = min(last, series.ended_on or last)
        series.skipped = [day for day in series.skipped if date.fromisoformat(day) < last]
    audit.record(by, "series:cancelled", series, scope=scope, bookings=len(gone))
    outbox.publish("series.cancelled", series, scope=scope)
    return gone


def continue_series(venue: Venue) -> int:
    """Make the bookings that have come within 3 months; returns how many series were looked at."""
    found = series_to_continue(venue, horizon_of(venue))
    return sum(continue_one(venue, series, by=SYSTEM) for series in found)


def _in_scope(venue: Venue, series: Series, booking: Booking, scope: str) -> list[Booking]:
    """The bookings meant, in order of their dates: never one that has begun."""
    since = _date_of(booking) if scope == FOLLOWING else None
    found = open_occurrences(venue, series, now(), since=since)
    if not found:
        raise NothingLeft()
    return [get_booking(venue, one.uuid) for one in found]


def _lock(venue: Venue, chosen: Sequence[Booking], shift: timedelta) -> None:
    margin = timedelta(hours=1)  # the clock may change between the two
    spans = [(one.starts_at, one.ends_at) for one in chosen]
    there = [(start + shift - margin, end + shift + margin) for start, end in spans] if shift else []
    claims.lock_spans(venue.organisation_id, *spans, *there)


def _check_version(venue: Venue, booking: Booking, version: int | None) -> None:
    """The form speaks of this booking: it must be as it was shown. Raises Stale."""
    if version is not None and lock_booking(venue, booking).version != version:
        raise Stale()


def _preview(
    venue: Venue, chosen: Sequence[Booking], shift: timedelta, therapist: StaffMember | None
) -> list[Occurrence]:
    walls = [local_wall(one.starts_at, venue) + shift for one in chosen]
    items = {item.id for one in chosen for item in one.items}
    first, last = min(walls).date(), max(walls).date()
    snapshot = load_snapshot(venue, first=first, last=last + _DAY, without=items)
    at, found = now(), []
    for one, wall in zip(chosen, walls, strict=True):
        starts_at = local_instant(wall, venue.timezone)
        if not exists(wall, venue.timezone):
            found.append(Occurrence(_date_of(one), wall, None, CONFLICT, NO_SUCH_TIME))
            continue
        wish = wish_like(one)
        if therapist is not None:
            wish = replace(wish, therapists=(therapist,))
        no = refused(venue, snapshot, wish, starts_at, at)
        found.append(Occurrence(_date_of(one), wall, starts_at, CONFLICT if no else OK, *(no or ())))
    return found


def _remember(
    venue: Venue, series: Series, booking: Booking, first: Booking, starts_at: datetime, therapist: StaffMember | None
) -> None:
    """What is made later stands where the rule says, moved by as much as these were."""
    rule_wall = datetime.combine(_date_of(booking), first_wall(series).time())
    minutes = int((local_wall(starts_at, venue) - rule_wall).total_seconds()) // 60
    since = _date_of(first)
    kept = {day: shift for day, shift in series.template.get("moves", {}).items() if date.fromisoformat(day) < since}
    template = series.template | {"moves": kept | {since.isoformat(): minutes}}
    if therapist is not None:
        template["therapists"] = [str(therapist.uuid)]
    series.template = template


def _date_of(booking: Booking) -> date:
    return booking.series_date or booking.starts_at.date()


def _starts_at(booking: Booking) -> datetime:
    return booking.starts_at


def _by_start(pair: tuple[Booking, Occurrence]) -> datetime:
    return pair[0].starts_at
