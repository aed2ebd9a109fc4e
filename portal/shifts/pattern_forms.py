"""The form of a weekly pattern: two shifts a weekday and week in a table, and exceptions line by line."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from portal.blocks.forms import EARLIEST, LATEST, Day
from portal.bookings.forms import readable
from portal.errors import Invalid
from portal.models import RotaTemplate, StaffMember
from portal.shifts.forms import A_DAY, RotaForm, Weeks
from portal.shifts.patterns import Exceptional, Pattern, Usual

SHIFTS_A_DAY = 3
MOST_WEEKS = 4
_LONGEST = 3000


class PatternForm(RotaForm):
    """Validity and exceptions; the hours of each weekday stand in fields of their own, see `cell`."""

    PREFIX, FIRST = "pattern", "pattern"
    member = SelectField(_l("For whom"), validate_choice=False)
    valid_from = Day(_l("From"), validators=[A_DAY])
    valid_until = Day(_l("Until"), validators=[A_DAY], description=_l("Without a date it has no end."))
    weeks = SelectField(_l("Repeats"), validate_choice=False, default="1")
    exceptions = TextAreaField(
        _l("Exceptions"),
        description=_l("One date a line: alone for a day off, or with other hours, such as 2026-12-24 09:00-13:00."),
        filters=[readable],
        validators=[Length(max=_LONGEST, message=_l("This is more than a pattern can hold."))],
    )
    pattern = HiddenField(_l("Hours"))
    id = HiddenField(default=lambda: str(uuid.uuid4()))

    def offer(self, team: Sequence[StaffMember]) -> None:
        """Whom and what one can choose."""
        self.member.choices = [SelectChoice(str(one.uuid), one.name) for one in team]
        words = (_("every week"), _("every 2 weeks"), _("every 3 weeks"), _("every 4 weeks"))
        self.weeks.choices = [SelectChoice(str(number), word) for number, word in enumerate(words, 1)]

    def person(self, team: Sequence[StaffMember]) -> StaffMember:
        """Who is meant. Raises Invalid."""
        chosen = next((one for one in team if str(one.uuid) == self.member.data), None)
        if chosen is None:
            raise Invalid(_("Please choose somebody who works at this venue."), field="member")
        return chosen

    def wish(self, sent: Mapping[str, str]) -> Pattern:
        """What is asked of the service; `sent` are all fields as they came. Raises Invalid."""
        weeks = self.weeks_shown()
        return Pattern(
            usual=[Usual(*place, *hours) for place, hours in _hours_in(sent, weeks)],
            exceptions=list(read_exceptions(self.exceptions.data or "")),
            valid_from=self.needed(self.valid_from, _("Please enter a date.")),
            valid_until=self.valid_until.data,
            weeks=weeks,
        )

    def weeks_shown(self) -> int:
        """After how many weeks it begins again. Raises Invalid for what is none."""
        if self.weeks.data not in {str(number) for number in range(1, MOST_WEEKS + 1)}:
            raise Invalid(_("Please choose how often it repeats."), field="weeks")
        return int(self.weeks.data)


class ApplyForm(RotaForm):
    """Which patterns are made into drafts, and for how many weeks."""

    PREFIX = "apply"
    templates = SelectMultipleField(_l("Patterns"), validate_choice=False)
    weeks = Weeks(_l("Number of weeks"), default=4)

    def chosen(self, templates: Sequence[RotaTemplate]) -> list[RotaTemplate]:
        """Those that are ticked. Raises Invalid for one that is not there."""
        known = {str(one.uuid): one for one in templates}
        names = self.templates.data or []
        if any(name not in known for name in names):
            raise Invalid(_("Please choose among these patterns."), field="templates")
        return [known[name] for name in dict.fromkeys(names)]


def cell(week: int, weekday: int, place: int, end: str) -> str:
    """The name of a field: `start` or `end` of the first, second … shift of a weekday."""
    return f"w{week}d{weekday}s{place}-{end}"


def filled(template: RotaTemplate) -> dict[str, str]:
    """The fields of its hours."""
    found = {}
    for week in range(template.weeks):
        for weekday in range(7):
            for place, hours in enumerate(template.hours_in(week, weekday)[:SHIFTS_A_DAY]):
                found[cell(week, weekday, place, "start")] = f"{hours.start:%H:%M}"
                found[cell(week, weekday, place, "end")] = f"{hours.end:%H:%M}"
    return found


def written_exceptions(template: RotaTemplate) -> str:
    """Its exceptions as one writes them."""
    lines = (
        f"{one['day']} {one['start']}-{one['end']}" if one.get("start") else f"{one['day']}"
        for one in template.exceptions
    )
    return "\n".join(sorted(lines))


def read_exceptions(text: str) -> Iterator[Exceptional]:
    """Line by line. Raises Invalid, naming the line that cannot be read."""
    for line in filter(None, (one.strip() for one in text.splitlines())):
        day, _space, hours = line.partition(" ")
        try:
            start, end = _span(hours) if hours.strip() else (None, None)
            found = Exceptional(date.fromisoformat(day), start, end)
        except ValueError:
            raise _unreadable(line) from None
        if not EARLIEST <= found.day <= LATEST:
            raise _unreadable(line)
        yield found


def _span(hours: str) -> tuple[time, time]:
    start, _dash, end = hours.replace("–", "-").partition("-")
    return _clock(start.strip()), _clock(end.strip())


def _clock(text: str) -> time:
    """Raises ValueError for what is no time of day in hours and minutes."""
    if len(text) != 5:
        raise ValueError(text)
    return time.fromisoformat(text)


def _hours_in(sent: Mapping[str, str], weeks: int) -> Iterable[tuple[tuple[int, int], tuple[time, time]]]:
    for week in range(weeks):
        for weekday in range(7):
            for place in range(SHIFTS_A_DAY):
                start, end = (sent.get(cell(week, weekday, place, name), "").strip() for name in ("start", "end"))
                if start or end:
                    try:
                        yield (week, weekday), (_clock(start[:5]), _clock(end[:5]))
                    except ValueError:
                        raise Invalid(_("Please enter both times of each shift, such as 09:00 and 17:00."),
                                      field="pattern") from None  # fmt: skip


def _unreadable(line: str) -> Invalid:
    told = _("This line cannot be read: %(line)s. Please write 2026-12-24, or 2026-12-24 09:00-13:00.", line=line[:60])
    return Invalid(told, field="exceptions")
