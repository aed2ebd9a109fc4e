"""What a manager changes of the venue itself. Lock, re-read, decide, write."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import get_currency_precision
from flask_babel import gettext as _

from portal.audit import Actor
from portal.database import atomic
from portal.errors import Invalid
from portal.models import Treatment, Venue
from portal.settings.changing import check_version, take_over
from portal.settings.queries import has_bookings, lock_venue
from portal.settings.venue.queries import lock_menu


@atomic
def change_venue(venue: Venue, *, version: int | None, by: Actor, **values: Any) -> Venue:
    """Take over new values of the venue's columns; harmless when nothing is new. Bookings made before keep theirs.

    Another currency is refused once something was booked, because bookings and the ledger are in the old one; before
    that the menu's prices keep their figures. Raises Stale, Invalid.
    """
    venue = lock_venue(venue)
    check_version(venue, version)
    currency = values.get("currency", venue.currency)
    if currency != venue.currency:
        if has_bookings(venue):
            told = _("There are bookings in %(currency)s: the currency stays.", currency=venue.currency)
            raise Invalid(told, field="currency")
        _reprice(venue, currency)
    take_over(venue, venue, values, verb="venue:changed", by=by)
    return venue


def _reprice(venue: Venue, currency: str) -> None:
    """What costs 95.00 costs 95 of the new currency, however many minor units that is."""
    scale = get_currency_precision(currency) - get_currency_precision(venue.currency)
    for treatment in lock_menu(venue):
        _scale(treatment, scale)


def _scale(treatment: Treatment, scale: int) -> None:
    for variant in treatment.variants:
        variant.price_minor = _scaled(variant.price_minor, scale)
    treatment.deposit_minor = _scaled(treatment.deposit_minor, scale)


def _scaled(minor: int | None, scale: int) -> int | None:
    return None if minor is None else int(Decimal(minor).scaleb(scale).quantize(Decimal(1), ROUND_HALF_UP))
