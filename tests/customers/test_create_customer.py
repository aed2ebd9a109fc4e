"""A new guest: a name at least, a phone that can be found again, and never twice the same person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.audit import Actor
from portal.customers.errors import CustomerExists, WrongEmail, WrongName, WrongPhone
from portal.customers.service import create_customer
from portal.database import db
from portal.models import AuditEntry, Customer, OutboxEvent
from tests.factories import House, make_customer


def create(house: House, **given: Any) -> Customer:
    words: dict[str, Any] = {
        "first_name": "Odile", "last_name": "Caron", "phone": "06 12 34 56 78", "email": "Odile@Example.org",
        "language": "fr", "country": "FR", "by": Actor.of_member(house.camille, door="agenda"),
    }  # fmt: skip
    return create_customer(house.organisation, **words | given)


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Customer)) or 0


def test_it_is_stored_as_it_will_be_looked_for(house: House) -> None:
    made = create(house, first_name="  Zoé ", last_name="d’Arcy  Le  Gall", language="en")
    assert (made.name, made.name_key, made.language) == ("Zoé d’Arcy Le Gall", "zoe d’arcy le gall", "en")
    assert (made.phone, made.email, made.email_key) == ("+33612345678", "Odile@Example.org", "odile@example.org")
    assert made.organisation_id == house.organisation.id
    assert db.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject == made.uuid)).all() == [
        "customer:created"
    ]
    assert db.session.scalars(select(OutboxEvent.type).where(OutboxEvent.subject == made.uuid)).all() == [
        "customer.created"
    ]


def test_a_national_number_is_one_of_the_venues_country(house: House) -> None:
    assert create(house, phone="0692 12 34 56", country="RE").phone == "+262692123456"


def test_one_name_is_enough(house: House) -> None:
    made = create(house, first_name=None, phone=None, email="")
    assert (made.name, made.first_name, made.phone, made.email) == ("Caron", None, None, None)
    assert create(house, last_name="", phone=None, email=None).name == "Odile"


@pytest.mark.parametrize(
    ("wrong", "error", "field"),
    [
        ({"first_name": "", "last_name": " "}, WrongName, "last_name"),
        ({"first_name": "R2D2"}, WrongName, "first_name"),
        ({"last_name": "<b>"}, WrongName, "last_name"),
        ({"last_name": "x" * 101}, WrongName, "last_name"),
        ({"last_name": "a\x00b"}, WrongName, "last_name"),
        ({"phone": "12"}, WrongPhone, "phone"),
        ({"phone": "call me"}, WrongPhone, "phone"),
        ({"phone": "9" * 10_000}, WrongPhone, "phone"),
        ({"phone": "0612345678", "country": None}, WrongPhone, "phone"),
        ({"email": "odile"}, WrongEmail, "email"),
        ({"email": "a\x00@example.org"}, WrongEmail, "email"),
        ({"email": f"{'x' * 300}@example.org"}, WrongEmail, "email"),
    ],
)
def test_nonsense_is_refused(house: House, wrong: dict[str, Any], error: type[Exception], field: str) -> None:
    with pytest.raises(error) as told:
        create(house, **wrong)
    assert getattr(told.value, "field", None) == field
    assert count() == 0


def test_whoever_has_the_phone_already_is_offered(house: House) -> None:
    known = make_customer(house.organisation, phone="+33612345678")
    with pytest.raises(CustomerExists) as told:
        create(house, phone="+33 (0)6.12.34.56.78", email=None)
    assert (told.value.customer.id, told.value.field, count()) == (known.id, "phone", 1)


def test_whoever_has_the_email_already_is_offered_unless_they_share_it(house: House) -> None:
    known = make_customer(house.organisation, email="odile@example.org", email_key="odile@example.org")
    with pytest.raises(CustomerExists) as told:
        create(house)
    assert (told.value.customer.id, told.value.field, count()) == (known.id, "email", 1)
    assert create(house, shared_email=True).id != known.id


def test_another_organisations_guest_is_nobody(house: House) -> None:
    make_customer(house.neighbour, phone="+33612345678", email="odile@example.org", email_key="odile@example.org")
    assert create(house).organisation_id == house.organisation.id


def test_two_at_once_make_one_guest(app: Flask, house: House) -> None:
    db.session.commit()
    start = Barrier(4)
    organisation, by = house.organisation, Actor.of_member(house.camille, door="agenda")
    words: dict[str, Any] = {"last_name": "Caron", "phone": "0612345678", "email": None, "language": "fr"}

    def attempt(number: int) -> str:
        with app.app_context():
            start.wait()
            try:
                create_customer(organisation, first_name=f"Odile{'abcd'[number]}", country="FR", by=by, **words)
            except CustomerExists as exists:
                return exists.customer.phone or ""
            finally:
                db.session.remove()
            return "made"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(attempt, range(4)))
    assert answers == ["+33612345678"] * 3 + ["made"]
    assert count() == 1
