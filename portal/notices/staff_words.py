"""Notices about the team's own time: time off, sickness, shifts that change hands."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.clock import start_of_day
from portal.i18n import clock_time, day_and_time, long_date, short_date
from portal.models import Notice, Shift, ShiftSwap, TimeOff
from portal.models.absence import ACCEPTED, APPROVED, ASKED, CANCELLED, DECLINED, REFUSED, REQUESTED
from portal.notices.queries import find_swap, find_time_off, shifts_told
from portal.notices.told import MY_WEEK, Words

_LISTED = 7  # shifts, in a message that is read at a glance
KEPT = timedelta(days=2)  # how long an answer about something that has begun is still news


def time_off_answer(notice: Notice, _at: datetime) -> Words | None:
    """Approved, refused or cancelled, told to who had asked."""
    found = find_time_off(notice.organisation_id, notice.subject)
    if found is None or _has_changed(notice, found.status):
        return None
    titles = {
        APPROVED: _("Your time off is approved"),
        REFUSED: _("Your time off is not approved"),
        CANCELLED: _("Your time off is cancelled"),
    }
    if found.status not in titles:
        return None
    return _about_time_off(notice, found, titles[found.status], *filter(None, (found.answer,)))


def time_off_asked(notice: Notice, _at: datetime) -> Words | None:
    """Somebody asks for time off: told to those who decide, as long as nobody has."""
    found = find_time_off(notice.organisation_id, notice.subject)
    if found is None or found.status != REQUESTED:
        return None
    return _about_time_off(notice, found, _("%(name)s asks for time off", name=found.member.name))


def sick(notice: Notice, _at: datetime) -> Words | None:
    """Somebody cannot work: told to the desk."""
    found = find_time_off(notice.organisation_id, notice.subject)
    if found is None or found.status != APPROVED:
        return None
    return _about_time_off(notice, found, _("%(name)s is sick", name=found.member.name))


def swap(notice: Notice, _at: datetime) -> Words | None:
    """A step of an exchange, in words for whoever reads it."""
    found = find_swap(notice.organisation_id, notice.subject)
    if found is None or _has_changed(notice, found.status):
        return None
    title = _swap_title(notice, found)
    if title is None:
        return None
    shifts = [_shift(shift, notice) for shift in (found.shift, found.other_shift) if shift is not None]
    answer = (found.answer,) if found.answer else ()
    return Words(title, (*shifts, *answer), _path(notice, MY_WEEK, "absences/"), found.shift.ends_at)


def rota(notice: Notice, _at: datetime) -> Words | None:
    """Her shifts between two dates, as they are now; nothing when that is what she knew before."""
    first, last = (date.fromisoformat(notice.details[name]) for name in ("first", "last"))
    shifts = shifts_told(notice.organisation_id, notice, first, last)
    knew = [tuple(span) for span in notice.details.get("was", [])]
    if knew == [(one.starts_at.isoformat(), one.ends_at.isoformat()) for one in shifts]:
        return None
    title = _("Your shifts have changed") if knew else _("Your shifts are planned")
    days = _("%(start)s to %(end)s", start=short_date(first), end=short_date(last))
    listed = [_shift(one, notice) for one in shifts[:_LISTED]] or [_("No shift is planned.")]
    more = len(shifts) - _LISTED
    rest = [ngettext("and one more", "and %(num)d more", more)] if more > 0 else []
    return Words(
        title, (days, *listed, *rest), _path(notice, f"{MY_WEEK}/{first}", f"rota/{first}"), _end_of(notice, last)
    )


def _end_of(notice: Notice, day: date) -> datetime:
    """When the day is over, by the venue's clock."""
    return start_of_day(day + timedelta(days=1), _zone(notice))


def _swap_title(notice: Notice, found: ShiftSwap) -> str | None:
    mine = notice.member_id == found.member_id
    giver, taker = found.member.name, found.colleague.name if found.colleague else ""
    if found.status == ASKED and not mine:
        exchange = found.other_shift is not None
        return _("%(name)s would like to swap a shift", name=giver) if exchange else _offered(giver)
    if found.status == ACCEPTED:
        return _("%(name)s takes your shift; a manager decides", name=taker) if mine else _to_decide(giver, taker)
    if found.status == APPROVED:
        return _("The change of shifts is approved")
    if found.status == REFUSED:
        return _("The change of shifts is not approved")
    if found.status == DECLINED and mine:
        return _("%(name)s cannot take your shift", name=taker) if taker else None
    return _("%(name)s keeps the shift after all", name=giver) if found.status == CANCELLED and not mine else None


def _offered(giver: str) -> str:
    return _("%(name)s gives a shift away", name=giver)


def _to_decide(giver: str, taker: str) -> str:
    return _("%(taker)s would take a shift of %(name)s: please decide", name=giver, taker=taker)


def _about_time_off(notice: Notice, found: TimeOff, title: str, *more: str) -> Words:
    path = _path(notice, MY_WEEK, f"absences/{found.uuid}")
    return Words(title, (_span(found.starts_at, found.ends_at, _zone(notice)), *more), path, found.ends_at + KEPT)


def _has_changed(notice: Notice, status: str) -> bool:
    """Whether the notice was written for another step than the present one."""
    return bool(notice.details.get("status", status) != status)


def _path(notice: Notice, own: str, of_desk: str) -> str:
    """A therapist's own page, or the venue's page `of_desk`."""
    if notice.member.is_therapist:
        return own
    return f"/v/{notice.venue.slug}/{of_desk}" if notice.venue else "/"


def _shift(shift: Shift, notice: Notice) -> str:
    zone = _zone(notice)
    return f"{day_and_time(shift.starts_at, zone)} – {clock_time(shift.ends_at, zone)}"


def _span(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """From one day to another, or between two times of day."""
    first, last = (instant.astimezone(ZoneInfo(zone)) for instant in (starts_at, ends_at))
    if first.time() == last.time() == time(0):
        days = first.date(), last.date() - timedelta(days=1)
        return long_date(days[0]) if days[0] == days[1] else f"{long_date(days[0])} – {long_date(days[1])}"
    end = clock_time(ends_at, zone) if first.date() == last.date() else day_and_time(ends_at, zone)
    return f"{day_and_time(starts_at, zone)} – {end}"


def _zone(notice: Notice) -> str:
    places = [notice.venue, *(link.venue for link in notice.member.venue_links)]
    return next((place.timezone for place in places if place is not None), "Europe/Paris")
