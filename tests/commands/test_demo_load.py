"""`flask demo load --json`: what scripts outside the repository rely on."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from portal.clock import frozen
from portal.database import db
from portal.models import ApiKey, Booking, Customer, Organisation, Room, Shift, StaffMember, Venue
from tests.commands.conftest import MOMENT, Command
from tests.factories import make_organisation
from tests.support.portal_app import make_app

STARS = ("therese", "marc")


@pytest.fixture
def told(flask: Command) -> dict[str, Any]:
    """The JSON of a first load, which took less than 20 seconds."""
    begun = time.monotonic()
    with frozen(MOMENT):
        result = flask("demo", "load", "--json")
    assert result.exit_code == 0, result.output
    assert time.monotonic() - begun < 20
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_it_prints_one_json_object_that_names_everything(told: dict[str, Any]) -> None:
    assert list(told) == ["organisations"]
    houses = {house["slug"]: house for house in told["organisations"]}
    assert list(houses) == ["maison-lutece", "alpes-bien-etre", "indigo"]
    for house in houses.values():
        assert set(house) == {"slug", "venues", "members", "keys"}
        assert all(set(member) == {"email", "password", "role", "name"} for member in house["members"])
        assert all(set(key) == {"name", "key", "scopes", "surface"} for key in house["keys"])
        for venue in house["venues"]:
            assert set(venue) == {"id", "slug", "timezone", "currency", "variants"}
            assert all(set(one) == {"id", "label", "duration", "guest_count"} for one in venue["variants"])
    venues = {venue["slug"]: venue for house in houses.values() for venue in house["venues"]}
    assert set(venues) == {"lutetia", "marais", "chamonix", "saint-denis"}
    assert venues["saint-denis"]["timezone"] == "Indian/Reunion"
    assert {(one["duration"], one["guest_count"]) for one in venues["lutetia"]["variants"]} >= {(60, 1), (60, 2)}


def test_the_cast_is_there(told: dict[str, Any]) -> None:
    members = {member["email"]: member for house in told["organisations"] for member in house["members"]}
    roles = {email: member["role"] for email, member in members.items()}
    expected = {
        "ada": "admin",
        "maud": "manager",
        "camille": "receptionist",
        "therese": "therapist",
        "marc": "therapist",
    }
    assert {name: roles[f"{name}@maison-lutece.example"] for name in expected} == expected
    assert roles["eve@alpes-bien-etre.example"] == "admin"
    assert {member["password"] for member in members.values()} == {"thermes-demo"}
    assert members["therese@maison-lutece.example"]["name"] == "Thérèse Lambert"


def test_keys_open_their_surface_and_their_venues(app: Flask, told: dict[str, Any]) -> None:
    client = app.test_client()
    for house in told["organisations"]:
        for key in house["keys"]:
            answer = client.get("/v1/venues", headers={"Authorization": f"Bearer {key['key']}"})
            expected = 200 if key["surface"] == "partner" else 401
            assert answer.status_code == expected, key["name"]
            if expected == 200:
                slugs = {venue["slug"] for venue in (answer.json or {})["data"]}
                assert slugs == {venue["slug"] for venue in house["venues"]}
    full = told["organisations"][0]["keys"][0]
    assert full["surface"] == "partner"
    assert "bookings:write" in full["scopes"]


def test_it_is_as_large_as_promised(told: dict[str, Any]) -> None:
    house = db.session.scalars(select(Organisation).where(Organisation.slug == "maison-lutece")).one()

    def count(model: Any, *where: Any) -> int:
        query = select(func.count()).select_from(model).where(model.organisation_id == house.id, *where)
        return int(db.session.scalar(query) or 0)

    assert count(Customer) == 300
    assert count(Customer, Customer.email.is_not(None), Customer.phone.is_(None)) == 1
    assert count(StaffMember, StaffMember.role == "therapist") == 12
    lutetia = db.session.scalars(select(Venue).where(Venue.slug == "lutetia")).one()
    assert count(Room, Room.venue_id == lutetia.id) == 6
    assert count(Room, Room.venue_id == lutetia.id, Room.capacity == 2) == 1
    assert count(Booking) > 300
    assert count(Booking, Booking.payment_status == "paid", Booking.payment_method == "card_on_site") > 5
    assert count(Booking, Booking.payment_status == "charged_to_room") > 5
    assert count(Shift) > 500


def test_a_second_load_says_the_same_and_adds_nothing(flask: Command, told: dict[str, Any]) -> None:
    before = db.session.scalar(select(func.count()).select_from(Booking))
    again = flask("demo", "load", "--json")
    assert again.exit_code == 0, again.output
    assert json.loads(again.stdout) == told
    assert db.session.scalar(select(func.count()).select_from(Booking)) == before


def test_keys_follow_the_secret_key(app: Flask, told: dict[str, Any]) -> None:
    db.session.rollback()
    other = make_app(app.config["SQLALCHEMY_DATABASE_URI"], secret_key="another secret of another installation")
    printed = json.loads(load_with(other).stdout)
    old, new = (house["organisations"][0]["keys"][0]["key"] for house in (told, printed))
    assert old != new
    codes = [app.test_client().get("/v1/venues", headers={"X-Api-Key": key}).status_code for key in (old, new)]
    assert codes == [401, 200]


def test_it_refuses_a_database_with_other_data(flask: Command) -> None:
    make_organisation(slug="a-real-spa")
    result = flask("demo", "load", "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "Error: The database holds other data: the demo wants an empty one.\n"
    assert db.session.scalar(select(func.count()).select_from(ApiKey)) == 0


def test_it_is_refused_in_production(app: Flask) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    result = load_with(make_app(url, environment="production", secret_key="0123456789abcdef-long-enough"))
    assert result.exit_code == 1
    assert result.stderr == "Error: The demo is refused where PORTAL_ENVIRONMENT is production.\n"
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 0


def load_with(portal: Flask) -> Result:
    """`flask demo load --json` with another portal's settings."""
    with portal.app_context():
        result = portal.test_cli_runner().invoke(args=["demo", "load", "--json"])
        db.session.remove()
        db.engine.dispose()
    return result
