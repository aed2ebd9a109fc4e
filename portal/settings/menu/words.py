"""How the menu calls what its columns say."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

KINDS = {
    "appointment": _l("Appointment: one guest or a couple"),
    "class": _l("Class: sessions that guests join"),
    "event": _l("Event: one session for a group"),
}
FOR_WHOM = {
    "": _l("Not said"),
    "all": _l("Everybody"),
    "women": _l("Women"),
    "men": _l("Men"),
    "couple": _l("Couples"),
}
DEPOSITS = {
    "none": _l("None is asked for"),
    "fixed": _l("An amount"),
    "percent": _l("A share of the price"),
}
# The families that have a colour of their own in the agenda; others may be typed.
FAMILIES = ("massage", "facial", "body", "ritual")
