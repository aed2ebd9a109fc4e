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
from wtforms.validators import Optional

from portal.notices.choices import Choices, Quiet
from portal.notices.push import Target


class ChoicesForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What she wants to be told, and between which times of day not."""

    kinds = SelectMultipleField(_l("Tell me about"))
    quiet_from = TimeField(_l("Quiet from"), [Optional()])
    quiet_to = TimeField(_l("Quiet until"), [Optional()])
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

    def validate_quiet_to(self, field: Field) -> None:
        """Both times or none, and not the same."""
        start, end = self.quiet_from.data, field.data
        if (start is None) != (end is None):
            raise ValidationError(_("Please enter both times, or none."))
        if start is not None and start == end:
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
