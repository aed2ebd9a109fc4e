"""Forms of treatments and of the ways to take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from portal.bookings.payment_form import amount_minor
from portal.customers.forms import one_line
from portal.i18n import name_of, typed_amount
from portal.models import RoomType, StaffMember, Treatment, Variant, Venue
from portal.settings.forms import OneOf, SettingsForm, choice, days, line, number, text
from portal.settings.menu.words import DEPOSITS, FOR_WHOM, KINDS
from portal.settings.words import WEEKDAYS
from portal.wording import by_deposit

_TEXTS = ("name", "name_en", "description", "description_en", "code", "category")
_EVERY_DAY = _l("None chosen: every day.")


class VariantForm(SettingsForm):
    """One way to take a treatment: how long, for how many, at which price."""

    label = line(_l("Label in French"), most=200, needed=True, description=_l("For example “60 min” or “Duo 60 min”."))
    label_en = line(_l("Label in English"), most=200)
    duration = number(_l("Length, in minutes"), 5, 720)
    guest_count = choice(_l("For how many guests"), {"1": _l("One guest"), "2": _l("Two guests")})
    price = StringField(_l("Price"), filters=[one_line])
    price_on_request = BooleanField(_l("Price on request"))
    weekdays = days(_l("Only on these days"), WEEKDAYS, description=_EVERY_DAY)
    is_default = BooleanField(_l("Offered first"), description=_l("One of each treatment."))

    def __init__(self, *given: Any, currency: str, **words: Any) -> None:
        super().__init__(*given, **words)
        self.currency = currency

    def validate_price(self, field: Any) -> None:
        if field.data and amount_minor(field.data, self.currency) is None:
            raise ValidationError(_("Please enter an amount, for example 45.00."))

    def wish(self) -> dict[str, Any]:
        """What is asked of the service."""
        return {
            "label": self.label.data,
            "label_en": self.label_en.data or None,
            "duration": self.duration.data,
            "guest_count": int(self.guest_count.data),
            "price_minor": amount_minor(self.price.data or "", self.currency),
            "price_on_request": bool(self.price_on_request.data),
            "available_days": chosen_days(self.weekdays.data),
            "is_default": bool(self.is_default.data),
        }


class TreatmentForm(SettingsForm):
    """A treatment of the menu."""

    name = line(_l("Name in French"), most=200, needed=True)
    name_en = line(_l("Name in English"), most=200, description=_l("Left empty, the French one is shown."))
    description = text(_l("Description in French"), most=2000)
    description_en = text(_l("Description in English"), most=2000)
    code = line(_l("Short code"), most=12, description=_l("Shown where a card is narrow, for example AROMA."))
    category = line(_l("Family"), most=40, description=_l("Treatments of a family share a colour in the agenda."))
    service_for = choice(_l("For whom"), FOR_WHOM)
    kind = choice(_l("Kind"), KINDS)
    min_participants = number(_l("Least participants"), 1, 200)
    max_participants = number(_l("Most participants"), 1, 200)
    room_type = choice(_l("Type of room needed"), {})
    therapists = SelectMultipleField(_l("Who can do it"), validate_choice=False, validators=[OneOf()])
    lead_time_minutes = number(_l("Lead time, in minutes"), 0, 525_600, optional=True)
    buffer_minutes = number(_l("Turnover after it, in minutes"), 0, 240)
    deposit_kind = choice(by_deposit(_l("Deposit"), _l("Down payment")), DEPOSITS)
    deposit_amount = StringField(_l("Deposit: amount"), filters=[one_line])
    deposit_percent = number(_l("Deposit: percent of the price"), 0, 100, optional=True)
    is_addon = BooleanField(_l("Only together with another treatment"))
    weekdays = days(_l("Only on these days"), WEEKDAYS, description=_EVERY_DAY)

    def __init__(
        self, *given: Any, venue: Venue, types: Sequence[RoomType], team: Sequence[StaffMember], **words: Any
    ) -> None:
        super().__init__(*given, **words)
        self.currency = venue.currency
        self.types = {str(one.uuid): one for one in types}
        self.team = {str(one.uuid): one for one in team}
        named = (SelectChoice(key, name_of(one)) for key, one in self.types.items())
        self.room_type.choices = [SelectChoice("", _l("Any room")), *named]
        self.therapists.choices = [SelectChoice(key, one.name) for key, one in self.team.items()]

    def validate_deposit_amount(self, field: Any) -> None:
        if field.data and amount_minor(field.data, self.currency) is None:
            raise ValidationError(_("Please enter an amount, for example 45.00."))

    def wish(self) -> dict[str, Any]:
        """What is asked of the service of the row itself."""
        kind = self.types.get(self.room_type.data)
        is_appointment = self.kind.data == "appointment"
        texts = {name: self[name].data or None for name in _TEXTS}
        return texts | {
            "category": texts["category"].lower() if texts["category"] else None,
            "service_for": self.service_for.data or None,
            "kind": self.kind.data,
            "min_participants": 1 if is_appointment else self.min_participants.data,
            "max_participants": 1 if is_appointment else self.max_participants.data,
            "room_type_id": kind.id if kind else None,
            "lead_time_minutes": self.lead_time_minutes.data,
            "buffer_minutes": self.buffer_minutes.data,
            "deposit_kind": self.deposit_kind.data,
            "deposit_minor": amount_minor(self.deposit_amount.data or "", self.currency),
            "deposit_percent": self.deposit_percent.data,
            "is_addon": bool(self.is_addon.data),
            "available_days": chosen_days(self.weekdays.data),
        }

    def chosen(self) -> list[StaffMember]:
        """Who can do it."""
        return [self.team[key] for key in self.therapists.data or [] if key in self.team]


def treatment_values(treatment: Treatment, able: Sequence[StaffMember]) -> Mapping[str, Any]:
    """The fields as they stand in the form."""
    amount, currency = treatment.deposit_minor, treatment.venue.currency
    names = (*_TEXTS, "kind", "min_participants", "max_participants", "lead_time_minutes", "buffer_minutes",
             "deposit_kind", "deposit_percent", "is_addon")  # fmt: skip
    return {name: getattr(treatment, name) for name in names} | {
        "service_for": treatment.service_for or "",
        "room_type": str(treatment.room_type.uuid) if treatment.room_type else "",
        "deposit_amount": "" if amount is None else typed_amount(amount, currency),
        "weekdays": [str(day) for day in treatment.available_days or []],
        "therapists": [str(one.uuid) for one in able],
    }


def variant_values(variant: Variant, currency: str) -> Mapping[str, Any]:
    """The fields as they stand in the form."""
    names = ("label", "label_en", "duration", "price_on_request", "is_default")
    return {name: getattr(variant, name) for name in names} | {
        "guest_count": str(variant.guest_count),
        "price": "" if variant.price_minor is None else typed_amount(variant.price_minor, currency),
        "weekdays": [str(day) for day in variant.available_days or []],
    }


def chosen_days(chosen: Sequence[str] | None) -> list[int] | None:
    """Some days of the week; None for none or all of them."""
    found = sorted({int(day) for day in chosen or []})
    return found if 0 < len(found) < 7 else None
