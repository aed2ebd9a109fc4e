"""The form of a cancellation; of a booking for several it asks who does not come, in the same step."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice

from portal.bookings.forms import CancelForm, readable
from portal.bookings.payment_form import WANTED, amount_minor
from portal.bookings.words import guest_label
from portal.i18n import typed_amount
from portal.models import Booking

ALL = "all"
MOST_MINOR = 9_999_999_999


class CoupleForm(CancelForm):
    """Whether all of them or one does not come; nobody is chosen before. `price` is for whoever still comes."""

    who = RadioField(_l("Who does not come?"), choices=[], validate_choice=False)
    price = StringField(
        _l("Price for one guest"),
        description=_l("What the visit costs from now on. What is kept is added."),
        filters=[readable],
    )

    def wish_of(self, booking: Booking) -> dict[str, Any] | None:
        """What is asked of the service; None when a field holds what cannot be, which is told beside it.

        `participant` is whoever does not come, None for all of them.
        """
        known = {str(one.uuid): one for one in booking.participants if one.is_expected}
        who, price = self.who.data or "", amount_minor(self.price.data or "", booking.currency)
        if who != ALL and who not in known:
            self.who.errors = [_l("Please choose who does not come.")]
            return None
        if who in known and (price is None or price > MOST_MINOR):
            self.price.errors = [WANTED]
            return None
        return self.wish() | {"participant": known.get(who), "price_minor": price or 0}


def cancel_form(booking: Booking, **given: Any) -> CancelForm:
    """The form with what was sent, else with what is usual; with `formdata=None` with what is usual in any case."""
    if not booking.is_for_several:
        return CancelForm(version=booking.version, tell=True, **given)
    price = typed_amount(booking.price_for_one, booking.currency)
    form = CoupleForm(version=booking.version, tell=True, price=price, **given)
    expected = [one for one in booking.participants if one.is_expected]
    everybody = _("Both guests") if len(expected) == 2 else _("All guests")
    only = [SelectChoice(str(one.uuid), _("Only %(name)s", name=guest_label(one))) for one in expected]
    form.who.choices = [SelectChoice(ALL, everybody), *only]
    return form
