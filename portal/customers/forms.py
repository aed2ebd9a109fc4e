"""Forms of the room: the shape of what is sent; the rules are the service's."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, SelectChoice, SelectField, StringField, TelField
from wtforms.validators import AnyOf, Length

from portal.customers.emails import MAX_EMAIL
from portal.customers.names import MAX_NAME
from portal.customers.reading import read_guest
from portal.models import Venue

_LANGUAGES = [SelectChoice("fr", "Français"), SelectChoice("en", "English")]


def one_line(text: str | None) -> str:
    """The text without what nobody types and no database wants, on one line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text or "").split())


class GuestForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A new guest. `next` is the page of ours that asked for her; `shared_email` is yes once that was answered."""

    first_name = StringField(
        _l("First name"),
        filters=[one_line],
        validators=[Length(max=MAX_NAME, message=_l("Please use at most 100 characters."))],
    )
    last_name = StringField(
        _l("Last name"),
        filters=[one_line],
        validators=[Length(max=MAX_NAME, message=_l("Please use at most 100 characters."))],
    )
    phone = TelField(
        _l("Phone"), filters=[one_line], validators=[Length(max=60, message=_l("This is too long for a phone number."))]
    )
    email = EmailField(
        _l("E-mail"), filters=[one_line], validators=[Length(max=MAX_EMAIL, message=_l("This address is too long."))]
    )
    language = SelectField(_l("Language"), choices=_LANGUAGES, default="fr")
    shared_email = HiddenField(validators=[AnyOf(("", "yes", None))])
    next = HiddenField(filters=[one_line])

    @classmethod
    def typed(cls, venue: Venue, text: str, *, back: str) -> GuestForm:
        """The form as far as the text of the guest box fills it."""
        guest = read_guest(text, venue.country)
        return cls(
            formdata=None, first_name=guest.first_name, last_name=guest.last_name, phone=guest.phone or guest.digits,
            email=guest.email, language=venue.organisation.default_language, next=back,
        )  # fmt: skip

    def wish(self) -> dict[str, Any]:
        """What is asked of the service."""
        names = ("first_name", "last_name", "phone", "email", "language")
        return {name: getattr(self, name).data for name in names} | {"shared_email": self.shared_email.data == "yes"}
