"""Bodies that are too large, of too many parts or of the wrong kind: refused in words, and nothing is changed."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.matrix.asking import address
from tests.matrix.declared import OK, PAGES
from tests.matrix.fingerprint import changed, fingerprint
from tests.matrix.people import Person
from tests.matrix.quiet import judge
from tests.matrix.world import World

# A body is read before any database is asked: one of them is enough.
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True, scope="session")

MEMBERS = ("therese", "marc", "ada", "camille")
# What nobody is let into by being signed in has its own secret in the address, and its own tests.
FORMS = [
    route
    for route, page in PAGES.items()
    if route.startswith("POST") and any(next(iter(page.rows.values()))[member] == OK for member in MEMBERS)
]
MEGABYTE = 1024 * 1024
BOUNDARY = "thermes"
FORM = "application/x-www-form-urlencoded"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def _part(name: str, value: str) -> str:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'


END = f"--{BOUNDARY}--\r\n"
TOO_LARGE: dict[str, tuple[str, str]] = {
    "more than 2 MB": (FORM, "x=" + "y" * (2 * MEGABYTE)),
    "1,001 parts": (MULTIPART, _part("x", "y") * 1001 + END),
    "a field of 500,001 bytes": (MULTIPART, _part("x", "y" * 500_001) + END),
}
WITHOUT_TOKEN: dict[str, tuple[str, str]] = {
    "JSON": ("application/json", '{"csrf_token": "x"}'),
    "deep JSON": ("application/json", "[" * 10_000),
    "text": ("text/plain", "csrf_token=x"),
    "XML": ("application/xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "no kind": ("", "csrf_token=x"),
    "strange kind": ("a/b; charset=\x00; boundary", "csrf_token=x"),
    "multipart without boundary": ("multipart/form-data", _part("x", "y") + END),
    "multipart that does not end": (MULTIPART, _part("x", "y")[:-4]),
    "multipart of nonsense": (MULTIPART, "\r\n--\r\n--thermes\r\n: :\r\n"),
    "wrong character set": (f"{FORM}; charset=utf-7", "csrf_token=+AGE-"),
    "a field of 500,001 bytes, encoded": (FORM, "x=" + "y" * 500_001),
    "nothing": (FORM, ""),
}


@pytest.mark.parametrize("route", FORMS)
def test_odd_bodies(app: Flask, world: World, people: dict[str, Person], route: str) -> None:
    place = next(iter(PAGES[route].rows))
    row = PAGES[route].rows[place]
    person = people[next(actor for actor in MEMBERS if row[actor] == OK)]
    url = address(app, route, world, place)
    before = fingerprint()
    for bodies, status in ((TOO_LARGE, 413), (WITHOUT_TOKEN, 400)):
        for name, (kind, body) in bodies.items():
            told = f"{name} to {route}"
            assert _send(person, url, kind, body).status_code == status, told
            assert _send(person, url, kind, body, HTTP_HX_REQUEST="true").status_code == status, told
            assert _chunked(person, url, kind, body).status_code in {400, 413}, told
    assert not changed(before, fingerprint()), f"{route} changed {changed(before, fingerprint())}"


def _send(person: Person, url: str, kind: str, body: str, **environ: Any) -> TestResponse:
    answer = person.client.post(
        url, input_stream=io.BytesIO(body.encode()), content_length=len(body), content_type=kind,
        environ_overrides=environ,
    )  # fmt: skip
    judge(answer)
    return answer


def _chunked(person: Person, url: str, kind: str, body: str) -> TestResponse:
    """Without a length, as gunicorn hands on what comes in pieces."""
    stream = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = person.client.post(
        url, input_stream=io.BytesIO(body.encode()), content_type=kind, environ_overrides=stream
    )
    judge(answer)
    return answer
