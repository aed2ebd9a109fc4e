"""The words of the partners' pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

SCOPE_WORDS = {
    "venues:read": _l("Read venues"),
    "treatments:read": _l("Read the menu of treatments"),
    "customers:read": _l("Read guests with their addresses and numbers"),
    "bookings:read": _l("Read bookings"),
    "availability:read": _l("Read free times"),
    "bookings:write": _l("Book and cancel"),
    "therapists:read": _l("Read therapists (reserved)"),
}
SURFACE_WORDS = {"partner": _l("Partner API"), "management": _l("Management API")}


def scope_word(scope: str) -> str:
    """What a scope lets its holder do; those of the management API are told by their names."""
    return str(SCOPE_WORDS.get(scope, scope))
