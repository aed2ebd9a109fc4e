"""Whom somebody looks for: what was typed in one box, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.folding import fold
from portal.models.customer_key import LEAST_DIGITS

LONGEST = 120
_MOST_WORDS = 6
LEAST_LETTERS = 2
_TRUNK = re.compile(r"\(0\)")
_NO_DIGIT = re.compile(r"[^0-9]")
_NO_BEGINNING = re.compile(r"^[\W_]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Parts of a name (folded, letters only), digits of a phone as they were typed, a part of an e-mail address."""

    words: tuple[str, ...] = ()
    digits: str = ""
    address: str = ""
    international: bool = False

    @property
    def number(self) -> str:
        """The digits without the `00` that stands for a `+`, if it stands for one: it may be the middle of a number."""
        return self.digits.removeprefix("00") if self.international else self.digits

    @property
    def is_too_short(self) -> bool:
        """Whether half of all guests would be found."""
        letters = sum(map(len, self.words))
        return letters < LEAST_LETTERS and len(self.digits) < LEAST_DIGITS and len(self.address) < LEAST_DIGITS


def read_wanted(text: str) -> Wanted:
    """Take apart what was typed: `dup hel`, `Hélène 06.12.34`, `+33 6 12`, `0033612`, `dupont@`."""
    typed = "".join(sign for sign in text[:LONGEST] if sign.isprintable() or sign.isspace())
    pieces = fold(_TRUNK.sub("", typed)).split()
    words = [_letters(piece) for piece in pieces if "@" not in piece]
    numbers = [piece for piece in pieces if not any(map(str.isalpha, piece))]
    digits = _NO_DIGIT.sub("", "".join(numbers))
    abroad = "".join(numbers).startswith(("+", "00"))
    return Wanted(
        words=tuple(filter(None, words))[:_MOST_WORDS],
        digits=digits,
        address=_address(pieces),
        international=abroad,
    )


def _letters(piece: str) -> str:
    return "".join(filter(str.isalpha, piece))


def _address(pieces: list[str]) -> str:
    """The piece with an @; a word alone may be a part of an address too."""
    with_at = next((piece for piece in pieces if "@" in piece), "")
    found = with_at or (pieces[0] if len(pieces) == 1 and any(map(str.isalpha, pieces[0])) else "")
    return _NO_BEGINNING.sub("", found)
