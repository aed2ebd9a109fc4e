"""The form of the room: the shape of what is sent; the rules are the service's."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from portal.customers.forms import one_line
from portal.errors import PortalError


class EraseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """`version` is that of the guest as the page showed her; a form that does not say it comes too late."""

    typed = StringField(
        _l("The name, as it stands here"),
        filters=[one_line],
        validators=[Length(max=300, message=_l("Please type the name exactly as it stands above."))],
    )
    version = HiddenField()

    def known(self) -> int:
        """The version that was shown, −1 for what is none."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    def refuse(self, error: PortalError) -> None:
        """Put the sentence of a refusal beside its field."""
        self.typed.errors = [*self.typed.errors, str(error.message)]
