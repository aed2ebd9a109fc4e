"""Which days an availability question is about: one date, or a range of at most 62."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from flask import request

from portal.api.partner.errors import Refused
from portal.api.schema import parse_day

MAX_DAYS = 62

MISSING = "Provide `date` or `from`/`to`"
AMBIGUOUS = "Use either `date` or `from`/`to`, not both"
INVALID_DATE = "Invalid `date` (expected YYYY-MM-DD)"
INCOMPLETE = "Both `from` and `to` are required for a range"
INVALID_RANGE = "Invalid `from`/`to` (expected YYYY-MM-DD)"
BACKWARDS = "`to` must be on or after `from`"
TOO_LONG = "Range must not exceed 62 days"
TEXTS = (MISSING, AMBIGUOUS, INVALID_DATE, INCOMPLETE, INVALID_RANGE, BACKWARDS, TOO_LONG)


class Period(NamedTuple):
    """Local dates from first to last, both included; `single` when one date was asked for."""

    first: date
    last: date
    single: bool


def read_period() -> Period:
    """The days in the query. Raises Refused with the first text that applies, in the contract's order."""
    day, first, last = (request.args.get(name) for name in ("date", "from", "to"))
    if day is None and first is None and last is None:
        raise Refused(MISSING)
    if day is not None:
        if first is not None or last is not None:
            raise Refused(AMBIGUOUS)
        return _single(day)
    if first is None or last is None:
        raise Refused(INCOMPLETE)
    return _range(first, last)


def _single(text: str) -> Period:
    day = parse_day(text)
    if day is None:
        raise Refused(INVALID_DATE)
    return Period(day, day, True)


def _range(from_text: str, to_text: str) -> Period:
    first, last = parse_day(from_text), parse_day(to_text)
    if first is None or last is None:
        raise Refused(INVALID_RANGE)
    if last < first:
        raise Refused(BACKWARDS)
    if (last - first).days >= MAX_DAYS:
        raise Refused(TOO_LONG)
    return Period(first, last, False)
