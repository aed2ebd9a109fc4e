"""How the settings call what their columns say."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

VENUE_TYPES = {"spa": _l("Spa"), "hotel": _l("Hotel spa: guests may charge to their room")}
MASSAGE = {"massage": "massage", "modelage": "modelage"}
DEPOSIT = {
    "arrhes": _l("Arrhes: the guest loses them, the venue repays them double"),
    "acompte": _l("Acompte: both sides are bound to the whole"),
}
# Where the people work who use the portal; a venue keeps whatever other currency it has.
CURRENCIES = ("EUR", "CHF", "GBP", "USD", "CAD", "DZD", "JPY", "MAD", "MUR", "TND", "XOF", "XPF")
WEEKDAYS = (
    ("1", _l("Monday")),
    ("2", _l("Tuesday")),
    ("3", _l("Wednesday")),
    ("4", _l("Thursday")),
    ("5", _l("Friday")),
    ("6", _l("Saturday")),
    ("0", _l("Sunday")),
)


def minutes(count: int) -> str:
    """`45 min`, `1 h`, `1 h 30`."""
    hours, rest = divmod(count, 60)
    if not hours:
        return _("%(count)d min", count=rest)
    return _("%(hours)d h %(rest)02d", hours=hours, rest=rest) if rest else _("%(hours)d h", hours=hours)
