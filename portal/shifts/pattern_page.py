"""What the pages of patterns show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.absences.calendar import week_of
from portal.bookings.forms import readable
from portal.errors import Invalid, PortalError
from portal.i18n import long_date
from portal.models import RotaTemplate, Venue
from portal.series.words import weekday_names
from portal.shifts import words
from portal.shifts.pattern_forms import (
    MOST_WEEKS,
    SHIFTS_A_DAY,
    ApplyForm,
    PatternForm,
    cell,
    filled,
    written_exceptions,
)
from portal.shifts.patterns import preview_template
from portal.shifts.plans import plan_of
from portal.shifts.queries import team_of, templates_of

_WEEK = timedelta(days=7)


def listing(venue: Venue) -> dict[str, Any]:
    """The context of `shifts/patterns.html`."""
    found = [(one, _sentence(one), _hours(one)) for one in templates_of(venue)]
    return {"venue": venue, "templates": found, "monday": week_of(venue.today())[0], "words": words,
            "today": venue.today(), "validity": _validity}  # fmt: skip


def prefilled(
    venue: Venue, template: RotaTemplate | None, asked: MultiDict[str, str]
) -> tuple[PatternForm, Mapping[str, str]]:
    """The form of a pattern, and the fields of its hours; a new one begins next Monday."""
    if template is None:
        start = week_of(venue.today())[0] + _WEEK
        return PatternForm(formdata=None, member=asked.get("member"), valid_from=start), {}
    form = PatternForm(
        formdata=None, member=str(template.member.uuid), valid_from=template.valid_from,
        valid_until=template.valid_until, weeks=str(template.weeks), exceptions=written_exceptions(template),
        version=str(template.version),
    )  # fmt: skip
    return form, filled(template)


def editing(
    venue: Venue,
    form: PatternForm,
    hours: Mapping[str, str],
    *,
    template: RotaTemplate | None = None,
    error: PortalError | None = None,
) -> dict[str, Any]:
    """The context of `shifts/pattern.html`; `hours` are the fields of the table as they were sent."""
    form.offer([template.member] if template else team_of(venue))
    if error is not None:
        form.refuse(error)
    shown = int(form.weeks.data) if form.weeks.data in {str(number) for number in range(1, MOST_WEEKS + 1)} else 1
    return {
        "venue": venue,
        "template": template,
        "form": form,
        "hours": {name: readable(text)[:5] for name, text in hours.items() if name.startswith("w")},
        "cell": cell,
        "weeks_shown": shown,
        "most_weeks": MOST_WEEKS,
        "places": range(SHIFTS_A_DAY),
        "weekdays": weekday_names(),
        "words": words,
    }


def applying(
    venue: Venue, monday: date, form: ApplyForm, *, look: bool, error: PortalError | None = None
) -> dict[str, Any]:
    """The context of `shifts/apply.html`: once it is chosen (`look`), with what it would make."""
    templates = templates_of(venue)
    if form.templates.data is None or (not look and error is None and not form.templates.data):
        form.templates.data = [str(one.uuid) for one in templates]
    plan = None
    if look:
        try:
            chosen = form.chosen(templates)
            plan = plan_of(venue, preview_template(venue, templates=chosen, monday=monday, weeks=form.weeks.data or 0))
        except Invalid as wrong:
            error = wrong
    if error is not None:
        form.refuse(error)
    return {
        "venue": venue,
        "monday": monday,
        "title": words.week_title(week_of(monday)),
        "form": form,
        "templates": [(one, _sentence(one)) for one in templates],
        "plan": plan,
        "words": words,
    }


def _sentence(template: RotaTemplate) -> str:
    """`Mon 09:00–17:00, Tue 09:00–12:00 14:00–18:00`, of the first week."""
    names = weekday_names()
    days = [(names[weekday], template.hours_in(0, weekday)) for weekday in range(7)]
    return ", ".join(f"{name} {' '.join(words.hours(*one) for one in hours)}" for name, hours in days if hours)


def _hours(template: RotaTemplate) -> str:
    """The wall hours of a week, on average over its weeks."""
    total = timedelta()
    for week in range(template.weeks):
        for weekday in range(7):
            for start, end in template.hours_in(week, weekday):
                total += timedelta(minutes=((end.hour - start.hour) * 60 + end.minute - start.minute) % 1440)
    return words.length(total / template.weeks)


def _validity(template: RotaTemplate) -> str:
    start = long_date(template.valid_from)
    return f"{start} – {long_date(template.valid_until)}" if template.valid_until else f"{start} –"
