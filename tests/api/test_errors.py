"""Every failure below /v1 is JSON, also those that reach no operation."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.api.partner import venues
from tests.api.client import PartnerClient


@pytest.mark.parametrize("path", ["", "/", "/nowhere", "/venues/", "//venues", "/venues/a/b/c/d", "/bookings/", "/%00"])
def test_an_unknown_path_is_not_found_and_needs_no_key(partner: PartnerClient, path: str) -> None:
    for one in (partner, partner.with_key(None)):
        response = one.get(path)
        assert (response.status_code, response.json) == (404, {"error": "Not found"})


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_another_method_is_not_allowed(partner: PartnerClient, method: str) -> None:
    response = partner.with_key(None).send(method, "/venues")
    assert (response.status_code, response.json) == (405, {"error": "Method not allowed"})
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_head_answers_like_get_without_a_body(partner: PartnerClient, app: Flask) -> None:
    client = partner.new_client()
    headers = {"X-Api-Key": partner.key or ""}
    assert client.head("/v1/venues", headers=headers).status_code == 200
    assert client.head("/v1/venues").status_code == 401


def test_a_bug_tells_nothing(partner: PartnerClient, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_key: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(venues, "find_venues", broken)
    partner.refused(500, "Internal server error", "/venues", method="GET")


def test_a_database_that_is_away(partner: PartnerClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_key: object) -> None:
        raise OperationalError("select", {}, Exception("secret detail"))

    monkeypatch.setattr(venues, "find_venues", away)
    partner.refused(503, "Service unavailable", "/venues", method="GET")


def test_answers_carry_the_security_headers(partner: PartnerClient) -> None:
    for response in (partner.get("/venues"), partner.get("/nowhere"), partner.with_key(None).get("/venues")):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in response.headers
