"""How likely it is that two guests are one person, and why: a pure function of what is known of both."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from portal.folding import sound
from portal.models.customer_key import TAIL_DIGITS

VERY_LIKELY, LIKELY, LEAST = 80, 50, 20


class Known(Protocol):
    """What is compared: the folded name and address, and the E.164 number."""

    @property
    def name_key(self) -> str: ...

    @property
    def email_key(self) -> str | None: ...

    @property
    def phone(self) -> str | None: ...


class Reason(StrEnum):
    """What two guests have in common, the strongest first; and what speaks against it."""

    PHONE = "phone"
    EMAIL = "email"
    TAIL = "tail"
    NAME = "name"
    SWAPPED = "swapped"
    NEAR = "near"
    OTHER_PHONE = "other_phone"
    OTHER_EMAIL = "other_email"


_WEIGHT = {
    Reason.PHONE: 70, Reason.EMAIL: 45, Reason.TAIL: 45, Reason.NAME: 40, Reason.SWAPPED: 38, Reason.NEAR: 25,
    Reason.OTHER_PHONE: -15, Reason.OTHER_EMAIL: -15,
}  # fmt: skip
AGAINST = frozenset({Reason.OTHER_PHONE, Reason.OTHER_EMAIL})


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` from 0 to 100."""

    reasons: tuple[Reason, ...]

    @property
    def score(self) -> int:
        return max(0, min(100, sum(_WEIGHT[reason] for reason in self.reasons)))

    @property
    def is_worth_a_look(self) -> bool:
        """Whether anything but chance speaks for it."""
        return bool(set(self.reasons) - AGAINST) and self.score >= LEAST


def likeness(one: Known, other: Known) -> Likeness:
    """What the two have in common."""
    reasons = [*_by_phone(one, other), *_by_address(one, other), *_by_name(one.name_key, other.name_key)]
    order = list(Reason)
    return Likeness(tuple(sorted(reasons, key=order.index)))


def _by_phone(one: Known, other: Known) -> list[Reason]:
    if not one.phone or not other.phone:
        return []
    if one.phone == other.phone:
        return [Reason.PHONE]
    return [Reason.TAIL if one.phone[-TAIL_DIGITS:] == other.phone[-TAIL_DIGITS:] else Reason.OTHER_PHONE]


def _by_address(one: Known, other: Known) -> list[Reason]:
    if not one.email_key or not other.email_key:
        return []
    return [Reason.EMAIL if one.email_key == other.email_key else Reason.OTHER_EMAIL]


def _by_name(one: str, other: str) -> list[Reason]:
    if not one or not other:
        return []
    if one == other:
        return [Reason.NAME]
    words, others = sorted(_words(one)), sorted(_words(other))
    if words == others:
        return [Reason.SWAPPED]
    if sound(one) != sound(other):
        return []
    steps = min(distance(one, other), distance(" ".join(words), " ".join(others)))
    return [Reason.NEAR] if steps <= max(1, len(one) // 5) else []


def _words(name: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in name).split()


def distance(one: str, other: str) -> int:
    """How many letters must be typed, left out, replaced or exchanged with their neighbour."""
    before: list[int] = []
    line = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        older, before, line = before, line, [row]
        for column, sign in enumerate(other, 1):
            step = min(before[column] + 1, line[-1] + 1, before[column - 1] + (letter != sign))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == sign:
                step = min(step, older[column - 2] + 1)
            line.append(step)
    return line[-1]
