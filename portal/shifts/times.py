"""When a shift is: from the venue's wall time to instants, and what is refused on the way."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from portal.blocks.facts import Span
from portal.blocks.plan import instant
from portal.errors import Invalid
from portal.models import Venue

STEP_MINUTES = 5
LONGEST = timedelta(hours=24)
# How far ahead the rota is planned, and how far back it can still be put right.
AHEAD, BACK = timedelta(days=731), timedelta(days=366)
REASON_LENGTH = 200


def span_of(venue: Venue, day: date, start: time, end: time) -> Span:
    """The instants of a shift; an end before the start is on the next day. In real time it lasts at most 24 hours.

    Raises Invalid: a time that the clock leaves out that night, off the grid of five minutes, too long, too far away.
    """
    for name, clock in (("start", start), ("end", end)):
        if clock.minute % STEP_MINUTES or clock.second or clock.microsecond:
            raise Invalid(_("Please choose a time in steps of five minutes."), field=name)
    if start == end:
        raise Invalid(_("Start and end are the same: please choose another end."), field="end")
    today = venue.today()
    if day > today + AHEAD:
        raise Invalid(_("The rota is planned at most two years ahead."), field="day")
    if day < today - BACK:
        raise Invalid(_("What is more than a year ago stays as it is."), field="day")
    last = day if end > start else day + timedelta(days=1)
    span = Span(
        instant(venue, datetime.combine(day, start), field="start"),
        instant(venue, datetime.combine(last, end), field="end"),
    )
    if span.ends_at - span.starts_at > LONGEST:
        raise Invalid(_("A shift lasts at most 24 hours."), field="end")
    return span


def check_past(venue: Venue, reason: str | None, *days: date) -> str | None:
    """What is over is not changed without saying why. Raises Invalid; answers the reason as it is logged."""
    reason = (reason or "").strip() or None
    if reason and len(reason) > REASON_LENGTH:
        raise Invalid(_("Please use at most %(count)d characters.", count=REASON_LENGTH), field="reason")
    if reason is None and any(day < venue.today() for day in days):
        raise Invalid(_("This day is over: please say why it is changed."), field="reason")
    return reason
