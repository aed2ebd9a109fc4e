"""What a merge would do, before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from portal.duplicates.merging.fields import KEEP, LOSE, Side, differing
from portal.duplicates.merging.queries import count_pointing
from portal.duplicates.words import FIELDS, MOVING
from portal.i18n import phone
from portal.models import Customer, Organisation

_LANGUAGES = {"fr": "Français", "en": "English"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A field in which the two differ: both values in words, and the side that is taken unless somebody chooses."""

    name: str
    label: str
    values: dict[Side, str]
    taken: Side


@dataclass(frozen=True, slots=True)
class Preview:
    """`moves` are numbers of rows by what they are."""

    choices: list[Choice]
    moves: list[tuple[str, int]]


def preview_merge(organisation: Organisation, keep: Customer, lose: Customer) -> Preview:
    """Which values are to be chosen, and what moves from the one to the other."""
    choices = [
        Choice(name, str(FIELDS[name]), {KEEP: _shown(keep, name), LOSE: _shown(lose, name)}, side)
        for name, side in differing(keep, lose).items()
    ]
    counted = count_pointing(organisation, lose)
    moves = [(str(word), counted[table]) for table, word in MOVING.items() if counted.get(table)]
    return Preview(choices, moves)


def _shown(customer: Customer, name: str) -> str:
    value: Any = getattr(customer, name)
    match name:
        case _ if not value:
            return _("nothing")
        case "phone":
            return phone(value)
        case "language":
            return _LANGUAGES.get(value, str(value))
        case "preferred_therapist_id":
            return customer.preferred_therapist.name if customer.preferred_therapist else _("nothing")
        case "preferences":
            return ", ".join(str(one) for one in value.values() if one)
    return str(value)
