"""How the desk reads a rule, and why a date cannot be had."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from babel.dates import get_day_names
from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.bookings.refusals import phrase
from portal.i18n import formats, long_date
from portal.series.preview import Occurrence
from portal.series.rules import Rule

FREQUENCY_WORDS = {"DAILY": _l("Day"), "WEEKLY": _l("Week"), "MONTHLY": _l("Month"), "YEARLY": _l("Year")}
REASON_WORDS = {
    "no_such_time": _l("The clock skips this time on that day."),
    "not_offered": _l("The treatment, the guest or the therapist is no longer there."),
}


def sentence(rule: Rule) -> str:
    """`every Tuesday and Thursday until Friday 12 March 2027`."""
    pattern = _pattern(rule)
    if rule.until:
        return _("%(pattern)s until %(day)s", pattern=pattern, day=long_date(rule.until))
    if rule.count:
        return ngettext("%(pattern)s, %(num)d time", "%(pattern)s, %(num)d times", rule.count, pattern=pattern)
    return _("%(pattern)s, without an end", pattern=pattern)


def weekday_names() -> list[str]:
    """Monday to Sunday in the reader's language."""
    return [get_day_names("wide", locale=formats())[day] for day in range(7)]


def reason_sentence(one: Occurrence, names: Mapping[int, str], zone: str) -> str:
    """Why a date cannot be had; `names` are those of people and rooms by key."""
    if one.reason is None or one.interval is None:
        return str(REASON_WORDS.get(one.reason or "", _l("This time is no longer free.")))
    return phrase(one.reason, one.interval, cause=one.cause, who=names.get(one.subject or 0), zone=zone)


def date_list(days: list[date]) -> str:
    """Some dates within a sentence."""
    return format_list([long_date(day) for day in days], locale=formats())


def _pattern(rule: Rule) -> str:
    number = rule.interval
    days = format_list([weekday_names()[day] for day in sorted(rule.weekdays)], locale=formats())
    if rule.frequency == "WEEKLY" and days:
        return ngettext("every %(days)s", "every %(num)d weeks on %(days)s", number, days=days)
    pattern = _plain(rule.frequency, number)
    return _("%(pattern)s, on %(days)s only", pattern=pattern, days=days) if days else pattern


def _plain(frequency: str, number: int) -> str:
    if frequency == "DAILY":
        return ngettext("every day", "every %(num)d days", number)
    if frequency == "WEEKLY":
        return ngettext("every week", "every %(num)d weeks", number)
    if frequency == "MONTHLY":
        return ngettext("every month on the same date", "every %(num)d months on the same date", number)
    return ngettext("every year on the same date", "every %(num)d years on the same date", number)
