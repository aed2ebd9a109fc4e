"""Forms of the room: the shape of what is sent; the rules are the service's."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from portal.blocks.facts import Kind, Place
from portal.blocks.plan import instant
from portal.blocks.service import REASON_LENGTH
from portal.blocks.words import KIND_WORDS, REPEAT_WORDS, weekdays
from portal.bookings.forms import VersionField, read_version, readable
from portal.customers.forms import one_line
from portal.errors import Invalid, PortalError
from portal.models import Venue
from portal.series.rules import FREQUENCIES, WEEKDAYS, Rule
from portal.uuids import as_uuid

# Years in which every instant can be reckoned with in every zone.
EARLIEST, LATEST = date(2000, 1, 2), date(2100, 12, 30)


class Day(DateField):  # type: ignore[misc]  # WTForms has no types
    """A date; whatever is none is left to the validators, so that one sentence says what is wanted."""

    data: date | None

    def _value(self) -> str:
        return one_line(super()._value())

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
        if self.data is not None and not EARLIEST <= self.data <= LATEST:
            self.data = None


class Clock(TimeField):  # type: ignore[misc]  # WTForms has no types
    """A time of day, as `Day` is a date."""

    data: time | None

    def _value(self) -> str:
        return one_line(super()._value())

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None


class Written:
    """Refuses what was written and could not be read; nothing at all is for others to refuse."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data is None and any(text.strip() for text in field.raw_data or []):
            raise ValidationError(self.message)


_A_DAY, _A_TIME = Written(_l("Please enter a date.")), Written(_l("Please enter a time such as 12:30."))


class ChangeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """When, what and why. `seen` are the bookings underneath that were shown; `version` that of the block."""

    kind = RadioField(_l("Kind of block"), validate_choice=False, default=Kind.BREAK.value)
    day = Day(_l("Day"), validators=[_A_DAY])
    start = Clock(_l("From"), validators=[_A_TIME])
    end = Clock(_l("To"), validators=[_A_TIME])
    last_day = Day(_l("Last day"), validators=[_A_DAY])
    reason = StringField(
        _l("Reason"),
        filters=[readable],
        validators=[Optional(), Length(max=REASON_LENGTH, message=_l("Please use at most 200 characters."))],
    )
    confirm = BooleanField(_l("Block anyway: the bookings stay and are marked."))
    seen = HiddenField()
    version = VersionField()

    def __init__(self, *given: Any, **words: Any) -> None:
        super().__init__(*given, **words)
        self.kind.choices = [SelectChoice(kind.value, KIND_WORDS[kind]) for kind in Kind]
        for field in self:
            if field.type != "CSRFTokenField":  # the agenda around the panel has fields of its own
                field.id = field.label.field_id = f"block-{field.short_name}"

    def times(self, venue: Venue) -> dict[str, Any]:
        """Start, end, kind and reason as the service wants them. Raises Invalid for what is missing or never was."""
        day = self._needed(self.day, _("Please enter a date."))
        start = None if self.kind.data == Kind.LATE else self._moment(venue, "start", day)
        last = day if self.kind.data == Kind.LATE else self.last_day.data or day
        end = None if self.kind.data == Kind.LEAVING_EARLY else self._moment(venue, "end", last)
        if start and end and end <= start and last == day:
            told = _("The end must be after the start. If it ends on another day, please choose that day.")
            raise Invalid(told, field="end")
        return {"starts_at": start, "ends_at": end, "kind": self.kind.data, "reason": self.reason.data or None}

    def over(self) -> set[UUID]:
        """The bookings that may stay underneath: those that were shown, once that is confirmed."""
        words = (self.seen.data or "").split(",") if self.confirm.data else []
        return {known for word in words if (known := as_uuid(word))}

    def wish_for_one(self, venue: Venue) -> dict[str, Any]:
        """What a change asks of the service. Raises Invalid for what is missing or never was."""
        return {**self.times(venue), "over": self.over(), "version": read_version(self.version.data)}

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside its field."""
        field = self._fields.get(error.field, self.kind)
        field.errors = [*field.errors, str(error.message)]

    def _needed(self, field: Any, message: str) -> Any:
        if field.data is None:
            raise Invalid(message, field=field.short_name)
        return field.data

    def _moment(self, venue: Venue, name: str, day: date) -> datetime:
        clock = self._needed(self[name], _("Please enter a time such as 12:30."))
        return instant(venue, datetime.combine(day, clock), field=name)


class BlockForm(ChangeForm):
    """A new block: for whom, and on which dates. `batch` makes sending it twice harmless."""

    who = SelectMultipleField(_l("For whom"), validate_choice=False)
    repeat = RadioField(_l("Repeat"), validate_choice=False, default="none")
    weekdays = SelectMultipleField(_l("On these days"), validate_choice=False)
    repeat_until = Day(_l("Repeat until"), validators=[_A_DAY])
    batch = HiddenField(default=lambda: str(uuid.uuid4()))

    def __init__(self, *given: Any, **words: Any) -> None:
        super().__init__(*given, **words)
        self.repeat.choices = [SelectChoice(*word) for word in REPEAT_WORDS.items()]
        self.weekdays.choices = [SelectChoice(*day) for day in weekdays()]

    def wish(self, venue: Venue, places: Sequence[Place]) -> dict[str, Any]:
        """What is asked of the service. Raises Invalid for what is missing or unknown."""
        known = {str(place.uuid): place.resource for place in places}
        wanted = self.who.data or []
        if any(name not in known for name in wanted):
            raise Invalid(_("Please choose among the people and rooms of this venue."), field="who")
        return {
            **self.times(venue),
            "resources": [known[name] for name in wanted],
            "rule": self._rule(),
            "over": self.over(),
            "batch": as_uuid(self.batch.data),
        }

    def _rule(self) -> str | None:
        frequency = (self.repeat.data or "none").upper()
        if frequency == "NONE":
            return None
        if frequency not in FREQUENCIES:
            raise Invalid(_("This kind of repetition is not known."), field="repeat")
        until = self._needed(self.repeat_until, _("Please say until when it repeats."))
        days = tuple(WEEKDAYS.index(name) for name in WEEKDAYS if name in (self.weekdays.data or []))
        return str(Rule(frequency, weekdays=days if frequency == "WEEKLY" else (), until=until))


class RemoveForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """How much is removed."""

    scope = RadioField(
        _l("What shall be removed?"),
        choices=[
            SelectChoice("this", _l("Only this one")),
            SelectChoice("following", _l("This and all that follow")),
            SelectChoice("all", _l("All that were made together")),
        ],
        default="this",
    )
