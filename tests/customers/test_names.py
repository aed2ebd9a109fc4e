"""What can be a name, and how names compare."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.customers.names import fold, is_name, name_key

NAMES = [
    "Jean",
    "É",
    "Anne-Lise",
    "D'Arc",
    "D’Arc",
    "José María",
    "Zoe\u0308",
    "李小龍",
    "Мария",
    "محمد",
    "हिन्दी",
    "x" * 100,
]
OTHERS = [
    "",
    " ",
    "-",
    "'",
    "’’",
    "\u0301",
    "J3an",
    "Ⅷ",
    "a_b",
    "a@b",
    "<b>",
    "A.",
    "x" * 101,
    "A\0",
    "A\u200b",
    "👩",
    "A\n",
]


@pytest.mark.parametrize("text", NAMES)
def test_names(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", OTHERS)
def test_no_names(text: str) -> None:
    assert not is_name(text)


@given(st.text())
def test_a_name_can_be_stored(text: str) -> None:
    if is_name(text):
        assert "\0" not in text
        text.encode()


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hélène", "HELENE"), ("e\u0301", "é"), ("Straße", "STRASSE"), ("  A   B ", "a b"), ("Łódź", "łodz"), ("ﬁ", "fi")],
)
def test_comparing_is_blind_to_accents_and_case(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(), st.text())
def test_a_key_fits_its_column(first: str, last: str) -> None:
    assert len(name_key(first, last)) <= 400


def test_a_missing_half() -> None:
    assert name_key(None, "Dupont") == "dupont"
    assert name_key("Hélène", None) == "helene"
    assert len(name_key("ﷺ" * 100, "ﷺ" * 100)) == 400
