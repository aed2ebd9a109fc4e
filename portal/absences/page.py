"""What the pages of her own time show beside the week itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.absences import words
from portal.absences.forms import SickForm, TimeOffForm
from portal.absences.impact import Impact, impact_of
from portal.absences.queries import answers_for, home_of, shifts_of
from portal.absences.sickness import sick_now
from portal.absences.spans import check
from portal.absences.swaps.page import cards_for
from portal.absences.week import NOWHERE, week_page
from portal.blocks.facts import Span
from portal.clock import local_date, now
from portal.errors import Invalid, PortalError
from portal.models import StaffMember, TimeOff

_DAY = timedelta(days=1)


def week_context(member: StaffMember, day: date | None, *, wrong: str = "") -> dict[str, Any]:
    """The context of `absences/week.html`; `wrong` is why being sick could not be noted."""
    at = now()
    return {
        "week": week_page(member, day, at=at),
        "requests": answers_for(member, at=at),
        "sick": sick_now(member, at=at),
        "swaps": cards_for(member, at=at),
        "wrong": wrong,
        "words": words,
    }


def last_day_of(member: StaffMember, form: SickForm) -> date:
    """Until when she says that she is sick, by the clock of her first venue. Raises Invalid."""
    if not form.validate():
        raise Invalid(_("Please enter a date."), field="until")
    home = home_of(member)
    return form.last(home.today() if home else local_date(now(), NOWHERE))


def asking(member: StaffMember, form: TimeOffForm, *, error: PortalError | None = None) -> dict[str, Any]:
    """The context of `absences/time_off.html`, with the error beside its field."""
    if error is not None:
        form.refuse(error)
    return {"form": form, "words": words, **judged(member, form)}


def judged(member: StaffMember, form: TimeOffForm) -> dict[str, Any]:
    """What the time that stands in the form would hit; nothing for a time that is none."""
    try:
        span = span_asked(member, form)
    except Invalid as wrong:
        return {"impact": None, "span": "", "wrong": str(wrong.message) if form.day.data else ""}
    home = home_of(member)
    zone = home.timezone if home else NOWHERE
    impact = impact_of(member, *span, at=now())
    return {"impact": impact, "span": words.when(*span, zone), "wrong": ""}


def span_asked(member: StaffMember, form: TimeOffForm) -> Span:
    """The time that the form asks for. Raises Invalid."""
    home = home_of(member)
    if home is None:
        raise Invalid(field="day")
    return check(home, form.span(home, lambda first, last: shifts_of(member, first - _DAY, last)))


def prefilled(asked: MultiDict[str, str]) -> TimeOffForm:
    """The form with what the address knows."""
    return TimeOffForm(formdata=asked if "day" in asked else None, meta={"csrf": False})


def one_request(member: StaffMember, off: TimeOff) -> dict[str, Any]:
    """The context of `absences/request.html`."""
    home = home_of(member)
    impact: Impact | None = None
    if off.is_waiting or off.is_approved:
        impact = impact_of(member, off.starts_at, off.ends_at, at=now())
    return {"off": off, "impact": impact, "zone": home.timezone if home else NOWHERE, "words": words}
