"""Bodies that are no JSON object, or one that no client should send."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest

from tests.api.client import PartnerClient
from tests.api.conftest import MakeWish
from tests.api.partner.test_create_booking import count_rows
from tests.factories import House

URL = "/venues/lutetia/bookings"
JSON = {"Content-Type": "application/json"}

NOT_AN_OBJECT: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \n",
    "array": b"[]",
    "array of one": b"[{}]",
    "string": b'"x"',
    "null": b"null",
    "true": b"true",
    "number": b"5",
    "NaN": b"NaN",
    "broken": b'{"a": ',
    "two": b"{}{}",
    "comma": b'{"a": 1,}',
    "single quotes": b"{'a': 1}",
    "comment": b"{} // x",
    "name twice": b'{"external_id": "a", "external_id": "b"}',
    "inner name twice": b'{"price_paid": {"amount": 1, "amount": 2}}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "latin-1": '{"a": "é"}'.encode("latin-1"),
    "encoded surrogate": b'{"a": "\xed\xa0\x80"}',
    "overlong": b'{"a": "\xc0\xaf"}',
    "control character": b'{"a": "\x00"}',
    "NUL": b"\x00",
    "deep array": b"[" * 10_000 + b"]" * 10_000,
    "deep object": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "deep and open": b'{"a":[' + b"[" * 500_000,
    "very long number": b'{"guest_count": ' + b"9" * 5_000 + b"}",
    "very large exponent": b'{"guest_count": 1e99999999999999999999}',
    "form": b"variant_id=x&start_at=y",
    "xml": b"<?xml version='1.0'?><a/>",
}


@pytest.mark.parametrize("path", [URL, "/bookings/{id}/cancel"])
def test_a_body_that_is_no_object_is_refused(partner: PartnerClient, wish: MakeWish, path: str) -> None:
    path = path.format(id=partner.book(wish())["id"])
    before = count_rows()
    for kind, body in NOT_AN_OBJECT.items():
        response = partner.post(path, data=body, headers=JSON)
        assert (response.status_code, response.json) == (400, {"error": "Invalid JSON body"}), kind
    assert count_rows() == before


def test_numbers_that_are_valid_json_reach_their_member(partner: PartnerClient, wish: MakeWish) -> None:
    texts = {
        "guest_count": "`guest_count` must be an integer between 1 and 20",
        "amount": "`price_paid.amount` must be a positive number (major units, e.g. 120.00)",
    }
    for number in ("1e999", "-1e999", "1e-999", "9223372036854775808", "NaN", "Infinity", "-Infinity", "1" * 400):
        for member, text in texts.items():
            body = wish(guest_count=7, price_paid={"amount": 7, "currency": "EUR"})
            target = body if member == "guest_count" else body["price_paid"]
            target[member] = "HERE"
            raw = json.dumps(body).replace('"HERE"', number)
            partner.refused(400, text, URL, data=raw, headers=JSON)


def test_escaped_surrogates_and_nul_reach_their_member(partner: PartnerClient, wish: MakeWish) -> None:
    for escaped in (r"\ud800", r"\udfff", r"\ud800\ud800", r"\u0000", r"a\u0000b"):
        raw = json.dumps(wish(notes="HERE")).replace("HERE", escaped)
        partner.refused(400, "`notes` must be at most 500 characters", URL, data=raw, headers=JSON)
    raw = json.dumps(wish(notes="HERE")).replace("HERE", r"\ud83d\ude00")
    assert partner.post(URL, data=raw, headers=JSON).status_code == 201


def test_deep_but_harmless_members_are_ignored(partner: PartnerClient, wish: MakeWish) -> None:
    deep: Any = 1
    for _ in range(100):
        deep = [{"x": deep}]
    partner.book(wish(extra=deep))


def test_a_body_of_two_megabytes_is_too_large(partner: PartnerClient, wish: MakeWish) -> None:
    raw = json.dumps(wish(extra="x" * 2_200_000))
    partner.refused(413, "Request body too large", URL, data=raw, headers=JSON)
    raw = json.dumps(wish(extra="x" * 1_900_000))
    assert partner.post(URL, data=raw, headers=JSON).status_code == 201


@pytest.mark.parametrize(("size", "status"), [(100, 201), (2_200_000, 413)])
def test_a_body_without_length(partner: PartnerClient, wish: MakeWish, size: int, status: int) -> None:
    """As a server hands over a chunked body: a stream that it ends, and no Content-Length."""
    raw = json.dumps(wish(extra="x" * size)).encode()
    stream: dict[str, Any] = {
        "input_stream": BytesIO(raw),
        "environ_overrides": {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    }
    assert partner.post(URL, headers=JSON, **stream).status_code == status


def test_a_body_shorter_than_it_says(partner: PartnerClient, wish: MakeWish) -> None:
    raw = json.dumps(wish()).encode()
    longer = {"CONTENT_LENGTH": str(len(raw) + 50)}
    partner.refused(400, "Invalid JSON body", URL, input_stream=BytesIO(raw), headers=JSON, environ_overrides=longer)


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 201), ("application/json; charset=utf-8", 201), ("application/vnd.partner+json", 201),
        ("APPLICATION/JSON", 201), (None, 201), ("application/x-www-form-urlencoded", 201), ("text/plain", 415),
        ("application/xml", 415), ("multipart/form-data; boundary=x", 415), ("x" * 500, 415), ("\xff\xfe", 415),
        ("application/json, text/plain", 415),
    ],
)  # fmt: skip
def test_the_media_type(partner: PartnerClient, wish: MakeWish, content_type: str | None, status: int) -> None:
    """JSON is read from those who say so and from those who say nothing, which is what curl does by itself."""
    response = partner.post(URL, data=json.dumps(wish()), content_type=content_type)
    assert response.status_code == status, response.text
    if status == 415:
        assert response.json == {"error": "Content-Type must be application/json"}


def test_strange_headers_do_no_harm(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    strange = {
        "Accept": "text/html;q=\xff", "Accept-Language": "x" * 5000, "Cookie": "x" * 8000, "Content-Encoding": "gzip",
        "X-Forwarded-For": "' OR 1=1", "HX-Request": "true", "Range": "bytes=0-0", "If-None-Match": "*",
        "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", "Expect": "x",
        "X-HTTP-Method-Override": "GET",
    }  # fmt: skip
    for name, value in strange.items():
        assert partner.get("/venues", headers={name: value}).status_code == 200, name
    assert partner.post(URL, json=wish(), headers=strange).status_code == 201
