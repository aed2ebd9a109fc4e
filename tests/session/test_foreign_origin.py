"""Writes come from our own pages only, whatever token they carry."""

from __future__ import annotations

import uuid

import pytest

from tests.support.client import PageClient

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:8080"},
    {"Origin": "https://localhost"},
    {"Origin": "null"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
]
OWN = [
    {},
    {"Origin": "http://localhost"},
    {"Origin": "http://LOCALHOST"},
    {"Origin": "http://127.0.0.1:8000"},  # PORTAL_BASE_URL
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
]


def write(client: PageClient, headers: dict[str, str]) -> int:
    client.get("/login")
    data = {"theme": "dark", "csrf_token": client.page.csrf_token}
    return client.post("/theme", data=data, headers=headers).status_code


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_write_from_elsewhere_is_refused(client: PageClient, headers: dict[str, str]) -> None:
    assert write(client, headers) == 403
    assert client.get_cookie("thermes-theme") is None


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_a_write_from_our_pages_is_not(client: PageClient, headers: dict[str, str]) -> None:
    assert write(client, headers) == 303


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_reading_is_open_to_links_from_elsewhere(client: PageClient, headers: dict[str, str]) -> None:
    assert client.get("/login", headers=headers).status_code == 200


def test_partners_call_from_wherever_they_are(client: PageClient) -> None:
    headers = {"Origin": "https://partner.example", "Sec-Fetch-Site": "cross-site"}
    answer = client.post(f"/v1/venues/{uuid.uuid4()}/bookings", json={}, headers=headers)
    assert answer.status_code == 401


def test_a_page_that_was_open_while_the_secret_changed_can_still_be_sent(client: PageClient) -> None:
    client.get("/login")
    token = client.page.csrf_token
    config = client.application.config
    old = config["SECRET_KEY"], config["SECRET_KEY_FALLBACKS"], config["WTF_CSRF_SECRET_KEY"]
    new = "another-secret-of-the-tests"
    config.update(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[old[0]], WTF_CSRF_SECRET_KEY=[old[0], new])
    try:
        assert client.post("/theme", data={"theme": "dark", "csrf_token": token}).status_code == 303
    finally:
        config.update(SECRET_KEY=old[0], SECRET_KEY_FALLBACKS=old[1], WTF_CSRF_SECRET_KEY=old[2])
