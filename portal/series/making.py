"""Making the bookings of a series: three months ahead at once, and on by the worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import uuid4

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.creation import request_booking
from portal.bookings.queries import lock_booking
from portal.bookings.request import Request
from portal.changes.record import recording
from portal.clock import local_date, now
from portal.database import atomic, db
from portal.models import Booking, Series, Venue
from portal.series.errors import NotRepeatable, SeriesConflict, WrongChoice
from portal.series.preview import FIRST, LATER, NOT_OFFERED, Occurrence, horizon_of, look, preview_series
from portal.series.queries import lock_series
from portal.series.rules import Rule, between, is_over, read_rule
from portal.series.template import first_wall, local_wall, moved_wall, template_of, wish_of
from portal.webhooks import outbox

SKIP: Literal["skip"] = "skip"
KEEP: Literal["keep"] = "keep"
Choice = Literal["skip", "keep"] | datetime
Choices = Mapping[date, Choice]


@atomic
def create_series(
    venue: Venue,
    wish: Request,
    *,
    rule: Rule,
    by: Actor,
    choices: Choices | None = None,
    skip_conflicts: bool = False,
    origin: Booking | None = None,
) -> Series:
    """Make a booking for each date of the rule up to 3 months ahead; the worker goes on from there. All or none.

    `choices` say of single dates that they are left out (`skip`, they can be placed later) or that another instant of
    the same local day is taken; with `skip_conflicts` all others that cannot be had are left out, too. With an
    `origin` the wish's own time is that booking, which becomes the first occurrence. Raises InvalidRule,
    SeriesConflict with the dates that cannot be had, NotRepeatable, WrongChoice.
    """
    choices = dict(choices or {})
    if origin is not None:
        origin = _free_to_repeat(venue, origin)
    found = preview_series(venue, wish=wish, rule=rule, made=origin is not None)
    if skip_conflicts:
        choices |= {one.date: SKIP for one in found if one.is_conflict and choices.get(one.date, KEEP) == KEEP}
    near = [_chosen(venue, one, choices) for one in found if one.state not in {FIRST, LATER}]
    _lock(venue, wish, near)
    # Once more, now that nobody else can take what is looked at; and the times that were chosen by hand, too.
    ready = [one for one in near if choices.get(one.date) != SKIP]
    _check(venue, wish, ready)
    horizon = horizon_of(venue, found[0].date)
    with recording(venue, "series:created", *([origin] if origin else []), by=by) as change:
        series = _series(venue, wish, rule, made_until=horizon, by=by)
        series.skipped = [one.date.isoformat() for one in near if choices.get(one.date) == SKIP]
        db.session.add(series)
        db.session.flush()
        change.created(series)
        if origin is not None:
            _join(origin, series, found[0].date)
        _make(venue, series, wish, ready, by=by)
    audit.record(by, "series:created", series, rule=series.rule)
    outbox.publish("series.created", series)
    return series


def belongs_to_series(booking: Booking) -> bool:
    """Whether it is an occurrence of a series that goes as far as its date: one that was undone does not."""
    return (
        booking.series is not None and booking.series_date is not None and booking.series.reaches(booking.series_date)
    )


@atomic
def place_date(venue: Venue, *, series: Series, day: date, starts_at: datetime, by: Actor) -> Booking:
    """Make the booking of a date that was left out, at whatever time there is room for it.

    Raises NotRepeatable when the date is not one of those, or when what is repeated is gone; SlotUnavailable.
    """
    series = lock_series(venue, series)
    wish = wish_of(venue, series, starts_at)
    if day.isoformat() not in series.skipped or wish is None:
        raise NotRepeatable()
    with recording(venue, "series:placed", series, by=by):
        booking = request_booking(venue, wish, by=by)
        _join(booking, series, day)
        series.skipped = [one for one in series.skipped if one != day.isoformat()]
    audit.record(by, "series:placed", series, day=day.isoformat())
    return booking


@atomic
def continue_one(venue: Venue, series: Series, *, by: Actor) -> bool:
    """Make what has come within 3 months since the last time; False when there was nothing to look at.

    A date that cannot be had is left out: it waits to be placed, and `series.conflict` tells of it. Two workers at
    once are harmless: the second one finds it done.
    """
    series = lock_series(venue, series)
    horizon, rule, first = horizon_of(venue), read_rule(series.rule), first_wall(series)
    if series.made_until >= horizon or (series.ended_on and series.ended_on <= series.made_until):
        return False
    last = min(horizon, series.ended_on - timedelta(days=1)) if series.ended_on else horizon
    walls = between(rule, first, series.made_until, last)
    conflicts = _go_on(venue, series, walls, by=by)
    series.skipped = [*series.skipped, *(one.date.isoformat() for one in conflicts)]
    series.made_until = horizon
    if is_over(rule, first, horizon) and series.ended_on is None:
        series.ended_on = series.made_until = horizon + timedelta(days=1)
    for one in conflicts:
        audit.record(by, "series:conflict", series, day=one.date.isoformat(), reason=one.reason)
        outbox.publish("series.conflict", series, day=one.date.isoformat(), reason=one.reason)
    return True


def _go_on(venue: Venue, series: Series, walls: Sequence[datetime], *, by: Actor) -> list[Occurrence]:
    """Make these occurrences of the rule; returns those that cannot be had."""
    moved = [moved_wall(series, wall) for wall in walls]
    dates = [wall.date() for wall in walls]
    if not moved:
        return []
    wish = wish_of(venue, series, now())
    if wish is None or (wish.customer is not None and wish.customer.is_blocked):
        return [Occurrence(day, wall, None, reason=NOT_OFFERED) for day, wall in zip(dates, moved, strict=True)]
    found = look(venue, wish, moved, dates=dates)
    _lock(venue, wish, found)
    found = look(venue, wish, moved, dates=dates)
    _make(venue, series, wish, [one for one in found if not one.is_conflict], by=by)
    return [one for one in found if one.is_conflict]


def _free_to_repeat(venue: Venue, origin: Booking) -> Booking:
    """The booking, locked; its day comes before its row, as in every verb."""
    claims.lock_days(venue.organisation_id, origin.starts_at, origin.ends_at)
    origin = lock_booking(venue, origin)
    if not origin.is_open or origin.starts_at <= now() or belongs_to_series(origin):
        raise NotRepeatable()
    return origin


def _chosen(venue: Venue, one: Occurrence, choices: Choices) -> Occurrence:
    choice = choices.get(one.date, KEEP)
    if not isinstance(choice, datetime):
        return one
    if local_date(choice, venue.timezone) != one.date:
        raise WrongChoice()
    return replace(one, starts_at=choice, wall=local_wall(choice, venue))


def _lock(venue: Venue, wish: Request, found: Sequence[Occurrence]) -> None:
    """All days at once, in everybody's order: one after the other two series could wait for each other."""
    length = wish.ends_at - wish.starts_at
    spans = [(one.starts_at, one.starts_at + length) for one in found if one.starts_at is not None]
    if spans:
        claims.lock_spans(venue.organisation_id, *spans)


def _check(venue: Venue, wish: Request, ready: Sequence[Occurrence]) -> None:
    again = look(venue, wish, [one.wall for one in ready], dates=[one.date for one in ready])
    if conflicts := [one.date for one in again if one.is_conflict]:
        raise SeriesConflict(conflicts)


def _make(venue: Venue, series: Series, wish: Request, found: Sequence[Occurrence], *, by: Actor) -> None:
    for one in found:
        if one.starts_at is not None:
            booking = request_booking(venue, replace(wish, starts_at=one.starts_at), by=by)
            _join(booking, series, one.date)
    db.session.flush()


def _join(booking: Booking, series: Series, day: date) -> None:
    booking.series, booking.series_date = series, day


def _series(venue: Venue, wish: Request, rule: Rule, *, made_until: date, by: Actor) -> Series:
    return Series(
        uuid=uuid4(),
        organisation_id=venue.organisation_id,
        venue=venue,
        rule=str(rule),
        first=local_wall(wish.starts_at, venue).isoformat(timespec="seconds"),
        template=template_of(wish),
        made_until=made_until,
        created_by_id=by.member.id if by.member else None,
        created_at=now(),
    )
