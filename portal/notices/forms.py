"""Forms of the room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectMultipleField, StringField, TimeField, ValidationError

from portal.notices.choices import Choices, Quiet
from portal.notices.push import Target


class Clock(TimeField):  # type: ignore[misc]  # WTForms has no types
    """A time of day or nothing. What cannot be read is not shown again: no time field can hold it."""

    data: time | None

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([text for text in valuelist if text])
        except ValueError:
            self.data = None

    @property
    def is_written(self) -> bool:
        """Whether something was sent, readable or not."""
        return any(self.raw_data or ())

    def _value(self) -> str:
        return f"{self.data:%H:%M}" if self.data else ""


class ChoicesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What she wants to be told, and between which times of day not."""

    kinds = SelectMultipleField(_l("Tell me about"), validate_choice=False)
    quiet_from = Clock(_l("Quiet from"))
    quiet_to = Clock(_l("Quiet until"))
    sms = BooleanField(_l("Text me when a notification does not arrive"))

    @classmethod
    def of(cls, offered: Mapping[str, LazyString], choices: Choices | None = None) -> ChoicesForm:
        """The form with these kinds to choose among: filled with `choices`, else with what was sent."""
        filled: dict[str, Any] = {}
        if choices is not None:
            quiet = choices.quiet
            wanted = [kind for kind in offered if choices.wants(kind)]
            filled = {"formdata": None, "data": {"kinds": wanted, "sms": choices.sms}}
            filled["data"] |= {"quiet_from": quiet.start, "quiet_to": quiet.end} if quiet else {}
        form = cls(**filled)
        form.kinds.choices = [(str(kind), label) for kind, label in offered.items()]
        return form

    def validate_kinds(self, field: Field) -> None:
        """Only what was offered."""
        if set(field.data) - {kind for kind, _label in field.choices}:
            raise ValidationError(_("Please choose from the list."))

    def validate_quiet_from(self, field: Field) -> None:
        """A time, or nothing in both."""
        if field.is_written and field.data is None:
            raise ValidationError(_("Please enter a time such as 22:00."))
        if self.quiet_to.is_written and not field.is_written:
            raise ValidationError(_("Please enter both times, or none."))

    def validate_quiet_to(self, field: Field) -> None:
        """A time, and another one than the first."""
        if field.is_written and field.data is None:
            raise ValidationError(_("Please enter a time such as 22:00."))
        if self.quiet_from.is_written and not field.is_written:
            raise ValidationError(_("Please enter both times, or none."))
        if field.data is not None and field.data == self.quiet_from.data:
            raise ValidationError(_("The quiet hours would last all day: please choose two different times."))

    def choices(self, before: Choices, *, has_sms: bool) -> Choices:
        """What was chosen; of what was not hers to choose nothing changes."""
        offered = {kind for kind, _label in self.kinds.choices}
        off = (before.off - offered) | (offered - set(self.kinds.data))
        start, end = self.quiet_from.data, self.quiet_to.data
        quiet = Quiet(start, end) if isinstance(start, time) and isinstance(end, time) else None
        return Choices(frozenset(off), quiet, bool(self.sms.data) if has_sms else before.sms)


class BrowserForm(FlaskForm):  # type: ignore[misc]
    """Where this browser can be woken, and its keys."""

    endpoint = StringField()
    p256dh = StringField()
    auth = StringField()

    @property
    def target(self) -> Target:
        return Target(*(str(self[name].data or "") for name in ("endpoint", "p256dh", "auth")))
