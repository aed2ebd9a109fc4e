"""`flask demo load --json`: what scripts outside the repository rely on."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.clock import frozen
from portal.database import db
from portal.models import ApiKey, Booking, Customer, Organisation, Room, Shift, StaffMember, Venue
from tests.commands.conftest import Command, Loaded, load_with
from tests.factories import make_organisation
from tests.support.databases import Databases
from tests.support.portal_app import make_app

STARS = ("therese", "marc")


def test_it_prints_one_json_object_that_names_everything(demo: Loaded) -> None:
    assert list(demo.told) == ["organisations"]
    houses = {house["slug"]: house for house in demo.told["organisations"]}
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


def test_the_cast_is_there(demo: Loaded) -> None:
    members = {member["email"]: member for house in demo.told["organisations"] for member in house["members"]}
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


def test_keys_open_their_surface_and_their_venues(demo: Loaded) -> None:
    client = demo.app.test_client()
    for house in demo.told["organisations"]:
        for key in house["keys"]:
            answer = client.get("/v1/venues", headers={"Authorization": f"Bearer {key['key']}"})
            expected = 200 if key["surface"] == "partner" else 401
            assert answer.status_code == expected, key["name"]
            if expected == 200:
                slugs = {venue["slug"] for venue in (answer.json or {})["data"]}
                assert slugs == {venue["slug"] for venue in house["venues"]}
    full = demo.told["organisations"][0]["keys"][0]
    assert full["surface"] == "partner"
    assert "bookings:write" in full["scopes"]


def test_it_is_as_large_as_promised(demo: Loaded) -> None:
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


def test_it_takes_less_than_20_seconds(demo: Loaded) -> None:
    assert demo.seconds < 20


def test_a_second_load_says_the_same_and_adds_nothing(demo: Loaded) -> None:
    before = db.session.scalar(select(func.count()).select_from(Booking))
    db.session.rollback()
    again = load_with(demo.app)
    assert again.exit_code == 0, again.output
    assert json.loads(again.stdout) == demo.told
    assert db.session.scalar(select(func.count()).select_from(Booking)) == before


def test_keys_follow_the_secret_key(demo: Loaded) -> None:
    other = make_app(demo.app.config["SQLALCHEMY_DATABASE_URI"], secret_key="another secret of another installation")
    printed = json.loads(load_with(other).stdout)
    old, new = (told["organisations"][0]["keys"][0]["key"] for told in (demo.told, printed))
    assert old != new
    assert [status(demo.app, key) for key in (old, new)] == [401, 200]
    assert json.loads(load_with(demo.app).stdout) == demo.told
    assert [status(demo.app, key) for key in (old, new)] == [200, 401]
    with other.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 23, 4, tzinfo=UTC),  # before anything opens, on the day on which Chamonix is closed
        datetime(2026, 12, 24, 22, 30, tzinfo=UTC),  # after everything has closed, before a holiday
        datetime(2027, 3, 28, 0, 30, tzinfo=UTC),  # an hour before the clocks change
    ],
    ids=str,
)
def test_it_loads_at_any_hour(databases: Databases, moment: datetime) -> None:
    portal = make_app(databases.create("sqlite").url)
    with frozen(moment):
        result = load_with(portal)
    assert result.exit_code == 0, result.output
    with portal.app_context():
        today = select(func.count()).select_from(Booking).where(Booking.venue.has(Venue.slug == "lutetia"))
        around = Booking.starts_at.between(moment - timedelta(hours=24), moment + timedelta(hours=24))
        assert (db.session.scalar(today.where(around)) or 0) > 40
        db.engine.dispose()


def test_it_refuses_a_database_with_other_data(flask: Command) -> None:
    make_organisation(slug="a-real-spa")
    result = flask("demo", "load", "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "Error: The database holds other data: the demo wants an empty one.\n"
    assert db.session.scalar(select(func.count()).select_from(ApiKey)) == 0


def test_it_is_refused_in_production(app: Flask) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    production = make_app(url, environment="production", secret_key="0123456789abcdef-long-enough")
    result = load_with(production)
    with production.app_context():
        db.engine.dispose()
    assert result.exit_code == 1
    assert result.stderr == "Error: The demo is refused where PORTAL_ENVIRONMENT is production.\n"
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 0


def status(app: Flask, key: str) -> int:
    return app.test_client().get("/v1/venues", headers={"X-Api-Key": key}).status_code
