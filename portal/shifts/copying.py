"""Copying days and weeks: always drafts, around approved time off, looked at before they are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from flask_babel import gettext as _

import portal.audit as audit
from portal.audit import Actor
from portal.bookings import claims, news
from portal.bookings.claims import TimeTaken
from portal.changes.record import recording
from portal.clock import day_bounds
from portal.database import atomic, db
from portal.errors import Invalid
from portal.models import Shift, StaffMember, Venue
from portal.models.shift import DRAFT
from portal.shifts.drafting import Draft, draft
from portal.shifts.errors import ShiftOverlaps
from portal.shifts.facts import Wish
from portal.shifts.queries import facts_of_days, lock_shifts, standing_between, team_of
from portal.shifts.times import span_of

MOST_WEEKS, MOST_DAYS = 26, 31
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def preview_day(venue: Venue, *, source: date, targets: Sequence[date]) -> Draft:
    """What copying the shifts of one date to others would make. Raises Invalid."""
    return _drafted(venue, _of_day(venue, source, targets), list(targets))


def preview_weeks(venue: Venue, *, monday: date, weeks: int) -> Draft:
    """What copying a week to each of the next weeks would make. Raises Invalid."""
    return _drafted(venue, _of_weeks(venue, monday, weeks), [monday + _WEEK, monday + weeks * _WEEK + 6 * _DAY])


@atomic
def copy_day(venue: Venue, *, source: date, targets: Sequence[date], by: Actor) -> tuple[Draft, list[Shift]]:
    """Make drafts of a date's shifts on other dates; what stands there stays. Raises Invalid."""
    lock_dates(venue, targets)
    drafted = preview_day(venue, source=source, targets=targets)
    return drafted, make(venue, drafted, verb="rota:day_copied", by=by, source=str(source))


@atomic
def copy_weeks(venue: Venue, *, monday: date, weeks: int, by: Actor) -> tuple[Draft, list[Shift]]:
    """Make drafts of a week's shifts in each of the next `weeks` weeks; what stands there stays. Raises Invalid."""
    if 1 <= weeks <= MOST_WEEKS:
        lock_dates(venue, [monday + n * _DAY for n in range(7, 7 * weeks + 7)])
    drafted = preview_weeks(venue, monday=monday, weeks=weeks)
    return drafted, make(venue, drafted, verb="rota:weeks_copied", by=by, source=str(monday), weeks=weeks)


def make(venue: Venue, drafted: Draft, *, verb: str, by: Actor, **details: object) -> list[Shift]:
    """Write the plan: drafts are made and dropped, one undo takes all of it back. The caller holds the days."""
    people = {one.id: one for one in team_of(venue)}
    gone = lock_shifts(venue, [one.id for one in drafted.dropped])
    shifts = [_shift(venue, people[line.wish.member_id], line.wish) for line in drafted.made]
    if not shifts and not gone:
        return []
    with recording(venue, verb, *gone, by=by) as change:
        for one in gone:
            one.remove()
        try:
            claims.write()
            db.session.add_all(shifts)
            claims.write()
        except TimeTaken:
            raise ShiftOverlaps() from None
        change.created(*shifts)
    audit.record(by, verb, venue, made=len(shifts), skipped=len(drafted.skipped), dropped=len(gone), **details)
    news.tell_shifts(venue, *map(news.Worked.of, [*shifts, *gone]))
    return shifts


def lock_dates(venue: Venue, days: Iterable[date]) -> None:
    """Whoever else decides about these local dates waits until the transaction ends."""
    claims.lock_spans(venue.organisation_id, *(day_bounds(day, venue.timezone) for day in days))


def _of_day(venue: Venue, source: date, targets: Sequence[date]) -> list[Wish]:
    if not targets:
        raise Invalid(_("Please choose at least one day to copy to."), field="targets")
    if len(targets) > MOST_DAYS:
        raise Invalid(_("Please choose at most %(count)d days.", count=MOST_DAYS), field="targets")
    if source in targets:
        raise Invalid(_("A day cannot be copied to itself."), field="targets")
    shifts = standing_between(venue, source, source)
    return [Wish(one.member_id, day, one.start_time, one.end_time) for day in set(targets) for one in shifts]


def _of_weeks(venue: Venue, monday: date, weeks: int) -> list[Wish]:
    if not 1 <= weeks <= MOST_WEEKS:
        raise Invalid(_("Please choose 1 to %(count)d weeks.", count=MOST_WEEKS), field="weeks")
    shifts = standing_between(venue, monday, monday + 6 * _DAY)
    return [
        Wish(one.member_id, one.day + n * _WEEK, one.start_time, one.end_time)
        for n in range(1, weeks + 1)
        for one in shifts
    ]


def _drafted(venue: Venue, wishes: list[Wish], days: Sequence[date]) -> Draft:
    facts = facts_of_days(venue, {one.member_id for one in wishes}, min(days), max(days))
    team = frozenset(one.id for one in team_of(venue))
    return draft(facts, wishes, team=team, today=venue.today(), span_of=lambda wish: span_of(venue, *wish[1:4]))


def _shift(venue: Venue, member: StaffMember, wish: Wish) -> Shift:
    shift = Shift.planned(venue, member, day=wish.day, start=wish.start, end=wish.end, status=DRAFT)
    shift.template_id = wish.template_id
    return shift
