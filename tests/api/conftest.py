"""What the tests of the partner API share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask

from tests.api.client import PartnerClient
from tests.api.wishes import make_wish
from tests.factories import House
from tests.support.client import PageClient

MakeWish = Callable[..., dict[str, Any]]


@pytest.fixture
def partner(app: Flask, house: House, new_client: Callable[[], PageClient]) -> PartnerClient:
    """Staycation, with a key of Maison Lutèce that has all scopes."""
    return PartnerClient(app, new_client, house.key)


@pytest.fixture
def wish(house: House) -> MakeWish:
    """A good body: `wish("10:00", days=1, notes="…")`."""
    return partial(make_wish, house)
