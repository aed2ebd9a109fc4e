"""How a booking comes again: RFC 5545 rules, restricted to what a desk needs, on the wall clock of the venue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from flask_babel import lazy_gettext as _l

from portal.errors import Invalid

FREQUENCIES = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_OCCURRENCES = 104
LONGEST = relativedelta(months=24)
MOST_INTERVAL = 99


class InvalidRule(Invalid):
    """The rule is none, or it never meets its own first date; `field` names the part that is wrong."""

    code = "invalid_rule"
    message = _l("This is not a rule by which something can be repeated.")


@dataclass(frozen=True, slots=True)
class Rule:
    """Every `interval` days, weeks, months or years; `weekdays` count from 0 = Monday.

    It ends with the day `until` (inclusive), after `count` occurrences (the first one counts), or never.
    """

    frequency: str = "WEEKLY"
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    until: date | None = None
    count: int | None = None

    def __str__(self) -> str:
        """As RFC 5545 writes it, without DTSTART: `FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270312T235959`."""
        parts = [f"FREQ={self.frequency}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(WEEKDAYS[day] for day in sorted(self.weekdays)))
        if self.until:
            parts.append(f"UNTIL={self.until:%Y%m%d}T235959")
        if self.count:
            parts.append(f"COUNT={self.count}")
        return ";".join(parts)

    def check(self, first: datetime) -> None:
        """Raise InvalidRule unless it can be followed from its first occurrence on, a local wall time."""
        if self.frequency not in FREQUENCIES:
            raise InvalidRule(field="frequency")
        if not 1 <= self.interval <= MOST_INTERVAL:
            raise InvalidRule(_l("Please enter a whole number from 1 to 99."), field="interval")
        if not set(self.weekdays) <= set(range(7)):
            raise InvalidRule(field="weekdays")
        if self.weekdays and first.weekday() not in self.weekdays:
            raise InvalidRule(_l("The day of the first booking must be among the days chosen."), field="weekdays")
        self._check_end(first)

    def occurrences(self, first: datetime) -> Iterator[datetime]:
        """The naive local times from the first one on, endless when the rule is; call `check` before.

        As RFC 5545 says, a month without the 31st (or a year without 29 February) is left out.
        """
        yield from rrule(
            FREQUENCIES[self.frequency],
            dtstart=first,
            interval=self.interval,
            byweekday=self.weekdays or None,
            until=datetime.combine(self.until, time.max) if self.until else None,
            count=self.count,
        )

    def _check_end(self, first: datetime) -> None:
        if self.until and self.count:
            raise InvalidRule(_l("Please give either a last day or a number, not both."), field="count")
        if self.count is not None and not 1 <= self.count <= MOST_OCCURRENCES:
            raise InvalidRule(_l("Please enter a whole number from 1 to 104."), field="count")
        if self.until and self.until < first.date():
            raise InvalidRule(_l("The last day lies before the first booking."), field="until")
        if self.until and self.until > (first + LONGEST).date():
            raise InvalidRule(
                _l("The last day is more than two years away. Without a last day the series simply goes on."),
                field="until",
            )


def read_rule(text: str) -> Rule:
    """The rule that a text of RFC 5545 stands for. Raises InvalidRule."""
    rule = Rule(frequency="")
    seen: set[str] = set()
    for part in text.strip().removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        if name in seen or name not in _READERS:
            raise InvalidRule()
        seen.add(name)
        try:
            rule = _READERS[name](rule, value)
        except (ValueError, KeyError):
            raise InvalidRule() from None
    if rule.frequency not in FREQUENCIES:
        raise InvalidRule(field="frequency")
    return rule


def listed(rule: Rule, first: datetime) -> list[datetime]:
    """What a preview shows: at most 104 occurrences within 24 months."""
    last = first + LONGEST
    found: list[datetime] = []
    for wall in rule.occurrences(first):
        if wall > last or len(found) == MOST_OCCURRENCES:
            break
        found.append(wall)
    return found


def between(rule: Rule, first: datetime, after: date, until: date) -> list[datetime]:
    """The occurrences after the one local date and up to the other, inclusive."""
    found = []
    for wall in rule.occurrences(first):
        if wall.date() > until:
            break
        if wall.date() > after:
            found.append(wall)
    return found


def is_over(rule: Rule, first: datetime, day: date) -> bool:
    """Whether nothing comes after that local date."""
    return all(wall.date() <= day for wall in rule.occurrences(first)) if rule.until or rule.count else False


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise ValueError(text)
    return int(text)


def _last_day(text: str) -> date:
    """A date, or a floating local time; an instant in UTC would be another day at some venues."""
    day, _, clock = text.partition("T")
    if len(day) != 8 or not day.isascii() or not day.isdigit() or (clock and len(clock) != 6):
        raise ValueError(text)
    return date(int(day[:4]), int(day[4:6]), int(day[6:]))


_READERS = {
    "FREQ": lambda rule, value: replace(rule, frequency=value),
    "INTERVAL": lambda rule, value: replace(rule, interval=_whole(value)),
    "BYDAY": lambda rule, value: replace(
        rule, weekdays=tuple(sorted({WEEKDAYS.index(day) for day in value.split(",")}))
    ),
    "UNTIL": lambda rule, value: replace(rule, until=_last_day(value)),
    "COUNT": lambda rule, value: replace(rule, count=_whole(value)),
}
