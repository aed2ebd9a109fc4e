"""Phone numbers, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.customers.phones import parse_phone


@pytest.mark.parametrize(
    "text",
    [
        "+33612345678", "06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78", "0033612345678", "+33 (0)6 12 34 56 78",
        "tel:+33612345678", " 0612345678 ", "٠٦١٢٣٤٥٦٧٨", "+33 6 12\u00a034 56 78",
    ],
)  # fmt: skip
def test_one_number_in_many_notations(text: str) -> None:
    assert parse_phone(text, "FR") == "+33612345678"


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("0692 12 34 56", "RE", "+262692123456"), ("020 7946 0018", "GB", "+442079460018"),
        ("+1 202-555-0123", "FR", "+12025550123"), ("+1 202-555-0123", None, "+12025550123"),
    ],
)  # fmt: skip
def test_the_country_reads_national_numbers(text: str, country: str | None, number: str) -> None:
    assert parse_phone(text, country) == number


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "x", "12", "112", "+", "+33", "+999123456789", "06123456", "+3361234567890", "1" * 61,
        "06\x0012345678", "abc39", "abc0612345678",
        "0612345678 ext 5", "0612345678#5", "1-800-FLOWERS", "\ud800", "06 12 34 56 78 / 07 12 34 56 78",
    ],
)  # fmt: skip
def test_what_is_no_number(text: str) -> None:
    assert parse_phone(text, "FR") is None


def test_a_national_number_needs_a_country() -> None:
    assert parse_phone("06 12 34 56 78", None) is None


@example("+9500000000").via("a number that is shorter each time it is read")
@given(st.text(max_size=80) | st.from_regex(r"[+0]?[0-9 ().-]{4,20}", fullmatch=True))
def test_a_number_fits_its_column_and_is_read_back(text: str) -> None:
    number = parse_phone(text, "FR")
    if number is not None:
        assert len(number) <= 20
        assert parse_phone(number, None) == number
