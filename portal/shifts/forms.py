"""Forms of the rota: the shape of what is sent; the rules are the service's."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from portal.blocks.forms import Clock, Day, Written
from portal.bookings.forms import VersionField, WholeNumber, read_version, readable
from portal.errors import Invalid, PortalError
from portal.models import StaffMember
from portal.shifts.times import REASON_LENGTH
from portal.shifts.words import is_key

A_DAY, A_TIME = Written(_l("Please enter a date.")), Written(_l("Please enter a time such as 12:30."))


class Weeks(WholeNumber):
    """How many weeks, in plain digits; what is no number is not repeated in the field."""

    def process_formdata(self, valuelist: list[str]) -> None:
        given = valuelist[0] if valuelist else ""
        self.data = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else None

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


class RotaForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What the forms of the rota share: a version, and the sentence of a refusal beside its field."""

    PREFIX, FIRST = "rota", "weeks"
    version = VersionField()

    def __init__(self, *given: Any, **words: Any) -> None:
        super().__init__(*given, **words)
        for field in self:
            if field.type != "CSRFTokenField":
                field.id = field.label.field_id = f"{self.PREFIX}-{field.short_name}"

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside its field, or beside the `FIRST` one."""
        field = self._fields.get(error.field) or self._fields[self.FIRST]
        field.errors = [*field.errors, str(error.message)]

    def known_version(self) -> int | None:
        """Of what the form was drawn from."""
        return read_version(self.version.data)

    def needed(self, field: Any, message: str) -> Any:
        """What must be there. Raises Invalid."""
        if field.data is None:
            raise Invalid(message, field=field.short_name)
        return field.data


class Asking(RotaForm):
    """May be sent again, knowing what speaks against it: `seen` are the concerns that were shown."""

    reason = StringField(
        _l("Reason"),
        description=_l("It is kept in the trail."),
        filters=[readable],
        validators=[Optional(), Length(max=REASON_LENGTH, message=_l("Please use at most 200 characters."))],
    )
    confirm = BooleanField(_l("Save all the same: I know about this."))
    seen = HiddenField()

    def over(self) -> set[str]:
        """What may be, although it was shown: once that is confirmed."""
        words = (self.seen.data or "").split(",") if self.confirm.data else []
        return {word for word in words if is_key(word)}

    def asked(self) -> dict[str, Any]:
        """What every such form asks of the service."""
        return {"over": self.over(), "reason": self.reason.data or None}


class CopyShiftForm(Asking):
    """The same hours for another person or on another day. `id` makes sending it twice harmless."""

    PREFIX, FIRST = "copy", "member"
    member = SelectField(_l("For whom"), validate_choice=False)
    day = Day(_l("Day"), validators=[A_DAY])
    id = HiddenField(default=lambda: str(uuid.uuid4()))

    def offer(self, team: Sequence[StaffMember]) -> None:
        """Whom one can choose."""
        self.member.choices = [SelectChoice(str(one.uuid), one.name) for one in team]

    def wish(self, team: Sequence[StaffMember]) -> dict[str, Any]:
        """What is asked of the service. Raises Invalid for what is missing or unknown."""
        chosen = next((one for one in team if str(one.uuid) == self.member.data), None)
        if chosen is None:
            raise Invalid(_("Please choose somebody who works at this venue."), field="member")
        return {"member": chosen, "day": self.needed(self.day, _("Please enter a date.")), **self.asked()}


class ShiftForm(CopyShiftForm):
    """Whose, when; a new one may be published at once."""

    PREFIX = "rota"
    start = Clock(_l("From"), validators=[A_TIME])
    end = Clock(_l("To"), validators=[A_TIME])
    publish = BooleanField(_l("Publish at once: it can be booked and is told."))

    def wish(self, team: Sequence[StaffMember]) -> dict[str, Any]:
        """As above, with the hours."""
        told = _("Please enter a time such as 12:30.")
        return {**super().wish(team), "start": self.needed(self.start, told), "end": self.needed(self.end, told)}


class RemoveForm(Asking):
    """Nobody works it."""

    PREFIX, FIRST = "removal", "confirm"


class PublishForm(RotaForm):
    """How many weeks, and the state of the drafts that were looked at."""

    weeks = Weeks(_l("Weeks"), default=1)
    seen = HiddenField()

    def wish(self) -> dict[str, Any]:
        """What is asked of the service."""
        return {"weeks": self.weeks.data or 0, "seen": self.seen.data or ""}


class CopyForm(RotaForm):
    """A day to other days (`targets`), or the week to the next `weeks`."""

    PREFIX = "copy"
    source = Day(_l("Copy this day"), validators=[A_DAY])
    targets = SelectMultipleField(_l("to these days"), validate_choice=False)
    weeks = Weeks(_l("Number of weeks"), default=1)

    def offer(self, monday: date) -> None:
        """The days of this week and of the next one."""
        days = [monday + timedelta(days=n) for n in range(14)]
        self.targets.choices = [SelectChoice(day.isoformat(), day.isoformat()) for day in days]

    def days(self) -> dict[str, Any]:
        """What copying a day asks of the service. Raises Invalid."""
        known = {choice.value: date.fromisoformat(choice.value) for choice in self.targets.choices}
        chosen = self.targets.data or []
        if any(name not in known for name in chosen):
            raise Invalid(_("Please choose among these days."), field="targets")
        source = self.needed(self.source, _("Please enter a date."))
        return {"source": source, "targets": sorted({known[name] for name in chosen})}
