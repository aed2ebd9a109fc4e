"""How likely two guests are one: what counts, and what does not."""

from __future__ import annotations

import pytest

from portal.customers.likeness import LIKELY, VERY_LIKELY, Reason, distance, likeness
from portal.customers.names import name_key
from portal.customers.twins import Typed
from portal.folding import sound


def known(name: str, phone: str | None = None, email: str | None = None) -> Typed:
    return Typed(name_key(name, ""), email, phone)


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (known("Hélène Dupont"), known("helene DUPONT"), [Reason.NAME]),
        (known("Hélène Dupont"), known("Dupont Helene"), [Reason.SWAPPED]),
        (known("Hélène Dupont"), known("Hélène Dupond"), [Reason.NEAR]),
        (known("Jean-Philippe Martin"), known("Jean Filippe Martin"), [Reason.NEAR]),
        (known("Catherine Lefevre"), known("Katherine Lefebvre"), [Reason.NEAR]),
        (known("Léa Roy"), known("Lou Ray"), []),
        (known("Marie Martin"), known("Moira Mardone"), []),
        (known("Léa", "+33612345678"), known("Lou", "+33612345678"), [Reason.PHONE]),
        (known("Léa", "+33612345678"), known("Lou", "+32612345678"), [Reason.TAIL]),
        (known("Léa", None, "a@b.fr"), known("Lou", "+33612345678", "a@b.fr"), [Reason.EMAIL]),
        (known("Léa", "+33612345678", "a@b.fr"), known("Léa", "+33698765432", "c@d.fr"),
         [Reason.NAME, Reason.OTHER_PHONE, Reason.OTHER_EMAIL]),
        (known(""), known(""), []),
    ],
)  # fmt: skip
def test_reasons(one: Typed, other: Typed, reasons: list[Reason]) -> None:
    assert list(likeness(one, other).reasons) == reasons
    assert likeness(other, one) == likeness(one, other)


def test_scores() -> None:
    lea = known("Léa Martin", "+33612345678", "lea@example.org")
    twin = known("Léa Martin", None, "lea@example.org")
    assert likeness(lea, twin).score >= VERY_LIKELY
    assert LIKELY > likeness(lea, known("Léa Martin")).score >= 20
    stranger = known("Léa Martin", "+33699999999", "other@example.org")
    assert not likeness(lea, stranger).is_worth_a_look
    assert not likeness(lea, known("Paul Ami")).is_worth_a_look


@pytest.mark.parametrize(
    ("one", "other", "steps"), [("", "", 0), ("abc", "acb", 1), ("abc", "abcd", 1), ("kitten", "sitting", 3)]
)
def test_distance(one: str, other: str, steps: int) -> None:
    assert distance(one, other) == distance(other, one) == steps


@pytest.mark.parametrize("name", ["", "h", "hhh", "李小龍", "ph", "x" * 400, "d’arcy", "123"])
def test_any_name_has_a_sound(name: str) -> None:
    assert sound(name) == sound(name)
