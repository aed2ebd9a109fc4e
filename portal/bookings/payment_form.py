"""What is typed at the till."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import get_currency_precision
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from portal.bookings.forms import VersionField, read_version, readable
from portal.bookings.words import PAYMENT_METHOD_WORDS
from portal.errors import Invalid
from portal.models import Booking, Participant, Venue
from portal.models.payment import DEPOSIT_APPLIED, DEPOSIT_KEPT
from portal.payments.words import kinds

# One click each in the panel; the others stand in the form.
QUICK_METHODS = ("card_on_site", "cash", "room", "offert")
# What every field for an amount of a booking wants.
WANTED = _l("Please enter an amount from 0 to 99,999,999.99, for example 45.00.")
_AMOUNT = re.compile(r"\d{1,9}([.,]\d{1,3})?")
# What people write around the figures: spaces, and the currency, which is the venue's anyway.
_SPACES = re.compile(r"[\s\u00a0\u202f'€$£]|EUR|USD|GBP|CHF")


class PaymentForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """One line of the ledger. `version` is that of the booking as it was shown.

    `participant` is there for a class alone: which of its members pays, or is paid.
    """

    participant = SelectField(_l("For whom"), id="payment-participant", choices=[], validate_choice=False)
    kind = SelectField(_l("What"), id="payment-kind", choices=[], validate_choice=False)
    amount = StringField(
        _l("Amount"),
        id="payment-amount",
        filters=[readable],
        validators=[InputRequired(WANTED)],
    )
    method = SelectField(_l("How"), id="payment-method", choices=[], validate_choice=False)
    note = StringField(
        _l("Note"),
        id="payment-note",
        filters=[readable],
        validators=[Length(max=300, message=_l("Please use at most 300 characters."))],
    )
    version = VersionField(id="payment-version")
    payers: Mapping[str, Participant]

    def wish(self, currency: str) -> dict[str, Any] | None:
        """What is asked of the service; None when a field holds what cannot be, which is told beside it."""
        amount = amount_minor(self.amount.data or "", currency)
        if amount is None:
            self.amount.errors = [WANTED]
        payer = self.payers.get(self.participant.data or "") if self.participant else None
        if self.participant and payer is None:
            self.participant.errors = [_l("Please choose one of those who take part.")]
        if amount is None or (self.participant and payer is None):
            return None
        kind = self.kind.data or ""
        return {
            "kind": kind,
            "amount_minor": amount,
            "method": None if kind in {DEPOSIT_APPLIED, DEPOSIT_KEPT} else self.method.data or "",
            "note": self.note.data or None,
            "participant": payer,
            "version": read_version(self.version.data),
        }

    def refuse(self, refusal: Invalid) -> None:
        """Tell a refusal of the service beside the field that it is about."""
        field = self[refusal.field] if refusal.field in self._fields else self.amount
        field.errors = [*field.errors, refusal.message]


def payment_form(venue: Venue, booking: Booking, **given: Any) -> PaymentForm:
    """The form with what this venue offers, and who can pay; with `formdata=None` empty, whatever else was sent."""
    form = PaymentForm(version=booking.version, **given)
    form.payers = {str(one.uuid): one for one in booking.participants if one.price_minor is not None}
    if form.payers:
        names = [(key, one.label or _("Guest without a name")) for key, one in form.payers.items()]
        form.participant.choices = [("", _("Please choose…")), *names]
    else:
        del form.participant
    form.kind.choices = list(kinds(venue).items())
    form.method.choices = [(key, PAYMENT_METHOD_WORDS[key]) for key in methods_of(venue)]
    return form


def methods_of(venue: Venue) -> list[str]:
    """The ways to pay here, the usual ones first."""
    rest = [key for key in PAYMENT_METHOD_WORDS if key not in QUICK_METHODS]
    return [key for key in (*QUICK_METHODS, *rest) if key != "room" or venue.venue_type == "hotel"]


def quick_methods(venue: Venue, *, preferred: str | None) -> list[str]:
    """The ways to pay in one click; the one that the booking names comes first."""
    known = [key for key in QUICK_METHODS if key in methods_of(venue)]
    if preferred not in methods_of(venue):
        return known
    return [preferred, *(key for key in known if key != preferred)]


def amount_minor(text: str, currency: str) -> int | None:
    """`1 045,50` or `1045.50` in minor units of the currency; None for whatever is no amount in it."""
    plain = _SPACES.sub("", text)
    if not plain.isascii() or not _AMOUNT.fullmatch(plain):
        return None
    try:
        minor = Decimal(plain.replace(",", ".")).scaleb(get_currency_precision(currency))
    except InvalidOperation:
        return None
    return int(minor) if minor == minor.to_integral_value() else None
