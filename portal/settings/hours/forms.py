"""Forms of the hours and of special days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.blocks.forms import EARLIEST, LATEST, Clock, Day, Written
from portal.bookings.forms import readable
from portal.models import OpeningHours, Venue
from portal.settings.forms import NEEDED, days, line, number
from portal.settings.hours.service import NOTE_LENGTH
from portal.settings.menu.forms import chosen_days
from portal.settings.rooms.forms import Agreed
from portal.settings.words import WEEKDAYS

_A_DAY, _A_TIME = Written(_l("Please enter a date.")), Written(_l("Please enter a time such as 12:30."))
PARTS = (1, 2)
_PLAIN = ("opening_time", "closing_time", "schedule_type", "recurrence_interval", "recurring_start_date",
          "recurring_end_date")  # fmt: skip


def _weekly_fields() -> dict[str, Clock]:
    return {
        f"{edge}_{day}_{part}": Clock(_l("%(day)s, %(edge)s", day=name, edge=word), validators=[_A_TIME])
        for day, name in WEEKDAYS
        for part in PARTS
        for edge, word in (("opens", _l("from")), ("closes", _l("to")))
    }


class HoursForm(Agreed):
    """The usual hours, those of each day of the week with a pause at most, and the rule of deployment."""

    opening_time = Clock(_l("Usually opens"), validators=[InputRequired(NEEDED), _A_TIME])
    closing_time = Clock(_l("Usually closes"), validators=[InputRequired(NEEDED), _A_TIME])
    own_hours = BooleanField(_l("The days of the week differ"), description=_l("A day that is left empty is closed."))
    schedule_type = RadioField(_l("Days of deployment"), validate_choice=False, default="always_open")
    days_of_week = days(_l("On these days"), WEEKDAYS, description=_l("None chosen: every day."))
    recurrence_interval = number(_l("Every … weeks"), 1, 52)
    recurring_start_date = Day(_l("First day"), validators=[_A_DAY])
    recurring_end_date = Day(_l("Last day"), validators=[_A_DAY])
    one_time_dates = TextAreaField(_l("Dates"), filters=[readable], description=_l("One a line, as in 2026-12-24."))
    locals().update(_weekly_fields())

    def __init__(self, *given: Any, **words: Any) -> None:
        super().__init__(*given, **words)
        self.schedule_type.choices = [
            SelectChoice("always_open", _("Every day")),
            SelectChoice("specific_days", _("Some days of the week")),
            SelectChoice("one_time", _("Some dates")),
        ]

    def validate_schedule_type(self, field: Any) -> None:
        if field.data not in {"always_open", "specific_days", "one_time"}:
            raise ValidationError(_("Please choose one of these."))

    def validate_one_time_dates(self, field: Any) -> None:
        if field.data and (len(field.data) > 4000 or None in map(_date, field.data.split())):
            raise ValidationError(_("Please write one date a line, as in 2026-12-24."))

    def validate(self, extra_validators: Any = None) -> bool:
        fine = bool(super().validate(extra_validators))
        for day, _name in WEEKDAYS if self.own_hours.data else ():
            for part in PARTS:
                fine = _both(self[f"opens_{day}_{part}"], self[f"closes_{day}_{part}"]) and fine
        return fine

    def wish(self) -> dict[str, Any]:
        """What is asked of the service of the venue's own columns."""
        dates = sorted({str(day) for day in map(_date, (self.one_time_dates.data or "").split()) if day})
        return {name: self[name].data for name in _PLAIN} | {
            "days_of_week": chosen_days(self.days_of_week.data),
            "one_time_dates": dates or None,
        }

    def weekly(self) -> dict[int, list[tuple[time, time]]]:
        """The hours of the days of the week; nothing when they are all alike."""
        if not self.own_hours.data:
            return {}
        return {int(day): _windows(self, f"{{}}_{day}_{{}}") for day, _name in WEEKDAYS}


class SpecialDayForm(Agreed):
    """A date with hours of its own, or closed."""

    day = Day(_l("Date"), validators=[InputRequired(NEEDED), _A_DAY])
    opens_1 = Clock(_l("Open from"), validators=[_A_TIME])
    closes_1 = Clock(_l("to"), validators=[_A_TIME])
    opens_2 = Clock(_l("and from"), validators=[_A_TIME])
    closes_2 = Clock(_l("to"), validators=[_A_TIME])
    note = line(_l("Note"), most=NOTE_LENGTH)

    def validate(self, extra_validators: Any = None) -> bool:
        fine = bool(super().validate(extra_validators))
        for part in PARTS:
            fine = _both(self[f"opens_{part}"], self[f"closes_{part}"]) and fine
        return fine

    def windows(self) -> list[tuple[time, time]]:
        """The hours of the date; none when it is closed."""
        return _windows(self, "{}_{}")


def hours_values(venue: Venue, rows: Sequence[OpeningHours]) -> Mapping[str, Any]:
    """The fields as they stand in the form."""
    values: dict[str, Any] = {name: getattr(venue, name) for name in _PLAIN}
    values |= {
        "own_hours": bool(rows),
        "days_of_week": [str(day) for day in venue.days_of_week or []],
        "one_time_dates": "\n".join(venue.one_time_dates or []),
    }
    seen: dict[int, int] = {}
    for row in rows:
        part = seen[row.weekday] = seen.get(row.weekday, 0) + 1
        values |= {f"opens_{row.weekday}_{part}": row.opens, f"closes_{row.weekday}_{part}": row.closes}
    return values


def _windows(form: Any, name: str) -> list[tuple[time, time]]:
    pairs = [(form[name.format("opens", part)].data, form[name.format("closes", part)].data) for part in PARTS]
    return [(opens, closes) for opens, closes in pairs if opens is not None and closes is not None]


def _both(opens: Any, closes: Any) -> bool:
    if (opens.data is None) == (closes.data is None) or opens.errors or closes.errors:
        return True
    missing = opens if opens.data is None else closes
    missing.errors = [_("Please fill in both, or neither.")]
    return False


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if len(text) == 10 and EARLIEST <= found <= LATEST else None
