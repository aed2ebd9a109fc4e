"""What goes over the air is packed for whoever can unpack it, and says the same."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.assets import asset

GZIP = {"Accept-Encoding": "br, gzip"}
PAGE, SHEET, FONT = "/login", "css/app.css", "fonts/figtree-5.3.0-latin.woff2"


@pytest.fixture
def visitor(app: Flask) -> Iterator[FlaskClient]:
    """Nobody in particular; the portal's addresses can be made."""
    with app.test_request_context():
        yield FlaskClient(app, app.response_class)


def test_a_file_is_packed_once_and_says_the_same(visitor: FlaskClient) -> None:
    plain, packed = visitor.get(asset(SHEET)), visitor.get(asset(SHEET), headers=GZIP)
    assert (_coding(plain), _coding(packed)) == (None, "gzip")
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 3
    assert plain.headers["ETag"] != packed.headers["ETag"], "a cache would hand out the one for the other"
    assert all("Accept-Encoding" in one.vary for one in (plain, packed))
    again = visitor.get(asset(SHEET), headers={**GZIP, "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert _coding(visitor.get(asset(SHEET), headers={**GZIP, "Range": "bytes=0-9"})) is None
    assert _coding(visitor.get(asset(FONT), headers=GZIP)) is None, "it is packed as it is"


def test_a_page_is_packed_and_never_equally_long(visitor: FlaskClient) -> None:
    """Otherwise the length would tell what of a guess stands in the page."""
    plain, *packed = visitor.get(PAGE), *(visitor.get(PAGE, headers=GZIP) for _ in range(12))
    assert _coding(plain) is None
    assert {_coding(one) for one in packed} == {"gzip"}
    assert all("Accept-Encoding" in one.vary for one in (plain, *packed))
    assert b"<html" in gzip.decompress(packed[0].data)
    assert {int(one.headers["Content-Length"]) for one in packed} == {len(one.data) for one in packed}
    assert len({len(one.data) for one in packed}) > 6


@pytest.mark.parametrize("wish", ["", "br", "gzip;q=0", "identity", "*;q=0, br"])
def test_who_cannot_unpack_gets_it_plain(visitor: FlaskClient, wish: str) -> None:
    for path in (PAGE, asset(SHEET)):
        assert _coding(visitor.get(path, headers={"Accept-Encoding": wish})) is None


def test_nothing_else_is_packed(visitor: FlaskClient) -> None:
    assert _coding(visitor.get("/v1/venues", headers=GZIP)) is None
    assert visitor.head(PAGE, headers=GZIP).data == b""
    short = visitor.get("/offline/en", headers=GZIP)
    assert (_coding(short), len(short.data) < 1000) == (None, True)


def _coding(answer: TestResponse) -> str | None:
    return answer.headers.get("Content-Encoding")
