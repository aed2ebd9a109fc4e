"""Which guests a list shows: read from its address, and written into the addresses of its links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.customers.wanted import LONGEST
from portal.models.customer import BLOCKED, DEPOSIT
from portal.wording import by_deposit

CHOICES: dict[str, dict[str, str | LazyString]] = {
    "where": {"": _l("This venue"), "all": _l("All venues")},
    "visits": {
        "": _l("With or without bookings"),
        "upcoming": _l("With a booking to come"),
        "unseen3": _l("Not seen for 3 months"),
        "unseen6": _l("Not seen for 6 months"),
        "unseen12": _l("Not seen for a year"),
        "never": _l("Never booked"),
    },
    "flag": {
        "": _l("With or without a flag"),
        BLOCKED: _l("Blocked"),
        DEPOSIT: by_deposit(_l("Deposit required"), _l("Down payment required")),
    },
    "language": {"": _l("Any language"), "fr": "Français", "en": "English"},
    "consent": {"": _l("Any consent"), "email": _l("Agreed to e-mails"), "sms": _l("Agreed to text messages")},
    "state": {"": _l("Active guests"), "aside": _l("Set aside")},
}
LABELS = {
    "where": _l("Venue"), "visits": _l("Visits"), "flag": _l("Flag"), "language": _l("Language"),
    "consent": _l("Consent"), "state": _l("State"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What was typed (`q`) and chosen; an empty word is no choice."""

    q: str = ""
    where: str = ""
    visits: str = ""
    flag: str = ""
    language: str = ""
    consent: str = ""
    state: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        """From an address; what is no choice is none."""
        typed = "".join(sign if sign.isprintable() else " " for sign in asked.get("q", "")[:LONGEST])
        chosen = {name: asked.get(name, "") for name in CHOICES}
        return cls(q=" ".join(typed.split()), **{name: word for name, word in chosen.items() if word in CHOICES[name]})

    def words(self) -> dict[str, str]:
        """For an address."""
        return {field.name: word for field in fields(self) if (word := getattr(self, field.name))}

    @property
    def is_choosy(self) -> bool:
        """Whether anything but the text narrows the list."""
        return bool(replace(self, q="").words())
