"""The types that JSON does not have."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.api import schema
from portal.api.partner.openapi import build_document
from portal.database import is_storable
from portal.uuids import as_uuid

OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(2100, 12, 30), timezones=OFFSETS))  # noqa: DTZ001
def test_every_instant_that_python_writes_is_read(instant: datetime) -> None:
    assert schema.parse_instant(instant.isoformat()) == instant


@given(st.text() | st.from_regex(r"\d{1,5}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?"))
def test_no_text_breaks_the_parsers(text: str) -> None:
    for parse in (schema.parse_instant, as_uuid, schema.parse_day, is_storable):
        parse(text)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_an_amount_is_exact_or_refused(number: Decimal) -> None:
    amount = schema.parse_decimal(number, most=Decimal("99999999.99"), decimals=2)
    cents = number * 100 if abs(number) < 10**12 else None
    assert (amount is not None) == (cents is not None and cents == int(cents) and 0 <= cents <= 9_999_999_999)


@pytest.mark.parametrize("text", ["2000-01-01", "2100-12-31", "2028-02-29"])
def test_days(text: str) -> None:
    assert schema.parse_day(text) == date.fromisoformat(text)


def test_an_instant_is_written_without_milliseconds() -> None:
    assert schema.write_instant(datetime(2026, 5, 12, 12, 0, 0, 999_999, tzinfo=UTC)) == "2026-05-12T12:00:00Z"


def test_the_document_is_made_once() -> None:
    assert build_document() is build_document()
