"""Reasons, likelihoods and fields in words."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.duplicates.likeness import LIKELY, VERY_LIKELY, Reason

REASONS: dict[Reason, LazyString] = {
    Reason.PHONE: _l("same phone number"),
    Reason.EMAIL: _l("same e-mail address"),
    Reason.TAIL: _l("same number after another country code"),
    Reason.NAME: _l("same name"),
    Reason.SWAPPED: _l("first and last name swapped"),
    Reason.NEAR: _l("names that sound alike"),
    Reason.OTHER_PHONE: _l("another phone number"),
    Reason.OTHER_EMAIL: _l("another e-mail address"),
}

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
