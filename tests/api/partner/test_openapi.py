"""GET /v1/openapi.json: valid, complete, and nothing that is not there."""

from __future__ import annotations

import re

from flask import Flask
from openapi_spec_validator import validate

from portal.api.partner.openapi import build_document
from portal.api.partner.operations import OPERATIONS
from tests.api.client import PartnerClient


def test_needs_no_key_and_is_valid(partner: PartnerClient) -> None:
    response = partner.with_key(None).get("/openapi.json")
    assert response.status_code == 200
    document = response.json or {}
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_describes_every_route_and_no_other(app: Flask) -> None:
    routes = {
        (re.sub(r"<(?:rest:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/v1")), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("partner.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, methods in build_document()["paths"].items() for method in methods}
    assert routes == described
    assert len(routes) == 11


def test_names_the_scope_that_the_view_asks_for(app: Flask) -> None:
    for operation in OPERATIONS:
        stamp = getattr(app.view_functions[f"partner.{operation.name}"], "scope", None)
        assert stamp is operation.scope, operation.name


def test_limited_answers_are_described_with_their_headers() -> None:
    for operation in OPERATIONS:
        responses = build_document()["paths"][operation.path][operation.method]["responses"]
        assert "Retry-After" in responses["429"]["headers"]
        assert {"200", "201"} & set(responses)
        assert {"401", "403", "429", "500", "503"} <= set(responses)
        for status in (str(operation.status), "403", "429"):
            assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} <= set(
                responses[status]["headers"]
            )


def test_answers_have_exactly_their_members() -> None:
    """An object that a test compares an answer with would let any member through if it were open."""
    closed = {
        name: schema["additionalProperties"]
        for name, schema in build_document()["components"]["schemas"].items()
        if name not in {"BookingRequest", "CancellationRequest"}
    }
    assert len(closed) > 15
    assert set(closed.values()) == {False}
