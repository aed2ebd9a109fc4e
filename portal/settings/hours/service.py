"""When a venue is open: hours, deployment, special days. Bookings that would lie outside are named first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

import portal.clock as clock
from portal.audit import Actor
from portal.bookings import claims
from portal.bookings.slots.calendar import Days, OpeningWindow, Schedule, ScheduleKind, VenueCalendar
from portal.bookings.slots.intervals import epoch
from portal.bookings.slots.queries import load_calendar
from portal.clock import now
from portal.database import atomic, db
from portal.errors import Invalid
from portal.models import OpeningHours, SpecialDay, Venue
from portal.settings.changing import check_version, take_over
from portal.settings.errors import BookingsHit
from portal.settings.hits import Hit
from portal.settings.hours.queries import forget_special, forget_weekly, special_day, weekly_hours
from portal.settings.queries import HORIZON, hits_ahead, lock_venue

Windows = Sequence[tuple[time, time]]
Weekly = Mapping[int, Windows]
_MINUTES_A_DAY = 24 * 60
NOTE_LENGTH = 200
# How far back and ahead special days may lie.
_AHEAD = timedelta(days=3 * 366)


@atomic
def change_hours(
    venue: Venue,
    *,
    values: Mapping[str, Any],
    weekly: Weekly,
    over: Collection[UUID] = (),
    version: int | None,
    by: Actor,
) -> Venue:
    """The usual hours, those of each day of the week (0 = Sunday; none at all: every day is usual), and deployment.

    Bookings ahead that would lie outside stay where they are, once their keys are among `over`. Harmless when nothing
    is new. Raises Stale, Invalid, BookingsHit.
    """
    _check(values, weekly)
    claims.lock_days(venue.organisation_id, now(), now() + HORIZON)
    venue = lock_venue(venue)
    check_version(venue, version)
    before = load_calendar(venue)
    was = _said(weekly_hours(venue))
    after = replace(
        before,
        windows=(OpeningWindow(values["opening_time"], values["closing_time"]),),
        weekday_windows={day: tuple(OpeningWindow(*one) for one in weekly.get(day, ())) for day in range(7)}
        if weekly
        else {},
        schedule=_schedule(values),
    )
    _refuse_hits(venue, before, after, over)
    rows = [OpeningHours(venue_id=venue.id, weekday=day, opens=opens, closes=closes)
            for day, windows in sorted(weekly.items()) for opens, closes in sorted(windows)]  # fmt: skip
    if was != _said(rows):
        forget_weekly(venue)
        db.session.add_all(rows)
    take_over(venue, venue, values, verb="venue:hours_changed", by=by, beside={"weekly": (was, _said(rows))})
    return venue


@atomic
def set_special_day(
    venue: Venue,
    *,
    day: date | None,
    windows: Windows,
    note: str | None,
    over: Collection[UUID] = (),
    version: int | None,
    by: Actor,
) -> None:
    """That date is closed (no windows), or open in these alone; it replaces what was said of the date before.

    Raises Stale, Invalid for a date that is over, BookingsHit.
    """
    if day is None or not venue.today() <= day <= venue.today() + _AHEAD:
        raise Invalid(_("Please choose a date from today on, within three years."), field="day")
    _check_windows(windows, "opens_1")
    if note and len(note) > NOTE_LENGTH:
        raise Invalid(_("Please use at most %(count)d characters.", count=NOTE_LENGTH), field="note")
    _lock(venue, day)
    venue = lock_venue(venue)
    check_version(venue, version)
    before = load_calendar(venue)
    told = {**before.special_days, day: tuple(OpeningWindow(*one) for one in windows)}
    _refuse_hits(venue, before, replace(before, special_days=told), over)
    was = _of_day(special_day(venue, day))
    forget_special(venue, day)
    rows = [SpecialDay(venue_id=venue.id, day=day, opens=opens, closes=closes, note=note) for opens, closes in windows]
    rows = rows or [SpecialDay(venue_id=venue.id, day=day, note=note)]
    db.session.add_all(rows)
    take_over(venue, venue, {}, verb="venue:special_day", by=by, beside={str(day): (was, _of_day(rows))})


@atomic
def remove_special_day(venue: Venue, *, day: date, over: Collection[UUID] = (), by: Actor) -> None:
    """That date is like any other again. Harmless when it was. Raises BookingsHit when it was a special opening."""
    _lock(venue, day)
    venue = lock_venue(venue)
    was = _of_day(special_day(venue, day))
    if was is None:
        return
    before = load_calendar(venue)
    told = {one: windows for one, windows in before.special_days.items() if one != day}
    _refuse_hits(venue, before, replace(before, special_days=told), over)
    forget_special(venue, day)
    take_over(venue, venue, {}, verb="venue:special_day", by=by, beside={str(day): (was, None)})


def _lock(venue: Venue, day: date) -> None:
    """Whoever books on that date waits, or has booked already: windows may reach into the next day."""
    noon = clock.start_of_day(day, venue.timezone) + timedelta(hours=12)
    claims.lock_days(venue.organisation_id, noon - timedelta(days=1), noon + timedelta(days=1))


def uncovered(hits: Sequence[Hit], before: VenueCalendar, after: VenueCalendar) -> list[Hit]:
    """Those of the treatments that lie in the hours of before and outside those of after."""
    old, new = Days(before), Days(after)
    return [hit for hit in hits if _lies_in(old, hit) and not _lies_in(new, hit)]


def _lies_in(days: Days, hit: Hit) -> bool:
    start, end = epoch(hit.starts_at), epoch(hit.ends_at)
    day = days[days.date_of(start)]
    return day.receives(start) and day.hours_for(start, end) is not None


def _refuse_hits(venue: Venue, before: VenueCalendar, after: VenueCalendar, over: Collection[UUID]) -> None:
    known = set(over)
    left = [hit for hit in uncovered(hits_ahead(venue, at=now()), before, after) if hit.booking not in known]
    if left:
        raise BookingsHit(left)


def _schedule(values: Mapping[str, Any]) -> Schedule:
    weekdays = values["days_of_week"]
    return Schedule(
        kind=ScheduleKind(values["schedule_type"]),
        first=values["recurring_start_date"],
        last=values["recurring_end_date"],
        weekdays=None if weekdays is None else frozenset(weekdays),
        every_weeks=values["recurrence_interval"],
        dates=frozenset(date.fromisoformat(day) for day in values["one_time_dates"] or []),
    )


def _check(values: Mapping[str, Any], weekly: Weekly) -> None:
    if values["opening_time"] == values["closing_time"]:
        raise Invalid(_("Opening and closing are the same."), field="closing_time")
    for day, windows in weekly.items():
        _check_windows(windows, f"opens_{day}_1")
    first, last = values["recurring_start_date"], values["recurring_end_date"]
    if first and last and last < first:
        raise Invalid(_("The last day is before the first."), field="recurring_end_date")
    if values["schedule_type"] == ScheduleKind.ONE_TIME and not values["one_time_dates"]:
        raise Invalid(_("Please name at least one date."), field="one_time_dates")
    if values["schedule_type"] == ScheduleKind.SPECIFIC_DAYS and values["recurrence_interval"] > 1 and not first:
        raise Invalid(_("Please say from which day the weeks are counted."), field="recurring_start_date")


def _check_windows(windows: Windows, field: str) -> None:
    """Raises Invalid for a window without length and for two that overlap; one may end on the next day."""
    spans = sorted((_minute(opens), _minute(closes)) for opens, closes in windows)
    spans = [(opens, closes if closes > opens else closes + _MINUTES_A_DAY) for opens, closes in spans]
    if any(closes - opens == _MINUTES_A_DAY for opens, closes in spans):
        raise Invalid(_("Opening and closing are the same."), field=field)
    if any(one[1] > other[0] for one, other in pairwise(spans)):
        raise Invalid(_("These hours overlap."), field=field)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _said(rows: Sequence[OpeningHours]) -> list[str]:
    return [f"{row.weekday} {row.opens:%H:%M}–{row.closes:%H:%M}" for row in rows]


def _of_day(rows: Sequence[SpecialDay]) -> list[str] | None:
    """What is said of a date: None when nothing is, no hours when it is closed."""
    if not rows:
        return None
    return [f"{row.opens:%H:%M}–{row.closes:%H:%M}" for row in rows if row.opens and row.closes]
