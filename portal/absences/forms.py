"""Forms of the room: the shape of what is sent; the rules are the service's."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length as AtMost
from wtforms.validators import Optional

from portal.absences.service import NOTE_LENGTH
from portal.absences.spans import Asked, Half, Length, span_of
from portal.absences.words import KIND_WORDS, Kind
from portal.blocks.facts import Span
from portal.blocks.forms import Clock, Day, Written
from portal.bookings.forms import readable
from portal.errors import Invalid, PortalError
from portal.models import Shift, Venue
from portal.uuids import as_uuid

T = TypeVar("T", Length, Half)
ShiftsOn = Callable[[date, date], Sequence[Shift]]

_A_DAY, _A_TIME = Written(_l("Please enter a date.")), Written(_l("Please enter a time such as 12:30."))


class TimeOffForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Days, half a day or some hours. `id` makes sending it twice harmless."""

    kind = RadioField(_l("Why"), validate_choice=False, default=Kind.VACATION.value)
    length = RadioField(_l("How long"), validate_choice=False, default=Length.DAYS.value)
    day = Day(_l("Day"), validators=[_A_DAY])
    last_day = Day(_l("Last day"), validators=[_A_DAY])
    half = RadioField(_l("Which half"), validate_choice=False, default=Half.MORNING.value)
    start = Clock(_l("From"), validators=[_A_TIME])
    end = Clock(_l("To"), validators=[_A_TIME])
    note = TextAreaField(
        _l("Note for the manager"),
        filters=[readable],
        validators=[Optional(), AtMost(max=NOTE_LENGTH, message=_l("Please use at most 300 characters."))],
    )
    id = HiddenField(default=lambda: str(uuid.uuid4()))

    def __init__(self, *given: Any, **words: Any) -> None:
        super().__init__(*given, **words)
        self.kind.choices = [SelectChoice(kind.value, KIND_WORDS[kind]) for kind in Kind]
        self.length.choices = [
            SelectChoice(Length.DAYS.value, _("Whole days")),
            SelectChoice(Length.HALF.value, _("Half a day")),
            SelectChoice(Length.HOURS.value, _("Some hours")),
        ]
        self.half.choices = [
            SelectChoice(Half.MORNING.value, _("Morning, until 13:00")),
            SelectChoice(Half.AFTERNOON.value, _("Afternoon, from 13:00")),
        ]
        for field in self:
            if field.type != "CSRFTokenField":
                field.id = field.label.field_id = f"off-{field.short_name}"

    def span(self, home: Venue, shifts_on: ShiftsOn) -> Span:
        """The time that is asked for. Raises Invalid with the field that is missing or wrong."""
        if self.day.data is None:
            raise Invalid(_("Please enter a date."), field="day")
        asked = Asked(
            length=_known(Length, self.length),
            day=self.day.data,
            last=self.last_day.data,
            half=_known(Half, self.half),
            start=self.start.data,
            end=self.end.data,
        )
        return span_of(home, asked, shifts_on(*asked.days))

    def request_id(self) -> UUID | None:
        """The request's own name to be; one that is none is left out."""
        return as_uuid(self.id.data)

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside its field."""
        field = self._fields.get(error.field, self.day)
        field.errors = [*field.errors, str(error.message)]


class SickForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Until when: `today`, `tomorrow`, or a `day`."""

    until = StringField(_l("Until"), default="today")
    day = Day(_l("Day"), validators=[_A_DAY])

    def last(self, today: date) -> date:
        """The last day of being away. Raises Invalid."""
        known = {"today": today, "tomorrow": today + timedelta(days=1), "day": self.day.data}
        found = known.get(self.until.data or "")
        if found is None:
            raise Invalid(_("Please say until when."), field="until")
        return found


def _known(kind: type[T], field: Any) -> T:
    try:
        return kind(field.data)
    except ValueError:
        raise Invalid(_("Please choose one of these."), field=field.short_name) from None
