"""Guests are found by what one remembers of them: parts of the name, of the phone, of the e-mail address."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from portal.clock import now
from portal.customers.finding import queries as finding
from portal.customers.names import name_key
from portal.customers.queries import find_guests
from portal.database import db
from portal.models import Customer
from tests.bookings.conftest import Book, book
from tests.factories import House, make_customer
from tests.matrix.bad_values import BAD
from tests.support.statements import Statements

__all__ = ["book"]
Guest = Callable[..., Customer]


@pytest.fixture
def guest(house: House) -> Guest:
    """`guest("Hélène", "Dupont", phone=…)` of the house."""

    def make(first: str, last: str, **given: Any) -> Customer:
        organisation = given.pop("organisation", house.organisation)
        email = given.get("email")
        known = {"first_name": first, "last_name": last, "name_key": name_key(first, last)}
        return make_customer(organisation, **known | {"email_key": email.casefold() if email else None} | given)

    return make


def names(house: House, text: str) -> list[str]:
    return [found.name for found in find_guests(house.organisation, text)]


@pytest.mark.parametrize(
    "text",
    ["Hélène Dupont", "helene dupont", "DUPONT HÉLÈNE", "dup hel", "Hel. Dup", "helenedup", "hélène", "  dupont  "],
)
def test_by_parts_of_the_name_in_any_order(house: House, guest: Guest, text: str) -> None:
    guest("Hélène", "Dupont")
    guest("Marie", "Martin")
    assert names(house, text) == ["Hélène Dupont"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("darcy", "Jean-Pierre d’Arcy"), ("d'arcy", "Jean-Pierre d’Arcy"), ("arcy jean", "Jean-Pierre d’Arcy"),
        ("jean pierre", "Jean-Pierre d’Arcy"), ("jeanpierre", "Jean-Pierre d’Arcy"), ("legall", "Loïc Le Gall"),
        ("le gall", "Loïc Le Gall"), ("gall", "Loïc Le Gall"), ("ndiaye", "Fatou N’Diaye"), ("小龍", "小龍 李"),
    ],
)  # fmt: skip
def test_punctuation_does_not_count(house: House, guest: Guest, text: str, found: str) -> None:
    for first, last in (("Jean-Pierre", "d’Arcy"), ("Loïc", "Le Gall"), ("Fatou", "N’Diaye"), ("小龍", "李")):
        guest(first, last)
    assert names(house, text) == [found]


@pytest.mark.parametrize(
    "text",
    ["06.12.34", "0612345678", "06 12 34 56 78", "+33 6 12", "+33 (0)6 12 34", "0033612", "345678", "5678", "234",
     "612", "(06) 12-34", "Hélène 06 12 34 56 78"],
)  # fmt: skip
def test_by_any_part_of_the_phone_in_any_writing(house: House, guest: Guest, text: str) -> None:
    guest("Odile", "Caron", phone="+33612345678")
    guest("Marie", "Martin", phone="+447700900999")
    assert names(house, text) == ["Odile Caron"]


@pytest.mark.parametrize("text", ["0002", "00.02", "00 02", "98 00 02", "0 00 02", "0033639980002"])
def test_by_the_end_of_a_phone_that_begins_like_a_call_abroad(house: House, guest: Guest, text: str) -> None:
    guest("Odile", "Caron", phone="+33639980002")
    guest("Marie", "Martin", phone="+33639980124")
    assert names(house, text) == ["Odile Caron"]


def test_by_a_part_of_the_email_whatever_its_case(house: House, guest: Guest) -> None:
    guest("Odile", "Caron", email="Spa.Lover@Example.org")
    for text in ("spa.lover", "LOVER@", "spa.lover@example.org", "@example.o", "example"):
        assert names(house, text) == ["Odile Caron"], text


def test_too_little_finds_nobody(house: House, guest: Guest) -> None:
    guest("Odile", "Caron", phone="+33612345678", email="o@example.org")
    for text in ("", " ", "o", "06", "12", "@", "o@", "-", "'"):
        assert names(house, text) == [], text


def test_signs_of_a_pattern_are_plain_signs(house: House, guest: Guest) -> None:
    guest("Odile", "Caron", email="under_score@example.org")
    guest("Marie", "Martin", email="underXscore@example.org")
    assert names(house, "under_score@") == ["Odile Caron"]
    assert names(house, "%%%") == names(house, "c%n") == names(house, "___@") == []


def test_what_begins_so_comes_first_then_who_came_last(house: House, guest: Guest, book: Book) -> None:
    guest("Eve", "Lamartine")  # it stands inside her name, and nobody remembers a name from its middle on
    early, late, never = guest("Zoé", "Martin"), guest("Yves", "Martinez"), guest("Anne", "Martin")
    for number, customer in enumerate((early, late)):
        book(f"{10 + 2 * number}:00", customer=customer)
    assert names(house, "martin") == [late.name, early.name, never.name]
    assert names(house, "zoe martin") == ["Zoé Martin"]


def test_exactly_that_name_comes_before_longer_ones(house: House, guest: Guest, book: Book) -> None:
    guest("Anne", "Martin")
    book("10:00", customer=guest("Anne", "Martinez"))
    assert names(house, "martin anne") == ["Anne Martin", "Anne Martinez"]


def test_the_very_number_comes_first(house: House, guest: Guest) -> None:
    guest("Anne", "Dubois")
    guest("Odile", "Caron", phone="+33612345678")
    assert names(house, "Anne Dubois 0612345678")[0] in {"Odile Caron", "Anne Dubois"}
    assert set(names(house, "Anne Dubois 0612345678")) == {"Odile Caron", "Anne Dubois"}


def test_never_those_of_another_organisation(house: House, guest: Guest) -> None:
    guest("Hélène", "Dupont", organisation=house.neighbour, phone="+33612345678", email="a@example.org")
    assert [names(house, text) for text in ("Dupont", "0612345678", "a@example")] == [[], [], []]


def test_no_more_than_asked(house: House, guest: Guest) -> None:
    for _number in range(12):
        guest("Hélène", "Dupont")
    assert len(find_guests(house.organisation, "dupont")) == 8
    assert len(find_guests(house.organisation, "dupont", limit=3)) == 3


def test_the_exact_name_is_among_the_first_of_very_many(house: House, guest: Guest) -> None:
    for number in range(finding.MOST + 5):
        guest(f"X{number:04d}", "Martinez")
    guest("Zoé", "Martin")
    found = find_guests(house.organisation, "martin", limit=1000)
    assert len(found) == finding.MOST
    assert "Zoé Martin" in {one.name for one in found}


def test_who_was_put_aside_is_not_offered(house: House, guest: Guest) -> None:
    guest("Hélène", "Dupont", deactivated_at=now())
    assert names(house, "dupont") == []


def test_a_new_name_and_number_are_found_and_the_old_ones_no_longer(house: House, guest: Guest) -> None:
    her = guest("Hélène", "Dupont", phone="+33612345678", email="helene@example.org")
    her.last_name, her.phone, her.email = "Le Gall", "+33687654321", "legall@example.org"
    db.session.commit()
    assert [names(house, text) for text in ("dupont", "345678", "helene@")] == [[], [], []]
    assert [names(house, text) for text in ("gall", "654321", "legall@")] == [["Hélène Le Gall"]] * 3


def test_one_statement(
    house: House, guest: Guest, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    guest("Hélène", "Dupont")
    with statements() as sent:
        assert find_guests(house.organisation, "dup 0612 x@y")
    sent.at_most(1)


def test_bad_values_find_nobody(house: House, guest: Guest) -> None:
    guest("Odile", "Caron")
    for name, text in BAD.items():
        assert find_guests(house.organisation, text) == [], name


def test_a_cancelled_booking_is_no_visit(house: House, guest: Guest, book: Book) -> None:
    first, second = guest("Anne", "Martin"), guest("Zoé", "Martin")
    book("10:00", customer=first)
    cancelled = book("12:00", customer=second)
    cancelled.status, cancelled.cancelled_at = "cancelled", cancelled.created_at
    cancelled.starts_at += timedelta(days=1)
    cancelled.ends_at += timedelta(days=1)
    assert names(house, "martin") == [first.name, second.name]
