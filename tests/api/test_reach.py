"""Every operation × every scope, and whose venues a key reaches."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.api.partner.operations import OPERATIONS, Operation
from portal.database import db
from portal.models import Booking
from portal.partners.scopes import Scope
from tests.api.client import PartnerClient
from tests.api.conftest import MakeWish
from tests.factories import House, make_key, make_venue

IN_A_VENUE = [operation for operation in OPERATIONS if "{venue_id}" in operation.path]
OF_A_BOOKING = [operation for operation in OPERATIONS if "{booking_id}" in operation.path]


def _named(operation: Operation) -> str:
    return operation.name


def ask(partner: PartnerClient, operation: Operation, **ids: Any) -> TestResponse:
    """Send the operation with ids; where none is given, unknown ones."""
    unknown = {"venue_id": uuid4(), "variant_id": uuid4(), "customer_id": uuid4(), "booking_id": uuid4()}
    body: dict[str, Any] = {"json": {}} if operation.body else {}
    return partner.send(operation.method.upper(), operation.path.format(**{**unknown, **ids}), **body)


@pytest.mark.parametrize("scope", Scope)
def test_an_operation_asks_for_its_scope(partner: PartnerClient, house: House, scope: Scope) -> None:
    key, _row = make_key(house.organisation, scopes=[str(scope)])
    for operation in OPERATIONS:
        response = ask(partner.with_key(key), operation)
        if scope is operation.scope:
            assert response.status_code in {200, 404}, response.text
        else:
            refused = {"error": "Insufficient scope", "missing": [str(operation.scope)]}
            assert (response.status_code, response.json) == (403, refused), operation.name


@pytest.mark.parametrize("operation", OPERATIONS, ids=_named)
def test_an_operation_asks_for_a_key(partner: PartnerClient, operation: Operation) -> None:
    assert ask(partner.with_key(None), operation).status_code == 401


@pytest.mark.parametrize("operation", IN_A_VENUE, ids=_named)
def test_a_neighbours_venue_is_forbidden(partner: PartnerClient, house: House, operation: Operation) -> None:
    for identifier in (house.chamonix.uuid, house.chamonix.slug):
        response = ask(partner, operation, venue_id=identifier)
        assert (response.status_code, response.json) == (403, {"error": "Forbidden"})


@pytest.mark.parametrize("operation", IN_A_VENUE, ids=_named)
def test_a_key_of_one_venue_stays_there(partner: PartnerClient, house: House, operation: Operation) -> None:
    key, _row = make_key(house.organisation, venue_id=house.lutetia.id)
    assert ask(partner.with_key(key), operation, venue_id="marais").json == {"error": "Forbidden"}
    assert ask(partner.with_key(key), operation, venue_id="lutetia").status_code != 403


@pytest.mark.parametrize("operation", IN_A_VENUE, ids=_named)
def test_an_unknown_venue_is_not_found(partner: PartnerClient, operation: Operation) -> None:
    for unknown in ("nowhere", uuid4(), "x" * 300, "%00", "a%00b", "%ED%A0%80", "١٢", "LUTETIA", "{lutetia}"):
        response = ask(partner, operation, venue_id=unknown)
        assert (response.status_code, response.json) == (404, {"error": "Venue not found"}), unknown


@pytest.mark.parametrize("operation", IN_A_VENUE, ids=_named)
def test_a_closed_down_venue_is_not_found(partner: PartnerClient, house: House, operation: Operation) -> None:
    closed = make_venue(house.organisation, status="inactive")
    response = ask(partner, operation, venue_id=closed.uuid)
    assert (response.status_code, response.json) == (404, {"error": "Venue not found"})


@pytest.mark.parametrize("operation", OF_A_BOOKING, ids=_named)
def test_a_strangers_booking_is_forbidden_by_id_and_unknown_by_reference(
    partner: PartnerClient, house: House, wish: MakeWish, operation: Operation
) -> None:
    made = partner.book(wish(external_id="E-1", external_reference="R.1"))
    eves, _row = make_key(house.neighbour)
    eve = partner.with_key(eves)
    response = ask(eve, operation, booking_id=made["id"])
    assert (response.status_code, response.json) == (403, {"error": "FORBIDDEN"})
    for value in ("ext:E-1", "ext:R.1"):
        response = ask(eve, operation, booking_id=value)
        assert (response.status_code, response.json) == (404, {"error": "BOOKING_NOT_FOUND"})


@pytest.mark.parametrize("operation", OF_A_BOOKING, ids=_named)
def test_a_key_of_another_venue_is_forbidden(
    partner: PartnerClient, house: House, wish: MakeWish, operation: Operation
) -> None:
    made = partner.book(wish(external_id="E-1"))
    key, _row = make_key(house.organisation, venue_id=house.marais.id)
    response = ask(partner.with_key(key), operation, booking_id=made["id"])
    assert (response.status_code, response.json) == (403, {"error": "FORBIDDEN"})
    assert ask(partner.with_key(key), operation, booking_id="ext:E-1").status_code == 404


@pytest.mark.parametrize("operation", OF_A_BOOKING, ids=_named)
def test_a_booking_of_the_desk_is_forbidden(
    partner: PartnerClient, house: House, wish: MakeWish, operation: Operation
) -> None:
    partner.book(wish())
    booking = db.session.scalars(select(Booking)).one()
    booking.channel = "desk"
    assert ask(partner, operation, booking_id=booking.uuid).json == {"error": "FORBIDDEN"}


@pytest.mark.parametrize("operation", OF_A_BOOKING, ids=_named)
def test_an_unknown_booking_is_not_found(partner: PartnerClient, operation: Operation) -> None:
    long = "ext:" + "x" * 256
    for unknown in (
        "nonsense",
        uuid4(),
        "ext:",
        long,
        "ext:%00",
        "ext:a%00b",
        "%00",
        "ext:%ED%A0%80",
        f"{{{uuid4()}}}",
    ):
        response = ask(partner, operation, booking_id=unknown)
        assert (response.status_code, response.json) == (404, {"error": "BOOKING_NOT_FOUND"}), unknown
