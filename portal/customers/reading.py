"""A new guest typed in one box: `Hélène Dupont 06 12 34 56 78` is a name and a phone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.customers.emails import is_email
from portal.customers.names import fold, is_name
from portal.customers.phones import parse_phone
from portal.customers.wanted import LONGEST

_PARTICLES = frozenset({"de", "du", "des", "la", "le", "von", "van"})
_TITLES = frozenset({"m", "mr", "mme", "mlle", "mrs", "ms", "miss", "dr", "madame", "monsieur"})
_PHONE = re.compile(r"(?:\+|\(?0|\d)[\d\s.()/\u00a0\u202f\u2010-\u2015-]*\d")


@dataclass(frozen=True, slots=True)
class TypedGuest:
    """What could be made out. `phone` is E.164, `digits` what looks like a phone and is none."""

    first_name: str = ""
    last_name: str = ""
    phone: str | None = None
    email: str | None = None
    digits: str = ""

    @property
    def name(self) -> str:
        """First and last name, as far as typed."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_somebody(self) -> bool:
        """Whether there is a name to create a guest with."""
        return bool(self.name)


def read_guest(text: str, country: str | None) -> TypedGuest:
    """Name, phone and e-mail in any order. National numbers are those of `country`; titles are left out.

    The first word is the first name; a word in capitals among others that are not is the last name, as is a word alone.
    """
    rest = text[:LONGEST]
    email = next((piece for piece in rest.split() if "@" in piece and is_email(piece)), None)
    rest = rest.replace(email, " ") if email else rest
    found = _PHONE.search(rest)
    written = found.group() if found else ""
    first, last = _names(rest.replace(written, " ") if written else rest)
    phone = parse_phone(written.strip(), country) if written else None
    return TypedGuest(first, last, phone, email, "" if phone else written.strip())


def _names(text: str) -> tuple[str, str]:
    words = [word.strip(",;") for word in text.split()]
    words = _as_written([word for word in words if is_name(word) and not _is_title(word)])
    if len(words) < 2:
        return "", "".join(words)
    shouted = [word for word in words if word.isupper() and len(word) > 1]
    if shouted and len(shouted) < len(words):
        return " ".join(word for word in words if word not in shouted), " ".join(map(_calm, shouted))
    return words[0], " ".join(words[1:])


def _as_written(words: list[str]) -> list[str]:
    """Who types in a hurry, all small or all in capitals, means names with capitals."""
    hurried = all(map(str.islower, words)) or (len(words) > 1 and all(map(str.isupper, words)))
    return [word.lower() if word.lower() in _PARTICLES else _calm(word) for word in words] if hurried else words


def _calm(word: str) -> str:
    """`JEAN-PIERRE` as `Jean-Pierre`, `d’arcy` as `d’Arcy`."""
    if len(word) > 2 and word[1] in "'’":
        first = word[0].lower() if word[0] in "dDlL" else word[0].upper()
        return first + word[1] + _calm(word[2:])
    return "-".join(part.capitalize() for part in word.split("-"))


def _is_title(word: str) -> bool:
    return fold(word).rstrip(".") in _TITLES
