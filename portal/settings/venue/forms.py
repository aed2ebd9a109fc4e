"""Forms of the venue itself."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.customers.forms import one_line
from portal.i18n import formats, language
from portal.models import Venue
from portal.settings.forms import NEEDED, SettingsForm, choice, line, number, read_decimal, text
from portal.settings.words import CURRENCIES, MASSAGE, VENUE_TYPES

PROFILE = (
    "name", "name_en", "landing_subtitle", "description", "description_en", "venue_type", "address", "postal_code",
    "city", "country", "currency", "vat", "massage_wording",
)  # fmt: skip
RULES = (
    "slot_interval", "minimum_notice_minutes", "room_turnover_buffer_minutes", "inter_venue_buffer_minutes",
    "allow_out_of_hours_booking", "out_of_hours_surcharge_percent", "booking_hold_enabled",
    "booking_hold_duration_minutes", "therapist_escalation_delay_minutes", "auto_validation",
)  # fmt: skip


# Codes with two letters that are none of a country.
NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ"})


class ProfileForm(SettingsForm):
    """Who the venue is, and what guests and partners read of it."""

    name = line(_l("Name in French"), most=200, needed=True)
    name_en = line(_l("Name in English"), most=200, description=_l("Left empty, the French one is shown."))
    landing_subtitle = line(_l("One sentence about the venue"), most=300)
    description = text(_l("Description in French"), most=2000)
    description_en = text(_l("Description in English"), most=2000)
    venue_type = choice(_l("Kind of venue"), VENUE_TYPES)
    address = line(_l("Address"), most=300)
    postal_code = line(_l("Postal code"), most=20)
    city = line(_l("Town"), most=120)
    country = choice(
        _l("Country"), {}, description=_l("Phone numbers typed without a country code are read as of this country.")
    )
    currency = choice(_l("Currency"), {}, description=_l("It can be changed until the first booking."))
    vat = StringField(_l("VAT, in percent"), filters=[one_line], validators=[InputRequired(NEEDED)])
    massage_wording = choice(
        _l("How massages are called"),
        MASSAGE,
        description=_l("In France “massage” is kept for physiotherapists; many spas write “modelage”."),
    )

    def __init__(self, *given: Any, venue: Venue, **words: Any) -> None:
        super().__init__(*given, **words)
        names = formats().territories
        countries = {
            code: name for code, name in names.items() if len(code) == 2 and code not in {"EU", "EZ", "UN", "ZZ"}
        }
        listed = sorted(countries.items(), key=lambda item: item[1])
        self.country.choices = [SelectChoice("", _l("Not said")), *(SelectChoice(*item) for item in listed)]
        currencies = dict.fromkeys([*CURRENCIES, venue.currency])
        self.currency.choices = [SelectChoice(code, _currency(code)) for code in currencies]

    def validate_vat(self, field: Any) -> None:
        found = read_decimal(field.data)
        if found is None or not 0 <= found <= 100:
            raise ValidationError(_("Please enter a percentage from 0 to 100, for example 5.5."))

    def values(self) -> dict[str, Any]:
        vat = read_decimal(self.vat.data)
        return super().values() | {"vat": vat}


class RulesForm(SettingsForm):
    """What can be booked when, and who is asked."""

    slot_interval = number(
        _l("A booking can begin every … minutes"), 5, 240,
        description=_l("Counted from opening. The desk may also book in between, in steps of five minutes."),
    )  # fmt: skip
    minimum_notice_minutes = number(
        _l("Minimum notice, in minutes"), 0, 525_600, description=_l("For partners; the desk needs none.")
    )
    room_turnover_buffer_minutes = number(
        _l("Turnover of a room, in minutes"), 0, 240,
        description=_l("Between two bookings of a room. Bookings made before keep theirs."),
    )  # fmt: skip
    inter_venue_buffer_minutes = number(
        _l("Way to another venue, in minutes"), 0, 480,
        description=_l("For therapists who work at several venues on one day."),
    )  # fmt: skip
    allow_out_of_hours_booking = BooleanField(
        _l("Take bookings out of hours"), description=_l("Two hours before opening and after closing, within the day.")
    )
    out_of_hours_surcharge_percent = number(_l("Surcharge out of hours, in percent"), 0, 100, optional=True)
    booking_hold_enabled = BooleanField(_l("Hold a place while somebody books"))
    booking_hold_duration_minutes = number(_l("How long it is held, in minutes"), 1, 15, optional=True)
    therapist_escalation_delay_minutes = number(
        _l("The next therapists are asked after … minutes"), 1, 240,
        description=_l("When those of the first rank have not answered."),
    )  # fmt: skip
    auto_validation = BooleanField(
        _l("Confirm at once when only one therapist is active"),
        description=_l("She is not asked: the booking is hers."),
    )

    def validate_slot_interval(self, field: Any) -> None:
        if field.data is not None and field.data % 5:
            raise ValidationError(_("Please choose a multiple of five minutes."))

    def validate(self, extra_validators: Any = None) -> bool:
        fine = bool(super().validate(extra_validators))
        held = self.booking_hold_duration_minutes
        if self.booking_hold_enabled.data and held.data is None and not held.errors:
            held.errors = [_("Please say how long the place is held.")]
            return False
        return fine


def profile_values(venue: Venue) -> Mapping[str, Any]:
    """The fields as they stand in the form."""
    return {name: getattr(venue, name) for name in PROFILE} | {
        "vat": _percent(venue.vat),
        "country": venue.country or "",
    }


def rules_values(venue: Venue) -> Mapping[str, Any]:
    """The fields as they stand in the form."""
    return {name: getattr(venue, name) for name in RULES}


def profile_form(venue: Venue) -> ProfileForm:
    """The form as the venue stands."""
    return ProfileForm.of(venue.version, profile_values(venue), venue=venue)


def rules_form(venue: Venue) -> RulesForm:
    """The form as the venue stands."""
    return RulesForm.of(venue.version, rules_values(venue))


def _percent(value: Decimal) -> str:
    plain = f"{value.normalize():f}"
    return plain.replace(".", ",") if language() == "fr" else plain


def _currency(code: str) -> str:
    return f"{formats().currencies.get(code, code)} ({code})"
