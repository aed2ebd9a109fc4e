"""Who a partner's guest is: (1) the same phone, (2) else the same e-mail without a phone, (3) else somebody new."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, get_ident
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.customers import service
from portal.customers.queries import find_match
from portal.customers.service import GuestDetails, match_customer
from portal.database import db
from portal.models import Customer, Organisation
from tests.factories import House, make_customer

PHONE, OTHER_PHONE = "+33612345678", "+33698765432"
EMAIL = "Marie@Example.com"
KEY = "marie@example.com"


def guest(**given: Any) -> GuestDetails:
    return GuestDetails(**{"first_name": "Marie", "last_name": "Curie", "phone": PHONE, "email": EMAIL} | given)


def everyone() -> list[Customer]:
    return list(db.session.scalars(select(Customer).order_by(Customer.id).execution_options(populate_existing=True)))


def test_somebody_new(house: House) -> None:
    made = match_customer(house.organisation, guest(language="en"))
    assert everyone() == [made]
    assert (made.first_name, made.last_name, made.phone, made.email) == ("Marie", "Curie", PHONE, EMAIL)
    assert (made.email_key, made.name_key, made.language) == (KEY, "marie curie", "en")
    assert made.uuid is not None
    assert made.organisation_id == house.organisation.id


def test_without_email(house: House) -> None:
    made = match_customer(house.organisation, guest(email=None))
    assert (made.email, made.email_key) == (None, None)
    make_customer(house.organisation, phone=None)
    assert match_customer(house.organisation, guest(email=None, phone=OTHER_PHONE)) != made
    assert len(everyone()) == 3, "Nobody is recognised by having no e-mail."


def test_the_same_phone_is_the_same_guest(house: House) -> None:
    known = make_customer(house.organisation, phone=PHONE, email="old@example.com", email_key="old@example.com",
                          language="fr")  # fmt: skip
    found = match_customer(house.organisation, guest(language="en"))
    assert found.id == known.id
    assert (found.email, found.email_key) == (EMAIL, KEY), "A new e-mail replaces the old."
    assert (found.first_name, found.last_name) == ("Hélène", "Dupont"), "Names are filled only where empty."
    assert found.language == "fr"


def test_the_same_phone_without_email_keeps_the_old_one(house: House) -> None:
    make_customer(house.organisation, phone=PHONE, email="old@example.com", email_key="old@example.com")
    assert match_customer(house.organisation, guest(email=None)).email == "old@example.com"


def test_empty_names_are_filled(house: House) -> None:
    known = make_customer(house.organisation, phone=PHONE, first_name=None, last_name="", name_key="")
    found = match_customer(house.organisation, guest())
    assert found.id == known.id
    assert (found.first_name, found.last_name, found.name_key) == ("Marie", "Curie", "marie curie")


def test_the_same_email_gets_the_phone(house: House) -> None:
    known = make_customer(house.organisation, phone=None, email="MARIE@example.COM", email_key=KEY)
    found = match_customer(house.organisation, guest())
    assert found.id == known.id
    assert (found.phone, found.email) == (PHONE, "MARIE@example.COM")


def test_the_same_email_with_another_phone_is_somebody_else(house: House) -> None:
    known = make_customer(house.organisation, phone=OTHER_PHONE, email=EMAIL, email_key=KEY)
    found = match_customer(house.organisation, guest())
    assert found.id != known.id
    assert [customer.phone for customer in everyone()] == [OTHER_PHONE, PHONE]


def test_the_phone_comes_before_the_email(house: House) -> None:
    by_email = make_customer(house.organisation, phone=None, email=EMAIL, email_key=KEY)
    by_phone = make_customer(house.organisation, phone=PHONE)
    assert match_customer(house.organisation, guest()).id == by_phone.id
    assert by_email.phone is None


def test_of_two_with_the_same_email_the_older_one(house: House) -> None:
    older, _younger = (make_customer(house.organisation, phone=None, email=EMAIL, email_key=KEY) for _ in range(2))
    assert match_customer(house.organisation, guest()).id == older.id


def test_a_neighbours_guest_is_a_stranger(house: House) -> None:
    eves = make_customer(house.neighbour, phone=PHONE, email=EMAIL, email_key=KEY)
    found = match_customer(house.organisation, guest())
    assert found.id != eves.id


def test_what_is_known_already_is_not_written_again(house: House) -> None:
    first = match_customer(house.organisation, guest())
    before = first.updated_at
    assert match_customer(house.organisation, guest(email=EMAIL.upper())).updated_at == before


@pytest.fixture
def all_look_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two requests look for their guest, and neither goes on before both have looked.

    SQLite lets one transaction write at a time: there the second cannot even look before the first has ended.
    """
    barrier, looked = Barrier(2, timeout=10), set[int]()

    def find_and_wait(organisation: Organisation, **words: Any) -> Customer | None:
        found = find_match(organisation, **words)
        if db.session.get_bind().dialect.name == "postgresql" and get_ident() not in looked:
            looked.add(get_ident())
            barrier.wait()
        return found

    monkeypatch.setattr(service, "find_match", find_and_wait)


def match_at_once(app: Flask, organisation: Organisation, *guests: GuestDetails) -> list[int]:
    """Match all of them at the same moment, each in a transaction of its own; returns the customers' keys."""

    def match(one: GuestDetails) -> int:
        with app.app_context():
            return match_customer(organisation, one).id

    db.session.commit()
    with ThreadPoolExecutor(len(guests)) as pool:
        return list(pool.map(match, guests))


@pytest.mark.usefixtures("all_look_first")
def test_two_at_once_with_one_new_phone_are_one_guest(app: Flask, house: House) -> None:
    found = match_at_once(app, house.organisation, guest(), guest(email=None))
    assert len(set(found)) == 1
    assert len(everyone()) == 1


@pytest.mark.usefixtures("all_look_first")
def test_two_at_once_for_one_email_do_not_share_a_phone(app: Flask, house: House) -> None:
    make_customer(house.organisation, phone=None, email=EMAIL, email_key=KEY)
    found = match_at_once(app, house.organisation, guest(), guest(phone=OTHER_PHONE))
    assert len(set(found)) == 2
    assert {customer.phone for customer in everyone()} == {PHONE, OTHER_PHONE}


@pytest.mark.usefixtures("all_look_first")
def test_a_new_guest_and_one_found_by_email_with_one_phone(app: Flask, house: House) -> None:
    make_customer(house.organisation, phone=None, email=EMAIL, email_key=KEY)
    found = match_at_once(app, house.organisation, guest(), guest(email=None))
    assert len(set(found)) == 1
    assert [customer.phone for customer in everyone() if customer.phone] == [PHONE]
