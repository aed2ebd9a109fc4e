"""How texts are compared: blind to accents, case and doubled spaces."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """The text as it is compared: without accents, case and doubled spaces."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(plain.casefold().split())
