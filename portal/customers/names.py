"""People's names: which texts can be one, and how two of them are compared."""

from __future__ import annotations

import unicodedata

from portal.folding import fold
from portal.models.customer import compared_as

__all__ = ["MAX_NAME", "fold", "is_name", "name_key"]

MAX_NAME = 100
_JOINTS = frozenset(" \u00a0-\u2010\u2011'’")


def is_name(text: str) -> bool:
    """Whether the text is letters of any script (composed or not), spaces, hyphens and apostrophes, at most 100."""
    if len(text) > MAX_NAME or not any(map(_is_letter, text)):
        return False
    return all(_is_letter(char) or char in _JOINTS or unicodedata.category(char).startswith("M") for char in text)


def name_key(first_name: str | None, last_name: str | None) -> str:
    """What a guest's name is found by: `helene dupont`."""
    return str(compared_as(first_name, last_name, None)["name_key"])


def _is_letter(char: str) -> bool:
    return unicodedata.category(char).startswith("L")
