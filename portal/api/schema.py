"""The glue between requests and code: JSON in and out, the types that JSON does not have, pages, and their schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from flask import Response, g, request
from pydantic import TypeAdapter
from werkzeug.exceptions import ClientDisconnected, UnsupportedMediaType

from portal.errors import Invalid

FIRST_YEAR, LAST_YEAR = 2000, 2100
MAX_LIMIT = 100
# As far as a database can count rows.
_LAST_PAGE = 2**53 - 1
# What clients send as JSON: those that say so, and those that did not choose (curl and others then say the second).
_MEDIA_TYPES = {"", "application/json", "application/x-www-form-urlencoded"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?([Zz]|[+-]\d\d(:?\d\d)?)", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,30}", re.ASCII)


class InvalidJson(Invalid):
    """The body is not one JSON object in UTF-8 whose names are unique."""

    code = "invalid_json"
    status = 400


class Page(NamedTuple):
    """A page of a list, counted from 1, as it was applied."""

    page: int
    limit: int

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit


def read_object() -> dict[str, Any]:
    """The JSON object in the body; numbers with a fraction are exact (Decimal).

    Raises InvalidJson, UnsupportedMediaType, RequestEntityTooLarge.
    """
    try:
        raw = request.get_data(cache=False)
        request.stream.read(1)  # a chunked body was cut at the limit: reading on says so
        body = json.loads(
            raw.decode("utf-8"),
            parse_float=Decimal,
            parse_constant=float,  # NaN is no number of any member, and is refused with that member's text
            object_pairs_hook=_unique,
        )
    except (ValueError, ArithmeticError, RecursionError, ClientDisconnected) as error:
        raise InvalidJson() from error
    if not isinstance(body, dict):
        raise InvalidJson()
    g.sent = body
    if request.mimetype not in _MEDIA_TYPES and not request.is_json:
        raise UnsupportedMediaType()
    return body


def answer_json(body: object, status: int = 200) -> Response:
    """A JSON answer, members in the order given."""
    return Response(json.dumps(body, ensure_ascii=False, separators=(",", ":")), status, mimetype="application/json")


def read_page(*, default_limit: int) -> Page:
    """`page` and `limit` of the query: out of range is clamped, what is no number falls back to the default."""
    page, limit = _integer("page", 1), _integer("limit", default_limit)
    return Page(min(max(page, 1), _LAST_PAGE), min(max(limit, 1), MAX_LIMIT))


def parse_day(text: str) -> date | None:
    """The date `YYYY-MM-DD` of the years 2000 to 2100, None for anything else."""
    if not _DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def parse_instant(value: object) -> datetime | None:
    """The UTC instant of an ISO 8601 date and time with offset, up to the year 2100; None for anything else."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return None
    try:
        instant = datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant if instant.year <= LAST_YEAR else None


def parse_integer(value: object, *, least: int, most: int) -> int | None:
    """A JSON integer in the range (`2`, also `2.0`), None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not least <= value <= most:
        return None
    return int(value) if value == int(value) else None


def parse_decimal(value: object, *, most: Decimal, decimals: int) -> Decimal | None:
    """A JSON number from 0 to `most` with so many decimals at most, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= most:
        return None
    number = Decimal(value)
    return number if number == round(number, decimals) else None


def write_instant(instant: datetime) -> str:
    """`2026-05-12T12:00:00Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def describe(shapes: Iterable[type]) -> dict[str, Any]:
    """JSON Schemas of typed shapes and of all that they contain, by name, for `components/schemas`.

    An answer has exactly the members listed.
    """
    mode: Literal["serialization"] = "serialization"
    adapters = [(shape.__name__, mode, TypeAdapter[Any](shape)) for shape in shapes]
    _, definitions = TypeAdapter.json_schemas(adapters, ref_template="#/components/schemas/{model}")
    return {name: {**_untitled(schema), "additionalProperties": False} for name, schema in definitions["$defs"].items()}


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    members = {name: {k: v for k, v in member.items() if k != "title"} for name, member in schema["properties"].items()}
    return {**schema, "properties": members}


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name occurs twice")
    return members


def _integer(name: str, default: int) -> int:
    text = request.args.get(name, "")
    return int(text) if _INTEGER.fullmatch(text) else default
