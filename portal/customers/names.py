"""People's names: which texts can be one, and how two of them are compared."""

from __future__ import annotations

import unicodedata

MAX_NAME = 100
_MAX_KEY = 400
_JOINTS = frozenset(" \u00a0-\u2010\u2011'’")


def is_name(text: str) -> bool:
    """Whether the text is letters of any script (composed or not), spaces, hyphens and apostrophes, at most 100."""
    if len(text) > MAX_NAME or not any(map(_is_letter, text)):
        return False
    return all(_is_letter(char) or char in _JOINTS or unicodedata.category(char).startswith("M") for char in text)


def fold(text: str) -> str:
    """The text as it is compared: without accents, case and doubled spaces."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(plain.casefold().split())


def name_key(first_name: str | None, last_name: str | None) -> str:
    """What a guest's name is found by: `helene dupont`."""
    return fold(f"{first_name or ''} {last_name or ''}")[:_MAX_KEY]


def _is_letter(char: str) -> bool:
    return unicodedata.category(char).startswith("L")
