"""Who is there twice is found by keys, told apart for good, and offered while somebody types."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest

from portal.customers.box import guest_box
from portal.customers.names import name_key
from portal.customers.twins import Typed, twins_of
from portal.database import db
from portal.duplicates.errors import SameGuest
from portal.duplicates.page import pairs_page
from portal.duplicates.queries import BY_EMAIL, BY_NAME, BY_PHONE, count_pairs, pairs_by
from portal.duplicates.service import keep_apart
from portal.errors import NotFound
from portal.models import Customer, CustomerApart
from tests.factories import House, make_customer
from tests.persons.conftest import desk
from tests.support.statements import Statements

Count = Callable[[], AbstractContextManager[Statements]]


def guest(house: House, first: str, last: str, **given: str | None) -> Customer:
    address = given.get("email")
    return make_customer(
        house.organisation, first_name=first, last_name=last, name_key=name_key(first, last), email_key=address, **given
    )  # fmt: skip


def pairs(house: House, by: str) -> list[tuple[Customer, Customer]]:
    return pairs_by(house.organisation, by, limit=10, offset=0)


def test_each_way(house: House) -> None:
    lea = guest(house, "Léa", "Martinet", email="lea@example.org", phone="+33612345678")
    swapped = guest(house, "Martinet", "Lea", phone=None)
    shared = guest(house, "Paul", "Ami", email="lea@example.org", phone=None)
    abroad = guest(house, "Zoé", "Petit", phone="+32612345678")
    make_customer(
        house.neighbour, first_name="Léa", last_name="Martinet", name_key="lea martinet", phone="+33612345678"
    )
    assert pairs(house, BY_NAME) == [(lea, swapped)]
    assert pairs(house, BY_EMAIL) == [(lea, shared)]
    assert pairs(house, BY_PHONE) == [(lea, abroad)]
    assert [count_pairs(house.organisation, way, most=5) for way in (BY_NAME, BY_EMAIL, BY_PHONE)] == [1, 1, 1]


def test_told_apart_for_good(house: House) -> None:
    lea, twin = guest(house, "Léa", "Martinet"), guest(house, "Léa", "Martinet")
    for one, other in ((lea, twin), (twin, lea)):
        keep_apart(house.organisation, one=one.uuid, other=other.uuid, by=desk(house))
    assert pairs(house, BY_NAME) == []
    assert db.session.query(CustomerApart).count() == 1
    assert twins_of(house.organisation, lea, but=lea.id) == []


def test_refusals(house: House) -> None:
    lea, stranger = guest(house, "Léa", "Martinet"), make_customer(house.neighbour)
    with pytest.raises(SameGuest):
        keep_apart(house.organisation, one=lea.uuid, other=lea.uuid, by=desk(house))
    for other in (stranger.uuid, uuid4()):
        with pytest.raises(NotFound):
            keep_apart(house.organisation, one=lea.uuid, other=other, by=desk(house))


def test_the_page_takes_a_bounded_number_of_statements(house: House, statements: Count) -> None:
    for number in range(12):
        guest(house, "Léa", "Martinet", phone=None, email=f"{number % 4}@example.org")
    db.session.expire_all()
    house.lutetia.organisation.id  # noqa: B018  (read before, as a request does)
    with statements() as sent:
        page = pairs_page(house.lutetia, by="name", page=1)
    assert page["pairs"]
    sent.at_most(8)


def test_offered_while_typing(house: House) -> None:
    lea = guest(house, "Hélène", "Dupond", phone="+33612345678")
    typed = Typed(name_key("Helene", "Dupont"), None, None)
    assert [one for one, _why in twins_of(house.organisation, typed)] == [lea]
    box = guest_box(house.lutetia, "Dupont Helene 06 99 99 99 99")
    assert box["guests"] == []  # another number speaks against it
    box = guest_box(house.lutetia, "Dupont Helene")
    assert box["guests"] == [lea]
    assert box["looks_like"][lea.id]
    assert box["typed"]
    assert guest_box(house.lutetia, "Dupond Hélène")["looks_like"] == {}
