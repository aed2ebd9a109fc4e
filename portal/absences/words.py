"""How time off and working time are told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.clock import local_date, today
from portal.i18n import formats, short_date


class Kind(StrEnum):
    """Why somebody is away, in the order in which she chooses."""

    VACATION = "vacation"
    PERSONAL = "personal"
    TRAINING = "training"
    SICK = "sick"
    OTHER = "other"


KIND_WORDS = {
    Kind.VACATION: _l("Holiday"),
    Kind.PERSONAL: _l("Personal"),
    Kind.TRAINING: _l("Training"),
    Kind.SICK: _l("Sick"),
    Kind.OTHER: _l("Other"),
}
KIND_ICONS = {
    Kind.VACATION: "sun",
    Kind.PERSONAL: "user",
    Kind.TRAINING: "graduation-cap",
    Kind.SICK: "thermometer",
    Kind.OTHER: "calendar-off",
}
# How the end of a day is told.
MIDNIGHT = "24:00"
STATUS_WORDS = {
    "requested": _l("Waits for approval"),
    "approved": _l("Approved"),
    "refused": _l("Refused"),
    "cancelled": _l("Taken back"),
}


def kind_word(kind: str) -> str:
    """What kind of time off it is."""
    return str(KIND_WORDS[Kind(kind)])


def kind_icon(kind: str) -> str:
    """The icon of a kind."""
    return KIND_ICONS[Kind(kind)]


def status_word(status: str) -> str:
    """How far a request is."""
    return str(STATUS_WORDS[status])


def length(span: timedelta) -> str:
    """`7 h 30`, `8 h`, in whole minutes."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    if minutes:
        return _("%(hours)d h %(minutes)s", hours=hours, minutes=f"{minutes:02d}")
    return _("%(hours)d h", hours=hours)


def when(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """`Fri 20 Nov, 12:30–13:30`, `Fri 20 Nov` for a whole day, `Fri 20 Nov to Sun 22 Nov` for several."""
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (starts_at, ends_at))
    midnight = datetime.min.time()
    is_whole = start.time() == end.time() == midnight
    last, clock = (end.date(), f"{end:%H:%M}") if end.time() != midnight else (end.date() - timedelta(days=1), MIDNIGHT)
    if is_whole and start.date() == last:
        return short_date(last)
    if is_whole:
        return _("%(start)s to %(end)s", start=short_date(start.date()), end=short_date(last))
    if start.date() == last:
        return f"{short_date(last)}, {start:%H:%M}–{clock}"
    first, until = f"{short_date(start.date())}, {start:%H:%M}", f"{short_date(last)}, {clock}"
    return _("%(start)s to %(end)s", start=first, end=until)


def sick_sentence(ends_at: datetime, zone: str) -> str:
    """Until when somebody is away sick, after her name."""
    last = local_date(ends_at - timedelta(seconds=1), zone)
    if last == today(zone):
        return _("is away sick today.")
    if last == today(zone) + timedelta(days=1):
        return _("is away sick until tomorrow.")
    return _("is away sick until %(day)s.", day=short_date(last))


def listed(names: Iterable[str]) -> str:
    """`Inès, Marc and Sofia`."""
    return format_list(list(names), locale=formats())
