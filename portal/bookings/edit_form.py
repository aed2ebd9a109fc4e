"""The details of a booking as a form that knows what it was drawn from: two editors do not overwrite each other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from portal.bookings.editing import Details
from portal.bookings.forms import VersionField, read_version, readable
from portal.bookings.payment_form import WANTED, amount_minor
from portal.bookings.words import CLIENT_TYPE_WORDS
from portal.i18n import typed_amount
from portal.models import Booking, StaffMember, Venue
from portal.team.queries import therapists_of

_LONG = _l("Please use at most %(max)d characters.")


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that somebody else has changed since the form was drawn: what stands there now."""

    label: str
    now: str


class DetailsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """`version` is that of the booking as it was shown, `drawn` what its fields said then."""

    price = StringField(_l("Price"), filters=[readable])
    client_type = SelectField(_l("Kind of guest"), choices=[], validate_choice=False)
    room_number = StringField(_l("Hotel room"), filters=[readable], validators=[Length(max=20, message=_LONG)])
    guest_language = SelectField(_l("Language of the messages"), choices=[], validate_choice=False)
    asked_for = SelectField(_l("The guest asked for"), choices=[], validate_choice=False)
    notes = TextAreaField(_l("Note"), filters=[readable], validators=[Length(max=500, message=_LONG)])
    version = VersionField()
    drawn = HiddenField(filters=[readable])
    at_hotel = True
    team: Mapping[str, StaffMember] = MappingProxyType({})

    def wish(self, currency: str) -> Details | None:
        """What is asked of the service; None when a field holds what cannot be, which is told beside it."""
        price = amount_minor(self.price.data or "", currency)
        if price is None:
            self.price.errors = [WANTED]
        chosen = (self.client_type, self.guest_language, self.asked_for)
        for field in chosen:
            if field.data not in dict(field.choices):
                field.errors = [_l("Please choose one of these.")]
        if price is None or any(field.errors for field in chosen):
            return None
        details = Details(
            price_minor=price,
            notes=self.notes.data or None,
            client_type=self.client_type.data,
            guest_language=self.guest_language.data,
            requested=self.team.get(self.asked_for.data),
        )
        if self.at_hotel:
            details["room_number"] = self.room_number.data or None
        return details

    @property
    def known_version(self) -> int | None:
        return read_version(self.version.data)

    def meet(self, booking: Booking) -> dict[str, Clash]:
        """After somebody else's change: what I left alone becomes hers, what both changed is named.

        From then on the form stands on the booking as it is, so that saving again is a decision.
        """
        drawn, current = self._drawn(), values_of(booking)
        clashes: dict[str, Clash] = {}
        for name, now in current.items():
            if name == "room_number" and not self.at_hotel:
                continue
            field = self[name]
            if (field.data or "") == drawn.get(name, ""):
                field.data = now
            elif now not in {drawn.get(name, ""), field.data or ""}:
                shown = dict(field.choices).get(now, now) if isinstance(field, SelectField) else now
                clashes[name] = Clash(str(field.label.text), str(shown))
        self.version.data, self.drawn.data = str(booking.version), json.dumps(current)
        return clashes

    def _drawn(self) -> dict[str, Any]:
        try:
            found = json.loads(self.drawn.data or "{}")
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def details_form(venue: Venue, booking: Booking) -> DetailsForm:
    """The form filled with the booking, or with what was sent."""
    current = values_of(booking)
    form = DetailsForm(version=booking.version, drawn=json.dumps(current), **current)
    form.client_type.choices = list(CLIENT_TYPE_WORDS.items())
    form.guest_language.choices = [("fr", "Français"), ("en", "English")]
    form.team = {str(one.uuid): one for one in (*therapists_of(venue), booking.requested) if one is not None}
    form.asked_for.choices = [("", _l("Nobody in particular")), *((key, one.name) for key, one in form.team.items())]
    form.at_hotel = venue.venue_type == "hotel"
    return form


def values_of(booking: Booking) -> dict[str, str]:
    """The fields as they stand in the form."""
    return {
        "price": typed_amount(booking.price_minor, booking.currency),
        "notes": booking.notes or "",
        "room_number": booking.room_number or "",
        "client_type": booking.client_type,
        "guest_language": booking.guest_language,
        "asked_for": str(booking.requested.uuid) if booking.requested else "",
    }
