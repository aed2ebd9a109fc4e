"""Thérèse and Marc with their phones."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.models import Offer
from tests.bookings.conftest import Book, accept, book, offer_to, partner, phone
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

__all__ = ["Book", "accept", "book", "offer_to", "partner", "path", "phone"]


@pytest.fixture
def therese(client: PageClient, house: House) -> PageClient:
    """Her phone, signed in."""
    sign_in(client, house.therese)
    return client


@pytest.fixture
def marc(new_client: Callable[[], PageClient], house: House) -> PageClient:
    """His phone, signed in."""
    client = new_client()
    sign_in(client, house.marc)
    return client


def path(offer: Offer, answer: str, venue: str = "lutetia") -> str:
    return f"/v/{venue}/offers/{offer.uuid}/{answer}"
