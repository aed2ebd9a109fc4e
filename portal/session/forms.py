"""Forms of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from portal.i18n import LANGUAGES
from portal.session.passwords import LONGEST
from portal.session.preferences import THEMES


def printable(text: str | None) -> str | None:
    """What no keyboard sends neither reaches the database nor comes back in the page."""
    return text if text is None or text.isprintable() else ""


class LoginForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Who wants to come in, and to which page. The address is not checked: whether it exists is nobody's business."""

    email = EmailField(
        _l("E-mail address"),
        [
            InputRequired(_l("Please enter your e-mail address.")),
            Length(max=255, message=_l("This address is too long.")),
        ],
        filters=[printable],
    )
    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Please enter your password.")),
            Length(max=LONGEST, message=_l("This password is too long.")),
        ],
    )
    next = HiddenField(filters=[printable])


class LanguageForm(FlaskForm):  # type: ignore[misc]
    """The language that was chosen, and the page to go back to."""

    lang = StringField(validators=[AnyOf(LANGUAGES)])
    next = HiddenField(filters=[printable])


class ThemeForm(FlaskForm):  # type: ignore[misc]
    """The theme that was chosen, and the page to go back to."""

    theme = StringField(validators=[AnyOf(THEMES)])
    next = HiddenField(filters=[printable])
