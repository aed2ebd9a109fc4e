"""The dates of a repeated block, in naive local time: 12:30 stays 12:30 when the clock changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from flask_babel import gettext as _

from portal.errors import Invalid
from portal.series.rules import LONGEST, MOST_INTERVAL, MOST_OCCURRENCES, Rule, read_rule

_DAY = timedelta(days=1)


def dates(text: str, first: datetime) -> list[datetime]:
    """The local starts that an RFC 5545 rule gives from `first` on, or from the first of its weekdays after that.

    A month without the day is left out. Raises Invalid for a rule that is none or has no end, and for more than 104
    dates or some more than 24 months away.
    """
    rule = read_rule(text)
    while rule.weekdays and first.weekday() not in rule.weekdays:
        first += _DAY
    _check(rule, first)
    found = list(islice(rule.occurrences(first), MOST_OCCURRENCES + 1))
    if len(found) > MOST_OCCURRENCES or found[-1] > first + LONGEST:
        raise Invalid(_too_many(), field="repeat_until")
    return found


def _check(rule: Rule, first: datetime) -> None:
    if not 1 <= rule.interval <= MOST_INTERVAL:
        raise Invalid(_("Please enter a whole number from 1 to 99."), field="repeat")
    if (rule.until is None) == (rule.count is None):
        raise Invalid(_("Please say until when it repeats."), field="repeat_until")
    if rule.until and rule.until < first.date():
        raise Invalid(_("There is no date until then."), field="repeat_until")
    if rule.count is not None and not 1 <= rule.count <= MOST_OCCURRENCES:
        raise Invalid(_too_many(), field="repeat_until")
    if rule.until and rule.until > (first + LONGEST).date():
        raise Invalid(_too_many(), field="repeat_until")


def _too_many() -> str:
    return _("That would be more than %(count)d dates, or dates more than two years ahead.", count=MOST_OCCURRENCES)
