"""Forms of the room: the shape of what is sent; the rules are the service's."""

from __future__ import annotations

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

_LINE_ENDS = {"\n", "\t"}


def readable(text: str | None) -> str:
    """The text without what nobody types and no database wants: control characters, and spaces around it.

    A line ends with one character, as the browser counts it.
    """
    lines = (text or "").replace("\r\n", "\n")
    kept = (sign for sign in lines if sign in _LINE_ENDS or unicodedata.category(sign) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def read_version(text: str | int | None) -> int | None:
    """The version that a form carries, None when it carries none. What is no version is older than any: -1."""
    given = str(text or "")
    if not given:
        return None
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


class VersionField(HiddenField):  # type: ignore[misc]  # WTForms has no types
    """The version of what the form was drawn from, for `read_version`. What is none comes back as -1."""

    def process_formdata(self, valuelist: list[str]) -> None:
        version = read_version(valuelist[0]) if valuelist else None
        self.data = "" if version is None else str(version)


class WholeNumber(IntegerField):  # type: ignore[misc]  # WTForms has no types
    """A number; whatever is none is left to the validators, so that one sentence says what is wanted."""

    data: int | None

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None


class CancelForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why a booking is cancelled and what goes back. `version` is that of the booking as it was shown."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l("It is kept in the booking's history."),
        filters=[readable],
        validators=[
            DataRequired(_l("Please say why the booking is cancelled.")),
            Length(max=500, message=_l("Please use at most 500 characters.")),
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
    tell = BooleanField(_l("Tell the guest by e-mail"))
    version = VersionField()

    def wish(self) -> dict[str, Any]:
        """What is asked of the service."""
        return {
            "reason": self.reason.data,
            "tell": bool(self.tell.data),
            "refund_percent": self.refund_percent.data,
            "version": read_version(self.version.data),
        }
