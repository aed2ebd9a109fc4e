"""Forms of one's own account. What is dangerous asks for the password once more."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from portal.errors import PortalError
from portal.pictures import PhotoForm
from portal.session.forms import printable
from portal.session.passwords import LONGEST


class ProofForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Her password, once more."""

    current = PasswordField(
        _l("Your present password"),
        [
            InputRequired(_l("Please enter your password.")),
            Length(max=LONGEST, message=_l("This password is too long.")),
        ],
    )

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside its field."""
        found = self[error.field if error.field in self else "current"]
        found.errors = [*found.errors, str(error.message)]


class PasswordForm(ProofForm):
    """Another password, twice."""

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


class AddressForm(ProofForm):
    """Another address to sign in with."""

    address = EmailField(
        _l("New e-mail address"),
        [
            InputRequired(_l("Please enter the new address.")),
            Length(max=255, message=_l("This address is too long.")),
        ],
        filters=[printable],
    )


class FactorForm(ProofForm):
    """The password before the second step changes."""


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """The first code that her telephone shows."""

    code = StringField(
        _l("Code"),
        [InputRequired(_l("Please enter the code.")), Length(max=40, message=_l("This code is too long."))],
        filters=[printable],
    )

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside the field."""
        self.code.errors = [*self.code.errors, str(error.message)]


class PhoneForm(FlaskForm):  # type: ignore[misc]
    """The number at which she is reached; empty for none."""

    phone = StringField(
        _l("Telephone"),
        [Length(max=40, message=_l("This is not a telephone number."))],
        filters=[printable],
        description=_l("With it offers can come as text messages."),
    )

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside the field."""
        self.phone.errors = [*self.phone.errors, str(error.message)]


def blank_forms() -> dict[str, Any]:
    """The forms of the page as they are drawn first; each has names of its own."""
    return {
        "password": PasswordForm(formdata=None, prefix="password-"),
        "address": AddressForm(formdata=None, prefix="address-"),
        "factor": FactorForm(formdata=None, prefix="factor-"),
        "confirm": ConfirmForm(formdata=None, prefix="confirm-"),
        "photo": PhotoForm(formdata=None),
    }
