"""Likelihoods and fields in words."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.customers.likeness import LIKELY, VERY_LIKELY

FIELDS: dict[str, LazyString] = {
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "language": _l("Language"),
    "preferred_treatment_type": _l("Preferred treatment"),
    "preferred_therapist_id": _l("Preferred therapist"),
    "preferences": _l("Preferences"),
}

# By the table whose rows move.
MOVING: dict[str, LazyString] = {
    "booking": _l("Bookings"),
    "participant": _l("Places in classes and couples"),
    "customer_note": _l("Notes"),
    "customer_consent": _l("Consents"),
    "customer_link": _l("Linked people"),
    "health_note": _l("Health notes"),
    "ticket_order": _l("Ticket orders"),
    "guest_merge": _l("Merged guests"),
}


def likelihood(score: int) -> str:
    """A score in words."""
    if score >= VERY_LIKELY:
        return _("very likely")
    return _("likely") if score >= LIKELY else _("perhaps")
