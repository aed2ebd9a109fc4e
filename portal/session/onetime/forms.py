"""Forms behind links in letters."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, ValidationError
from wtforms.validators import InputRequired, Length

from portal.errors import PortalError
from portal.session.forms import printable
from portal.session.passwords import LONGEST


class AddressForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Where the letter goes. Whether anybody has this address is nobody's business."""

    email = EmailField(
        _l("E-mail address"),
        [
            InputRequired(_l("Please enter your e-mail address.")),
            Length(max=255, message=_l("This address is too long.")),
        ],
        filters=[printable],
    )


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A password twice, so that a slip of the finger shuts nobody out."""

    password = PasswordField(
        _l("New password"),
        [
            InputRequired(_l("Please choose a password.")),
            Length(max=LONGEST, message=_l("This password is too long.")),
        ],
        description=_l("At least 12 characters. Several words in a row are a good choice."),
    )
    again = PasswordField(_l("The same again"), [InputRequired(_l("Please enter the password a second time."))])

    def validate_again(self, field: Field) -> None:
        """Both are the same."""
        if field.data != self.password.data:
            raise ValidationError(_("These are two different passwords."))

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside its field."""
        found = self[error.field if error.field in self else "password"]
        found.errors = [*found.errors, str(error.message)]
