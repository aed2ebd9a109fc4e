"""What the pages of copies, patterns and publishing show: the plan first, by day and person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.absences.calendar import week_of
from portal.errors import Invalid, PortalError
from portal.i18n import short_date
from portal.models import Venue
from portal.shifts import words
from portal.shifts.copying import preview_day, preview_weeks
from portal.shifts.drafting import Draft
from portal.shifts.facts import About, Facts, Work
from portal.shifts.forms import CopyForm, PublishForm
from portal.shifts.judging import concerns
from portal.shifts.publishing import days_of, state_of_drafts
from portal.shifts.queries import facts_of_days, people_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Planned:
    """A shift of a plan, in words; `why` is why it is left out, or what is to be known."""

    name: str
    hours: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class OnDay:
    day: date
    shifts: list[Planned]


@dataclass(frozen=True, slots=True)
class Plan:
    """By day: what would be made, what is left out, and how many old drafts make way."""

    made: list[OnDay]
    skipped: list[OnDay]
    dropped: list[OnDay]
    sentence: str
    changes: bool


def plan_of(venue: Venue, drafted: Draft) -> Plan:
    """The plan in words."""
    lines = [line.wish for line in drafted.lines]
    days = [wish.day for wish in lines] + [work.day for work in drafted.dropped] or [venue.today()]
    names = {one.id: one.name for one in people_of(venue, min(days), max(days))}
    return Plan(
        made=_by_day((line.wish.day, _planned(names, line)) for line in drafted.made),
        skipped=_by_day((line.wish.day, _planned(names, line)) for line in drafted.skipped),
        dropped=_by_day(
            (one.day, Planned(names.get(one.member_id, ""), words.hours(one.start, one.end))) for one in drafted.dropped
        ),
        sentence=words.would_sentence(drafted),
        changes=bool(drafted.made or drafted.dropped),
    )


def copying(
    venue: Venue, monday: date, form: CopyForm, *, how: str, error: PortalError | None = None
) -> dict[str, Any]:
    """The context of `shifts/copy.html`: what the chosen copy would make, once it is chosen."""
    form.offer(monday)
    plan = None
    if error is None and how:
        try:
            plan = plan_of(venue, _previewed(venue, monday, form, how))
        except Invalid as wrong:
            error = wrong
    if error is not None:
        form.refuse(error)
    days = week_of(monday)
    return {
        "venue": venue,
        "monday": monday,
        "title": words.week_title(days),
        "days": days,
        "targets": [monday + n * _DAY for n in range(14)],
        "form": form,
        "how": how,
        "plan": plan,
        "words": words,
    }


def _previewed(venue: Venue, monday: date, form: CopyForm, how: str) -> Draft:
    if how == "day":
        return preview_day(venue, **form.days())
    if how != "weeks":
        raise Invalid(_("Please choose what shall be copied."))
    return preview_weeks(venue, monday=monday, weeks=form.weeks.data or 0)


@dataclass(frozen=True, slots=True)
class News:
    """What somebody is told when it is published: her new shifts and all her hours, and what speaks against them."""

    name: str
    shifts: list[str]
    hours: str
    remarks: list[str]


def publishing(venue: Venue, monday: date, form: PublishForm, *, error: PortalError | None = None) -> dict[str, Any]:
    """The context of `shifts/publish.html`: who is told what, with the state that is published."""
    weeks = form.weeks.data or 0
    try:
        first, last = days_of(monday, weeks)
    except Invalid as wrong:
        error, weeks = wrong, 1
        first, last = days_of(monday, 1)
    if error is not None:
        form.refuse(error)
    people = people_of(venue, first, last)
    facts = facts_of_days(venue, {one.id for one in people}, first, last)
    count, form.seen.data = state_of_drafts(venue, monday, weeks)
    here = [one for one in facts.shifts if one.venue_id == venue.id and first <= one.day <= last]
    return {
        "venue": venue,
        "monday": monday,
        "title": words.week_title([first, last]),
        "weeks": weeks,
        "form": form,
        "count": count,
        "news": [_news(facts, one.name, [work for work in here if work.member_id == one.id]) for one in people
                 if any(work.member_id == one.id and not work.counts for work in here)],
        "back": url_for("rota.week", venue=venue.slug, day=monday),
        "words": words,
    }  # fmt: skip


def _news(facts: Facts, name: str, shifts: list[Work]) -> News:
    drafts = [one for one in shifts if not one.counts]
    remarks = [
        words.concern_sentence(concern, facts.zone)
        for one in drafts
        for concern in concerns(facts, member_id=one.member_id, span=one.span, before=one)
        if concern.about is not About.ALONE
    ]
    return News(
        name=name,
        shifts=[f"{short_date(one.day)}, {words.work_hours(one)}" for one in drafts],
        hours=words.length(sum((one.length for one in shifts), timedelta())),
        remarks=list(dict.fromkeys(remarks)),
    )


def _planned(names: dict[int, str], line: Any) -> Planned:
    wish = line.wish
    hours = words.hours(wish.start, wish.end) if wish.start != wish.end else ""
    return Planned(names.get(wish.member_id, "?"), hours, words.why_sentence(line))


def _by_day(found: Iterable[tuple[date, Planned]]) -> list[OnDay]:
    days: dict[date, list[Planned]] = defaultdict(list)
    for day, planned in found:
        days[day].append(planned)
    return [OnDay(day, days[day]) for day in sorted(days)]
