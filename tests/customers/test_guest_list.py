"""The list of guests: searched as one types, narrowed, a page at a time, in a bounded number of statements."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from portal.clock import now
from portal.customers.listing.filters import Filters
from portal.customers.listing.queries import PAGE, list_by_name, list_meant
from portal.models import Booking, Customer
from tests.bookings.conftest import Book, book
from tests.factories import House, make_customer
from tests.matrix.bad_values import BAD
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import Statements

__all__ = ["book"]
LIST = "/v/lutetia/guests"


@pytest.fixture
def camille(client: PageClient, house: House) -> PageClient:
    sign_in(client, house.camille)
    return client


def names(client: PageClient, query: str = "") -> list[str]:
    """The guests of the page, in its order."""
    assert client.get(f"{LIST}?{query}").status_code == 200
    rows = client.page.all(".//tr[@data-guest]")
    return [client.page.text_of(link).strip() for row in rows for link in row.findall("th/a")]


def shift(booking: Booking, days: int) -> None:
    rows: tuple[Any, ...] = (booking, *booking.items)
    for row in rows:
        row.starts_at, row.ends_at = row.starts_at + timedelta(days=days), row.ends_at + timedelta(days=days)


def guest(house: House, first: str, last: str, **given: Any) -> Customer:
    return make_customer(house.organisation, first_name=first, last_name=last, **given)


def test_by_last_name_blind_to_accents(camille: PageClient, house: House) -> None:
    for first, last in (("Zoé", "Étienne"), ("Anne", "Durand"), ("Yves", "Faure"), ("Anne", "Étienne")):
        guest(house, first, last)
    assert names(camille) == ["Anne Durand", "Anne Étienne", "Zoé Étienne", "Yves Faure"]
    assert names(camille, "from=f") == ["Yves Faure"]


def test_what_was_typed_finds_the_closest_first(camille: PageClient, house: House) -> None:
    guest(house, "Anne", "Martinez")
    guest(house, "Zoé", "Martin", phone="+33612345678", email="zoe@example.org")
    guest(house, "Yves", "Faure")
    assert names(camille, "q=martin") == ["Anne Martinez", "Zoé Martin"]
    assert names(camille, "q=zoe+martin") == ["Zoé Martin"]
    for text in ("MARTIN+zoé", "06.12.34.56", "5678", "zoe@"):
        assert names(camille, f"q={text}") == ["Zoé Martin"], text
    assert names(camille, "q=z") == names(camille)


def test_the_venues_own_guests_and_those_who_were_booked_nowhere(camille: PageClient, house: House, book: Book) -> None:
    elsewhere = book("10:00", customer=guest(house, "Eve", "Ailleurs"))
    elsewhere.venue_id = house.marais.id
    book("12:00", customer=guest(house, "Anne", "Ici"))
    guest(house, "Zoé", "Nouvelle")
    assert names(camille) == ["Anne Ici", "Zoé Nouvelle"]
    assert names(camille, "where=all") == ["Eve Ailleurs", "Anne Ici", "Zoé Nouvelle"]
    assert names(camille, "q=ailleurs") == []
    assert names(camille, "q=ailleurs&where=all") == ["Eve Ailleurs"]


def test_filters(camille: PageClient, house: House, book: Book) -> None:
    flag = {"flag_reason": "Absences", "flagged_at": now()}
    guest(house, "A", "Blocked", flag="blocked", **flag)
    guest(house, "B", "Deposit", flag="deposit", **flag)
    guest(house, "C", "English", language="en", email_consent=True)
    guest(house, "D", "Aside", deactivated_at=now())
    book("10:00", customer=guest(house, "E", "Coming"))
    shift(book("12:00", customer=guest(house, "F", "Gone", sms_consent=True)), -200)
    found = {
        "flag=blocked": ["A Blocked"], "flag=deposit": ["B Deposit"], "language=en": ["C English"],
        "consent=email": ["C English"], "consent=sms": ["F Gone"], "state=aside": ["D Aside"],
        "visits=upcoming": ["E Coming"], "visits=unseen6": ["F Gone"], "visits=unseen12": [],
        "visits=never": ["A Blocked", "B Deposit", "C English"], "flag=blocked&q=block": ["A Blocked"],
    }  # fmt: skip
    for query, expected in found.items():
        assert names(camille, query) == expected, query


def test_pages_lead_through_all_guests_and_back(camille: PageClient, house: House) -> None:
    for number in range(2 * PAGE + 3):
        guest(house, "Anne", f"G{chr(97 + number // 26)}{chr(97 + number % 26)}")
    pages = [names(camille)]
    for _twice in range(2):
        link = camille.page.one(".//a[@rel='next']").get("href") or ""
        pages.append(names(camille, link.split("?")[1]))
    assert [len(page) for page in pages] == [PAGE, PAGE, 3]
    assert [name for page in pages for name in page] == sorted({name for page in pages for name in page})
    assert not camille.page.all(".//a[@rel='next']")
    link = camille.page.one(".//a[@rel='prev']").get("href") or ""
    assert names(camille, link.split("?")[1]) == pages[1]
    searched = names(camille, "q=anne")
    link = camille.page.one(".//a[@rel='next']").get("href") or ""
    assert len({*searched, *names(camille, link.split("?")[1])}) == 2 * PAGE


def test_htmx_gets_the_rows_alone(camille: PageClient, house: House) -> None:
    guest(house, "Anne", "Durand")
    answer = camille.hx(f"{LIST}?q=durand")
    assert "<html" not in answer.get_data(as_text=True)
    assert camille.page.one(".//tr[@data-guest]") is not None


def test_never_those_of_another_organisation(camille: PageClient, house: House) -> None:
    make_customer(house.neighbour, first_name="Eve", last_name="Ailleurs")
    assert names(camille, "where=all") == names(camille, "q=ailleurs&where=all") == []


def test_bad_values_find_nobody(house: House) -> None:
    guest(house, "Anne", "Durand")
    for name, text in BAD.items():
        filters = Filters.read({"q": text, "where": text, "visits": text, "flag": text})
        assert list_meant(house.lutetia, filters, at=now(), page=1)[0] == [], name
    found, more = list_by_name(house.lutetia, Filters(), at=now(), after=None, before=None, letter="")
    assert (len(found), more) == (1, False)


def test_a_bounded_number_of_statements(
    camille: PageClient, house: House, book: Book, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    for query in ("", "q=martin"):
        counts: list[int] = []
        for _round in range(2):
            for number in range(5):
                guest(house, f"X{number}", "Martin")
            with statements() as sent:
                names(camille, query)
            sent.at_most(12)
            counts.append(len(sent))
        assert counts[0] == counts[1]
