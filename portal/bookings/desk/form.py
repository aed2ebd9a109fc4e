"""The form of a booking at the desk: the shape of what is typed; what it means is read in `reading.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import Length

from portal.bookings.forms import readable
from portal.bookings.payment_form import methods_of
from portal.bookings.words import CLIENT_TYPE_WORDS, PAYMENT_METHOD_WORDS
from portal.customers.forms import one_line
from portal.customers.wanted import LONGEST
from portal.models import Venue

# More in a row than this is a programme, which is planned and not typed.
MOST_IN_A_ROW = 3
_TOO_LONG = _l("Please use at most %(max)d characters.")


class Text(StringField):  # type: ignore[misc]  # WTForms has no types
    """Text on one line, without what nobody types."""

    def __init__(self, label: LazyString | str = "", *, longest: int, **given: Any) -> None:
        super().__init__(label, filters=[one_line], validators=[Length(max=longest, message=_TOO_LONG)], **given)


class Day(Text):
    """A date, read in `moments.py`."""

    widget = DateField.widget


class Time(Text):
    """A time of day, read in `moments.py`."""

    widget = TimeField.widget


class ComposeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A booking being typed.

    `id` is the booking's from the start, so that a second click makes no second booking. `guest` is what was typed in
    the guest box; `customer` whom it means, or `create` that it is somebody new; `pick` either of them where the box
    could not. `priced` is the price that was proposed: while `price` says the same it follows the treatment.
    `therapist` is reserved at once, or with `ask:` before her name asked before all others; `asked_for` says that the
    guest asked for her. With `overbook` it is booked even where there is no place, for the reason that then must be
    given; with `despite` a blocked guest is, for a reason too.
    """

    id = HiddenField(filters=[one_line])
    customer = HiddenField(filters=[one_line])
    create = HiddenField(filters=[one_line])
    shared_email = HiddenField(filters=[one_line])
    pick = HiddenField(filters=[one_line])
    guest = Text(_l("Guest"), longest=LONGEST)
    variant = SelectField(_l("Treatment"), choices=[], validate_choice=False)
    then = SelectMultipleField(_l("Then"), choices=[], validate_choice=False)
    date = Day(_l("Date"), longest=10)
    time = Time(_l("Time"), longest=8)
    offset = HiddenField(filters=[one_line])
    therapist = SelectField(_l("Therapist"), choices=[], validate_choice=False)
    asked_for = BooleanField(_l("The guest asked for her or him"))
    second = SelectField(_l("Second therapist"), choices=[], validate_choice=False)
    room = SelectField(_l("Room"), choices=[], validate_choice=False)
    price = Text(_l("Price"), longest=30)
    priced = HiddenField(filters=[one_line])
    client_type = SelectField(_l("Kind of guest"), choices=[], default="external", validate_choice=False)
    room_number = Text(_l("Hotel room"), longest=20)
    payment_method = SelectField(_l("Payment"), choices=[], validate_choice=False)
    paid = BooleanField(_l("Paid now"))
    notes = TextAreaField(_l("Note"), filters=[readable], validators=[Length(max=500, message=_TOO_LONG)])
    tell = BooleanField(_l("Tell the guest by e-mail"))
    overbook = HiddenField(filters=[one_line])
    despite = HiddenField(filters=[one_line])
    despite_reason = Text(_l("Why this guest is booked all the same"), longest=200)
    overbook_reason = Text(_l("Why it is booked all the same"), longest=200)

    def __init__(self, *given: Any, **words: Any) -> None:
        super().__init__(*given, **words)
        for field in self:
            field.id = f"c-{field.short_name}"  # other forms of the page have fields of the same name

    def offer(self, venue: Venue) -> ComposeForm:
        """The same form with what this venue offers."""
        self.client_type.choices = list(CLIENT_TYPE_WORDS.items())
        self.payment_method.choices = [(key, PAYMENT_METHOD_WORDS[key]) for key in methods_of(venue)]
        return self

    @property
    def is_begun(self) -> bool:
        """Whether something was typed that would be a pity to lose."""
        return bool(self.guest.data or self.notes.data or self.customer.data)


DRAFTED = (
    "id", "customer", "create", "guest", "variant", "then", "date", "time", "offset", "therapist", "asked_for",
    "second", "room", "price", "priced", "client_type", "room_number", "payment_method", "paid", "notes", "tell",
)  # fmt: skip


def sent_form(venue: Venue) -> ComposeForm:
    """The form as it was posted."""
    return ComposeForm().offer(venue)


def asked_form(venue: Venue, asked: MultiDict[str, str]) -> ComposeForm:
    """The form as it stands in an address: nothing is changed by it, so it needs no token."""
    return ComposeForm(formdata=asked, meta={"csrf": False}).offer(venue)


def fresh_form(venue: Venue, values: Mapping[str, Any]) -> ComposeForm:
    """A form filled with these values, for a booking that is not there yet."""
    return ComposeForm(formdata=None, **{"id": str(uuid4()), **values}).offer(venue)


def draft_of(form: ComposeForm) -> dict[str, Any]:
    """What is worth keeping of a form that was not sent."""
    return {name: form[name].data for name in DRAFTED if form[name].data}


def refuse(field: Field, message: str | LazyString) -> None:
    """Tell what is wrong beside its field."""
    field.errors = [*field.errors, message]
