"""Whom somebody looks for: what was typed in one box, and how it compares with the guests we know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce

from sqlalchemy import ColumnElement, and_, case, false, func, or_

from portal.customers.names import fold
from portal.models import Customer

LONGEST = 120
_MOST_WORDS = 6
_LEAST_LETTERS, _LEAST_DIGITS = 2, 3
# What stands between the letters of a name, and is typed one time and left out the next.
_JOINTS = "-‐‑'’ʼ.,"
_TRUNK = re.compile(r"\(0\)")
_NO_DIGIT = re.compile(r"[^0-9]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Parts of a name (folded, letters only), digits of a phone as they were typed, a part of an e-mail address."""

    words: tuple[str, ...] = ()
    digits: str = ""
    address: str = ""
    international: bool = False

    @property
    def is_too_short(self) -> bool:
        """Whether half of all guests would be found."""
        letters = sum(map(len, self.words))
        return letters < _LEAST_LETTERS and len(self.digits) < _LEAST_DIGITS and len(self.address) < _LEAST_DIGITS


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
        digits=digits.removeprefix("00") if abroad else digits,
        address=_address(pieces),
        international=abroad,
    )


def matches(wanted: Wanted) -> ColumnElement[bool]:
    """Whether a customer can be meant: all parts of the name, or the digits in the phone, or the part of the e-mail."""
    if wanted.is_too_short:
        return false()
    ways = []
    if sum(map(len, wanted.words)) >= _LEAST_LETTERS:
        ways.append(and_(*[_SQUEEZED.contains(word, autoescape=True) for word in wanted.words]))
    if len(wanted.digits) >= _LEAST_DIGITS:
        ways += [_begins(wanted), *[Customer.phone.contains(part) for part in _inside(wanted)]]
    if len(wanted.address) >= _LEAST_DIGITS:
        ways.append(Customer.email_key.contains(wanted.address, autoescape=True))
    return or_(*ways)


def closeness(wanted: Wanted) -> ColumnElement[int]:
    """0 is exactly what was typed, 1 begins with it, 2 has it somewhere."""
    exactly, begins = [], []
    if wanted.words:
        named = and_(*[_SQUEEZED.contains(word, autoescape=True) for word in wanted.words])
        exactly.append(and_(named, func.length(_SQUEEZED) == sum(map(len, wanted.words))))
        begins.append(and_(*[_begins_a_word(word) for word in wanted.words]))
    if len(wanted.digits) >= _LEAST_DIGITS:
        exactly.append(_is_number(wanted))
        begins += [_begins(wanted), Customer.phone.endswith(wanted.digits)]
    if wanted.address:
        exactly.append(Customer.email_key == wanted.address)
        begins.append(Customer.email_key.startswith(wanted.address, autoescape=True))
    if not begins:
        return case((false(), 0), else_=2)
    return case((or_(*exactly), 0), (or_(*begins), 1), else_=2)


def _without(column: ColumnElement[str], signs: str, instead: str) -> ColumnElement[str]:
    return reduce(lambda text, sign: func.replace(text, sign, instead), signs, column)


# `jean-pierre d’arcy` as `jeanpierredarcy`, and as ` jean pierre d arcy`.
_SQUEEZED = _without(Customer.name_key.expression, _JOINTS + " ", "")
_SPACED = " " + _without(Customer.name_key.expression, _JOINTS, " ")


def _letters(piece: str) -> str:
    return "".join(filter(str.isalpha, piece))


def _address(pieces: list[str]) -> str:
    """The piece with an @; a word alone may be a part of an address too."""
    with_at = next((piece for piece in pieces if "@" in piece), "")
    return with_at or (pieces[0] if len(pieces) == 1 and any(map(str.isalpha, pieces[0])) else "")


def _begins_a_word(word: str) -> ColumnElement[bool]:
    return or_(_SPACED.contains(f" {word}", autoescape=True), _SQUEEZED.startswith(word, autoescape=True))


def _inside(wanted: Wanted) -> list[str]:
    """Runs of digits that may stand anywhere in an E.164 number: as typed, and without the trunk zero."""
    parts = {wanted.digits, wanted.digits.removeprefix("0")}
    return sorted(part for part in parts if len(part) >= _LEAST_DIGITS)


def _begins(wanted: Wanted) -> ColumnElement[bool]:
    """The number begins so, after its country's code where the digits begin with a trunk zero."""
    if wanted.international or not wanted.digits.startswith("0"):
        return Customer.phone.like(f"+{wanted.digits}%")
    return or_(*[Customer.phone.like(f"+{code}{wanted.digits[1:]}%") for code in ("_", "__", "___")])


def _is_number(wanted: Wanted) -> ColumnElement[bool]:
    if wanted.international or not wanted.digits.startswith("0"):
        return Customer.phone == f"+{wanted.digits}"
    return or_(*[Customer.phone.like(f"+{code}{wanted.digits[1:]}") for code in ("_", "__", "___")])
