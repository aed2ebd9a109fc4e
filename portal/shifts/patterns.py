"""Weekly patterns: kept per member and venue, and made into drafts when somebody says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID, uuid4, uuid5

from flask_babel import gettext as _

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now
from portal.database import atomic, db
from portal.errors import Invalid
from portal.i18n import long_date
from portal.models import RotaTemplate, Shift, StaffMember, Venue
from portal.models.rota import Hours
from portal.shifts.copying import lock_dates, make
from portal.shifts.drafting import Draft, Line, Why, draft
from portal.shifts.errors import Stale
from portal.shifts.facts import Facts, Wish, Work, by_day
from portal.shifts.publishing import days_of
from portal.shifts.queries import facts_of_days, find_template, lock_member, lock_template, team_of, templates_of
from portal.shifts.times import STEP_MINUTES, span_of

MOST_SHIFTS, MOST_EXCEPTIONS = 4 * 7 * 3, 60
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Usual:
    """Working hours of a weekday (0 is Monday) in one of the pattern's weeks (from 0)."""

    week: int
    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A date with other hours, or with none."""

    day: date
    start: time | None = None
    end: time | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a template says; `valid_until` is included, none is without end."""

    usual: Sequence[Usual]
    exceptions: Sequence[Exceptional]
    valid_from: date
    valid_until: date | None = None
    weeks: int = 1


@atomic
def save_template(
    venue: Venue,
    *,
    member: StaffMember,
    pattern: Pattern,
    template: RotaTemplate | None = None,
    version: int | None = None,
    request_id: UUID | None = None,
    by: Actor,
) -> RotaTemplate:
    """A new pattern of a member, or another content of one; shifts stay as they are until it is applied.

    Patterns of one member at one venue do not overlap in time. The same `request_id` makes one. Raises Invalid, Stale,
    NotFound when it was removed.
    """
    check_pattern(pattern)
    lock_member(member)
    # Hers alone, whatever a form may say.
    name = uuid5(member.uuid, str(request_id)) if request_id else uuid4()
    if template is None and (twin := find_template(venue, member, name)):
        return twin
    if template is not None:
        template = lock_template(venue, template)
        if version is not None and template.version != version:
            raise Stale()
    _check_alone(venue, member, pattern, template)
    if template is None:
        template = RotaTemplate(
            uuid=name, organisation_id=venue.organisation_id, venue_id=venue.id, venue=venue, member=member
        )
        db.session.add(template)
    template.weeks, template.valid_from, template.valid_until = pattern.weeks, pattern.valid_from, pattern.valid_until
    template.pattern = [
        {"week": one.week, "weekday": one.weekday, "start": f"{one.start:%H:%M}", "end": f"{one.end:%H:%M}"}
        for one in pattern.usual
    ]
    template.exceptions = [
        {"day": one.day.isoformat()}
        | ({"start": f"{one.start:%H:%M}", "end": f"{one.end:%H:%M}"} if one.start and one.end else {})
        for one in pattern.exceptions
    ]
    db.session.flush()
    audit.record(by, "template:saved", template, member=str(member.uuid), since=str(pattern.valid_from))
    return template


@atomic
def remove_template(venue: Venue, *, template: RotaTemplate, version: int | None = None, by: Actor) -> RotaTemplate:
    """Nothing is made from it any more; shifts stay. Raises Stale, NotFound when it was removed."""
    template = lock_template(venue, template)
    if version is not None and template.version != version:
        raise Stale()
    template.remove(at=now())
    audit.record(by, "template:removed", template)
    return template


def preview_template(venue: Venue, *, templates: Sequence[RotaTemplate], monday: date, weeks: int) -> Draft:
    """What applying the patterns to these weeks would make. Raises Invalid."""
    first, last = days_of(monday, weeks)
    if not templates:
        raise Invalid(_("Please choose at least one pattern."), field="templates")
    facts = facts_of_days(venue, {one.member_id for one in templates}, first, last)
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    found = [_of_template(facts, template, days, venue.today()) for template in templates]
    drafted = draft(
        facts,
        [wish for one in found for wish in one.wishes],
        team=frozenset(one.id for one in team_of(venue)),
        today=venue.today(),
        span_of=lambda wish: span_of(venue, *wish[1:4]),
        dropped=[work for one in found for work in one.dropped],
    )
    lines = [*drafted.lines, *(line for one in found for line in one.left)]
    return Draft(sorted(lines, key=lambda line: (line.wish.day, line.wish.start)), drafted.dropped)


@atomic
def apply_template(
    venue: Venue, *, templates: Sequence[RotaTemplate], monday: date, weeks: int, by: Actor
) -> tuple[Draft, list[Shift]]:
    """Make drafts of the patterns in these weeks. Drafts of theirs that no longer fit make way.

    What is published stays. A second time makes nothing more. Raises Invalid.
    """
    first, last = days_of(monday, weeks)
    lock_dates(venue, [first + n * _DAY for n in range((last - first).days + 1)])
    fresh = [lock_template(venue, one) for one in sorted(templates, key=lambda one: one.id)]
    drafted = preview_template(venue, templates=fresh, monday=monday, weeks=weeks)
    return drafted, make(venue, drafted, verb="rota:template_applied", by=by, source=str(monday), weeks=weeks)


def check_pattern(pattern: Pattern) -> None:
    """Raises Invalid: no hours at all, too many, hours that meet each other, dates in the wrong order."""
    if pattern.valid_until is not None and pattern.valid_until < pattern.valid_from:
        raise Invalid(_("The last day must not be before the first."), field="valid_until")
    if not pattern.usual:
        raise Invalid(_("Please enter the hours of at least one day."), field="pattern")
    if len(pattern.usual) > MOST_SHIFTS or len(pattern.exceptions) > MOST_EXCEPTIONS:
        raise Invalid(_("This is more than a pattern can hold."), field="pattern")
    hours = [(one.start, one.end) for one in pattern.usual]
    hours += [(one.start, one.end) for one in pattern.exceptions if one.start and one.end]
    if any(clock.minute % STEP_MINUTES for pair in hours for clock in pair):
        raise Invalid(_("Please choose times in steps of five minutes."), field="pattern")
    if any(start == end for start, end in hours):
        raise Invalid(_("Start and end are the same: please choose another end."), field="pattern")
    whole = pattern.weeks * 7 * 1440
    taken: set[int] = set()
    for one in pattern.usual:
        start = (one.week * 7 + one.weekday) * 1440 + _minutes(one.start)
        length = (_minutes(one.end) - _minutes(one.start)) % 1440
        minutes = {(start + n) % whole for n in range(0, length, STEP_MINUTES)}
        if taken & minutes:
            raise Invalid(_("Two shifts of the pattern are at the same time."), field="pattern")
        taken |= minutes


@dataclass(frozen=True, slots=True)
class _Found:
    """Of one pattern."""

    wishes: list[Wish]
    left: list[Line]
    dropped: list[Work]


def _of_template(facts: Facts, template: RotaTemplate, days: Sequence[date], today: date) -> _Found:
    """What it would like on these dates, what is left out on purpose, and its own drafts that no longer fit."""
    own = [one for one in facts.shifts if one.template_id == template.id]
    standing = by_day(own)
    found = _Found([], [], [])
    for day in days:
        there = standing.get((template.member_id, day), [])
        wanted = [Wish(template.member_id, day, *hours, template.id) for hours in template.hours_on(day)]
        if any(one.counts for one in there):
            found.left.extend(Line(wish, None, Why.PUBLISHED) for wish in wanted)
            continue
        found.wishes.extend(wanted)
        found.left.extend(_exceptions(template, day))
        found.dropped.extend(one for one in there if day >= today and not _fits(one, wanted))
    return found


def _exceptions(template: RotaTemplate, day: date) -> Iterator[Line]:
    if template.is_exception(day) and not template.hours_on(day):
        yield Line(Wish(template.member_id, day, *_MIDNIGHT, template.id), None, Why.EXCEPTION)


_MIDNIGHT = Hours(time(0), time(0))


def _fits(work: Work, wanted: Sequence[Wish]) -> bool:
    return any((work.start, work.end) == (wish.start, wish.end) for wish in wanted)


def _check_alone(venue: Venue, member: StaffMember, pattern: Pattern, template: RotaTemplate | None) -> None:
    until = pattern.valid_until or date.max
    for other in templates_of(venue):
        meets = other.valid_from <= until and pattern.valid_from <= (other.valid_until or date.max)
        if other.member_id == member.id and meets and other is not template:
            told = _("%(name)s has a pattern at that time already: from %(day)s.", name=member.first_name,
                     day=long_date(other.valid_from))  # fmt: skip
            raise Invalid(told, field="valid_from")


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
