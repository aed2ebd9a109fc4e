"""How texts are compared: blind to accents, case and doubled spaces."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
# Consonants that are taken for each other, by ear or by hand.
_HEARD = str.maketrans("bfpvcgkqsxzjdtlmnr", "bbbbccccccccddlmmr")
_LEAST_HEARD = 4


def fold(text: str) -> str:
    """The text as it is compared: without accents, case and doubled spaces."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(plain.casefold().split())


def sound(folded: str) -> str:
    """What a folded name sounds like, whatever the order of its words: `dupond helene` and `helene dupont` are one.

    Of each word its consonants, alike ones as one, without doubles; a vowel only where the word begins with it. Names
    of hardly any consonant stand as they are, in the order of the alphabet: too many would sound alike.
    """
    words = _WORD.findall(folded)
    heard = sorted(map(_heard, words))
    if sum(map(len, heard)) < _LEAST_HEARD:
        return " ".join(sorted(words))
    return " ".join(heard)


def _heard(word: str) -> str:
    letters = word.replace("ph", "f").lstrip("h") or word
    begins = "a" if letters[0] in "aeiouy" else ""
    rest = "".join(letter for letter in letters.translate(_HEARD) if letter not in "aeiouyhw")
    return begins + "".join(letter for place, letter in enumerate(rest) if place == 0 or letter != rest[place - 1])
