"""Everybody at this door reads English."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.session.post import Post
from tests.support.client import PageClient


@pytest.fixture
def new_client(new_client: Callable[[], PageClient]) -> Callable[[], PageClient]:
    """Another browser."""

    def make() -> PageClient:
        client = new_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client

    return make


@pytest.fixture
def client(new_client: Callable[[], PageClient]) -> PageClient:
    """A browser in which nobody is signed in."""
    return new_client()


@pytest.fixture
def post(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Post:
    """Where letters end up."""
    return Post(monkeypatch)
