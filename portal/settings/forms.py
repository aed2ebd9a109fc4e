"""The shape that all forms of the settings share: they know what they were drawn from, so that two editors do not
overwrite each other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.bookings.forms import VersionField, WholeNumber, read_version, readable
from portal.customers.forms import one_line
from portal.errors import PortalError

_LONG = _l("Please use at most %(max)d characters.")
NEEDED = _l("Please fill this in.")
# What no setting is, and no check can reckon with.
_LARGEST = 10**9
_ASIDE = {"csrf_token", "version", "drawn", "seen", "confirm"}


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that somebody else has changed since the form was drawn: what stands there now."""

    label: str
    now: str


def line(label: Any, *, most: int, needed: bool = False, **more: Any) -> StringField:
    """A line of text. One of blanks alone is none."""
    first = [DataRequired(NEEDED)] if needed else [Optional()]
    return StringField(label, filters=[one_line], validators=[*first, Length(max=most, message=_LONG)], **more)


def text(label: Any, *, most: int, **more: Any) -> TextAreaField:
    """Some lines of text."""
    checks = [Optional(), Length(max=most, message=_LONG)]
    return TextAreaField(label, filters=[readable], validators=checks, **more)


class Figure(WholeNumber):
    """A whole number; what was written in its place is shown again as far as it can be."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and abs(self.data) > _LARGEST:
            self.data = None

    def _value(self) -> str:
        return one_line(super()._value())[:40]


def number(label: Any, low: int, high: int, *, optional: bool = False, **more: Any) -> Figure:
    """A whole number from `low` to `high`."""
    told = _l("Please enter a whole number from %(min)d to %(max)d.")
    first = [IfAny()] if optional else [InputRequired(NEEDED)]
    return Figure(label, validators=[*first, NumberRange(low, high, message=told)], **more)


class IfAny(Optional):  # type: ignore[misc]  # WTForms has no types
    """Nothing at all is allowed; what was written and could not be read is not nothing."""


class OneOf:
    """One of the choices of the field."""

    def __call__(self, _form: Any, field: Any) -> None:
        known = {str(choice[0]) for choice in field.iter_choices()}
        chosen = field.data if isinstance(field.data, list) else [field.data]
        if not {str(one) for one in chosen} <= known:
            raise ValidationError(_("Please choose one of these."))


def choice(label: Any, words: Mapping[Any, Any], **more: Any) -> SelectField:
    """One of these words."""
    choices = [SelectChoice(value, word) for value, word in words.items()]
    return SelectField(label, choices=choices, validate_choice=False, validators=[OneOf()], **more)


class SettingsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """`version` is that of the row as it was shown, `drawn` what its fields said then."""

    version = VersionField()
    drawn = HiddenField(filters=[readable])

    @classmethod
    def of(cls, version: int, values: Mapping[str, Any], **more: Any) -> Self:
        """The form as the row stands."""
        form = cls(formdata=None, data=dict(values), **more)
        form.stand_on(version)
        return form

    def stand_on(self, version: int) -> None:
        """Remember what the form is drawn from."""
        self.version.data = str(version)
        self.drawn.data = json.dumps({field.short_name: written(field) for field in self.editable()})

    def editable(self) -> Iterator[Any]:
        """The fields that people fill in."""
        return (field for field in self if field.short_name not in _ASIDE)

    @property
    def known_version(self) -> int | None:
        return read_version(self.version.data)

    def values(self) -> dict[str, Any]:
        """What was filled in, as the row keeps it: an empty text is none."""
        return {field.short_name: (None if field.data == "" else field.data) for field in self.editable()}

    def meet(self, fresh: SettingsForm) -> list[Clash]:
        """After somebody else's change: what I left alone becomes hers, what both changed is named.

        From then on the form stands on the row as it is, so that saving again is a decision.
        """
        drawn, clashes = self._drawn(), []
        for field in self.editable():
            theirs = fresh[field.short_name]
            mine, now, was = written(field), written(theirs), drawn.get(field.short_name, "")
            if mine == was:
                field.data, field.raw_data = theirs.data, None
            elif now not in {was, mine}:
                clashes.append(Clash(str(field.label.text), shown(theirs)))
        self.version.data, self.drawn.data = fresh.version.data, fresh.drawn.data
        return clashes

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside its field, else above the form."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors: list[str] = [*(self.form_errors or []), str(error.message)]
        else:
            field.errors = [*field.errors, str(error.message)]

    def _drawn(self) -> dict[str, Any]:
        try:
            found = json.loads(self.drawn.data or "{}")
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def written(field: Any) -> str:
    """What a field says, as one text."""
    if isinstance(field, BooleanField):
        return "y" if field.data else ""
    if isinstance(field, SelectMultipleField):
        return ",".join(sorted(map(str, field.data or [])))
    if isinstance(field, SelectField):
        return "" if field.data is None else str(field.data)
    return str(field._value()) if hasattr(field, "_value") else str(field.data or "")


def shown(field: Any) -> str:
    """What a field says, as people read it."""
    if isinstance(field, BooleanField):
        return _("yes") if field.data else _("no")
    if isinstance(field, SelectField | SelectMultipleField):
        chosen = set(map(str, field.data if isinstance(field.data, list) else [field.data]))
        return ", ".join(str(one[1]) for one in field.iter_choices() if str(one[0]) in chosen)
    return written(field)


def read_decimal(text: str | None, *, places: int = 2) -> Decimal | None:
    """A number as people type it, with comma or point; None for what is none or has too many places."""
    try:
        found = Decimal((text or "").replace(",", ".").replace("\u00a0", "").strip())
    except InvalidOperation:
        return None
    exponent = found.as_tuple().exponent
    return found if found.is_finite() and isinstance(exponent, int) and -exponent <= places else None


def days(label: Any, words: Sequence[tuple[str, Any]], **more: Any) -> SelectMultipleField:
    """Some of the days of the week, as boxes."""
    choices = [SelectChoice(*word) for word in words]
    return SelectMultipleField(label, choices=choices, validate_choice=False, validators=[OneOf()], **more)
