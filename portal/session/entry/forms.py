"""Forms of the second step."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from portal.session.forms import printable


class CodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The code of this moment, or a recovery code; and to which page she wants."""

    code = StringField(
        _l("Code"),
        [
            InputRequired(_l("Please enter the code.")),
            Length(max=40, message=_l("This code is too long.")),
        ],
        filters=[printable],
    )
    next = HiddenField(filters=[printable])
