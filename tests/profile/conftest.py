"""A guest with a past, and who looks at her."""

from __future__ import annotations

import pytest

from portal.models import Customer
from tests.bookings.conftest import book
from tests.factories import House, make_customer
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

__all__ = ["book"]


@pytest.fixture
def odile(house: House) -> Customer:
    return make_customer(
        house.organisation, first_name="Odile", last_name="Caron", phone="+33612345678", email="odile@example.org",
        preferences={"pressure": "firm"},
    )  # fmt: skip


@pytest.fixture
def camille(client: PageClient, house: House) -> PageClient:
    sign_in(client, house.camille)
    return client


@pytest.fixture
def maud(client: PageClient, house: House) -> PageClient:
    sign_in(client, house.maud)
    return client
