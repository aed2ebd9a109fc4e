"""What a guest likes, in words: nothing here is about her health."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.models import Customer

NAMES = {
    "pressure": _l("Pressure"),
    "avoid": _l("Avoid"),
    "oil": _l("Oil"),
    "music": _l("Music"),
    "talk": _l("Talking"),
    "other": _l("Also"),
}
VALUES = {
    "light": _l("light"),
    "medium": _l("medium"),
    "firm": _l("firm"),
    "none": _l("none"),
    "soft": _l("soft"),
    "quiet": _l("rather quiet"),
    "welcome": _l("welcome"),
}


@dataclass(frozen=True, slots=True)
class Preference:
    """One line; `is_words`: somebody wrote it, so it is not translated."""

    name: str | LazyString
    value: str | LazyString
    is_words: bool


def preferences_of(guest: Customer) -> list[Preference]:
    """What is known, in the order of NAMES."""
    found = guest.preferences or {}
    return [
        Preference(name, VALUES.get(found[key], str(found[key])), found[key] not in VALUES)
        for key, name in NAMES.items()
        if isinstance(found.get(key), str) and found[key]
    ]
