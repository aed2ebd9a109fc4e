"""Forms of the room: the shape of what is sent; the rules are the service's."""

from __future__ import annotations

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

_LINE_ENDS = {"\n", "\r", "\t"}


def readable(_form: FlaskForm, field: Field) -> None:
    """Refuse control characters, which no keyboard types and no database wants."""
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in _LINE_ENDS for sign in field.data or ""):
        raise ValidationError(_l("Please use letters, digits and punctuation only."))


class WholeNumber(IntegerField):  # type: ignore[misc]  # WTForms has no types
    """A number; whatever is none is left to the validators, so that one sentence says what is wanted."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None


class CancelForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why a booking is cancelled and what goes back. `version` is that of the booking as it was shown."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l("It stands in the history of the booking."),
        filters=[lambda text: text.strip() if text else text],
        validators=[
            DataRequired(_l("Please say why the booking is cancelled.")),
            Length(max=500, message=_l("Please use at most 500 characters.")),
            readable,
        ],
    )
    refund_percent = WholeNumber(
        _l("Refund, in percent"),
        default=100,
        validators=[
            InputRequired(_l("Please enter a whole number from 0 to 100.")),
            NumberRange(0, 100, message=_l("Please enter a whole number from 0 to 100.")),
        ],
    )
    version = HiddenField()

    def wish(self) -> dict[str, Any]:
        """What is asked of the service; a version that did not arrive in full is left out."""
        version = self.version.data or ""
        known = version.isascii() and version.isdigit() and len(version) < 10
        return {
            "reason": self.reason.data,
            "refund_percent": self.refund_percent.data,
            "version": int(version) if known else None,
        }
