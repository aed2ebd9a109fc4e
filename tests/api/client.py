"""A partner's client: it sends the key, and compares every answer with the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from portal.api.partner.openapi import build_document
from tests.support.client import PageClient


class PartnerClient:
    """`partner.get("/venues")` asks `/v1/venues` with the key."""

    def __init__(self, app: Flask, new_client: Callable[[], PageClient], key: str | None) -> None:
        self.app, self.new_client, self.key = app, new_client, key

    def with_key(self, key: str | None) -> PartnerClient:
        """The same client with another key, or with none."""
        return PartnerClient(self.app, self.new_client, key)

    def get(self, path: str, **words: Any) -> TestResponse:
        return self.send("GET", path, **words)

    def post(self, path: str, **words: Any) -> TestResponse:
        return self.send("POST", path, **words)

    def send(self, method: str, path: str, **words: Any) -> TestResponse:
        """Send a request below `/v1`; AssertionError when the answer is not the one that is documented."""
        key = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        headers = {**key, **words.pop("headers", {})}
        response = self.new_client().open(f"/v1{path}", method=method, headers=headers, **words)
        check(self.app, method, f"/v1{path}", response)
        return response

    def data(self, path: str, **words: Any) -> Any:
        """The `data` of a successful reading."""
        response = self.get(path, **words)
        assert response.status_code == 200, response.text
        return response.json["data"] if response.json else None

    def book(self, body: Any, *, venue: str = "lutetia") -> dict[str, Any]:
        """The `data` of a booking that must be made anew."""
        response = self.post(f"/venues/{venue}/bookings", json=body)
        assert response.status_code == 201, response.text
        return dict((response.json or {})["data"])

    def refused(self, status: int, text: str, path: str, *, method: str = "POST", **words: Any) -> None:
        """AssertionError unless the request is refused with this status and exactly this text."""
        response = self.send(method, path, **words)
        assert (response.status_code, response.json) == (status, {"error": text}), response.text


def check(app: Flask, method: str, url: str, response: TestResponse) -> None:
    """AssertionError unless the answer is JSON and documented for this operation and status."""
    told = f"{method} {url} → {response.status_code} {response.text[:500]}"
    assert response.mimetype == "application/json", told
    name = operation_of(app, method, url)
    if name is None:
        assert set(response.json or {}) == {"error"}, told
        return
    operation = find_operation(name)
    assert str(response.status_code) in operation["responses"], f"not documented: {told}"
    documented = operation["responses"][str(response.status_code)]
    schema = documented["content"]["application/json"]["schema"]
    root = {**schema, "components": build_document()["components"]}
    validator = Draft202012Validator(root, format_checker=FormatChecker())
    problems = [error.message for error in validator.iter_errors(response.json)]
    assert not problems, f"{told}\n{problems}"
    for header, described in documented.get("headers", {}).items():
        target = described.get("$ref", "").rpartition("/")[2]
        required = build_document()["components"]["headers"].get(target, described).get("required")
        assert header in response.headers or not required, f"{header} is missing: {told}"


def find_operation(name: str) -> dict[str, Any]:
    """The documented operation with this id."""
    for methods in build_document()["paths"].values():
        for operation in methods.values():
            if operation["operationId"] == name:
                return dict(operation)
    raise AssertionError(f"{name} is not in the OpenAPI document")


def operation_of(app: Flask, method: str, url: str) -> str | None:
    """The operation that a request reaches, None when there is none."""
    try:
        endpoint, _values = app.url_map.bind("localhost").match(url.partition("?")[0], method=method)
    except HTTPException:
        return None
    return str(endpoint).partition(".")[2]
