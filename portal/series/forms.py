"""Forms of the room: the rule that a booking is repeated by, what is done about single dates, and how far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from itertools import starmap
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, SelectMultipleField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.bookings.forms import CancelForm, VersionField, WholeNumber
from portal.clock import exists, local_instant
from portal.models import Booking, Venue
from portal.series.errors import WrongChoice
from portal.series.making import KEEP, SKIP, Choice
from portal.series.rules import Rule
from portal.series.service import ALL, FOLLOWING, THIS
from portal.series.template import local_wall
from portal.series.words import FREQUENCY_WORDS, weekday_names

NEVER, UNTIL, COUNT = "never", "until", "count"
# Browsers send years that no calendar of ours reaches.
FIRST_YEAR, LAST_YEAR = 2000, 2100
SCOPE_WORDS = [
    SelectChoice(THIS, _l("This booking only")),
    SelectChoice(FOLLOWING, _l("This one and all that follow")),
    SelectChoice(ALL, _l("All that are still to come")),
]


class Day(DateField):  # type: ignore[misc]  # WTForms has no types
    """A date; whatever is none is left to the validators, so that one sentence says what is wanted."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
        found: Any = self.data
        self.data = found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


class Clock(TimeField):  # type: ignore[misc]  # WTForms has no types
    """A time of the day; see Day."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None


class Checkboxes(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Several of some, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class RuleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """How often, on which days, and until when."""

    frequency = SelectField(_l("Unit"), choices=list(starmap(SelectChoice, FREQUENCY_WORDS.items())), default="WEEKLY")
    interval = WholeNumber(
        _l("Repeat every"),
        default=1,
        validators=[
            InputRequired(_l("Please enter a whole number from 1 to 99.")),
            NumberRange(1, 99, message=_l("Please enter a whole number from 1 to 99.")),
        ],
    )
    weekdays = Checkboxes(_l("On these days"), choices=[], coerce=str)
    ends = RadioField(
        _l("Ends"),
        choices=[
            SelectChoice(NEVER, _l("Never")),
            SelectChoice(UNTIL, _l("On a last day")),
            SelectChoice(COUNT, _l("After a number of times")),
        ],
        default=NEVER,
    )
    until = Day(_l("Last day"), validators=[Optional()])
    count = WholeNumber(_l("Number of times"), validators=[Optional()])

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        names = enumerate(weekday_names())
        self.weekdays.choices = [SelectChoice(str(number), name.capitalize()) for number, name in names]

    @classmethod
    def asked(cls, values: Any, first: datetime) -> RuleForm:
        """From the address of a preview; at first every week on the day of the booking."""
        if "frequency" not in values:
            return cls(formdata=None, meta={"csrf": False}, weekdays=[str(first.weekday())])
        return cls(formdata=values, meta={"csrf": False})

    def validate(self, extra_validators: Any = None) -> bool:
        """A last day and a number are wanted when they are what the series ends by, and refused when they are not."""
        valid = bool(super().validate(extra_validators))
        if self.ends.data == UNTIL and self.until.data is None:
            self.until.errors = [_l("Please enter a date.")]
        if self.ends.data == COUNT and self.count.data is None:
            self.count.errors = [_l("Please enter a whole number from 1 to 104.")]
        if self.ends.data != UNTIL and _is_typed(self.until):
            self.until.errors = [_l("To end on this day choose “On a last day” above, else leave this field empty.")]
        if self.ends.data != COUNT and _is_typed(self.count):
            self.count.errors = [
                _l("To end after this number choose “After a number of times” above, else leave this field empty.")
            ]
        return valid and not self.errors

    def rule(self) -> Rule:
        """The rule; weekdays belong to what comes weekly."""
        interval: Any = self.interval.data
        by_day = self.frequency.data == "WEEKLY"
        return Rule(
            frequency=self.frequency.data,
            interval=interval,
            weekdays=tuple(int(day) for day in self.weekdays.data or ()) if by_day else (),
            until=self.until.data if self.ends.data == UNTIL else None,
            count=self.count.data if self.ends.data == COUNT else None,
        )


class SeriesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The rule that was previewed; the choices for single dates stand beside it as `date-YYYY-MM-DD`."""

    booking = HiddenField()
    rule = HiddenField()


class ScopeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Where a booking is moved, and how many of its series with it."""

    scope = RadioField(_l("What is moved"), choices=SCOPE_WORDS, default=THIS)
    day = Day(_l("Date"), validators=[DataRequired(_l("Please enter a date."))])
    at = Clock(_l("Time"), validators=[DataRequired(_l("Please enter a time."))])
    version = VersionField()

    @classmethod
    def of(cls, venue: Venue, booking: Booking) -> ScopeForm:
        """As it stands now."""
        wall = local_wall(booking.starts_at, venue)
        return cls(day=wall.date(), at=wall.time(), version=booking.version)

    def starts_at(self, venue: Venue) -> datetime | None:
        """The instant meant; None when the clock skips it."""
        day: Any = self.day.data
        clock: Any = self.at.data
        wall = datetime.combine(day, clock)
        return local_instant(wall, venue.timezone) if exists(wall, venue.timezone) else None


class CancelSeriesForm(CancelForm):
    """Why, what goes back, and how many of the series."""

    scope = RadioField(_l("What is cancelled"), choices=SCOPE_WORDS, default=THIS)


class PlaceForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """When a date that was left out takes place after all."""

    date = Day(validators=[DataRequired()])
    day = Day(_l("Date"), validators=[DataRequired(_l("Please enter a date."))])
    at = Clock(_l("Time"), validators=[DataRequired(_l("Please enter a time."))])


def read_choices(values: Mapping[str, str], venue: Venue) -> dict[date, Choice]:
    """What was chosen for single dates: to leave it out, or another time of that day. Raises WrongChoice."""
    found: dict[date, Choice] = {}
    for name, value in values.items():
        if not name.startswith("date-"):
            continue
        try:
            day = date.fromisoformat(name.removeprefix("date-"))
            found[day] = _choice(day, value, venue)
        except ValueError:
            raise WrongChoice() from None
    return found


def _is_typed(field: Day | WholeNumber) -> bool:
    return any(text.strip() for text in field.raw_data or ())


def _choice(day: date, value: str, venue: Venue) -> Choice:
    if value in {"", KEEP}:
        return "keep"
    if value == SKIP:
        return "skip"
    wall = datetime.combine(day, time.fromisoformat(value))
    if wall.tzinfo is not None or not exists(wall, venue.timezone) or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(value)
    return local_instant(wall, venue.timezone)
