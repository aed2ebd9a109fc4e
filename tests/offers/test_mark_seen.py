"""The desk can see who has seen an offer. Reading the page does not write: the page says so itself."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import func, select

from portal.database import db
from portal.models import AuditEntry
from portal.offers.service import mark_seen
from tests.bookings.conftest import Book, offer_to, phone
from tests.factories import House
from tests.support.client import PageClient
from tests.support.page import Page


def test_reading_the_page_writes_nothing(house: House, book: Book, therese: PageClient) -> None:
    offer = offer_to(book("15:00"), house.therese)

    therese.get("/my/day")

    assert offer.seen_at is None


def test_the_page_says_what_it_has_shown_once(house: House, book: Book, therese: PageClient) -> None:
    offer = offer_to(book("15:00"), house.therese)
    therese.get("/my/day")
    form = therese.page.one(".//form[@action='/my/day/seen']")

    answer = therese.hx("/my/day/seen", method="POST", data=Page.values_of(form))
    therese.get("/my/day")

    assert answer.status_code == 204
    assert offer.seen_at is not None
    assert therese.page.all(".//form[@action='/my/day/seen']") == []


def test_the_first_time_counts(house: House, book: Book) -> None:
    offer = offer_to(book("15:00"), house.therese)
    mark_seen([offer.uuid], by=phone(house.therese))
    first = offer.seen_at

    assert mark_seen([offer.uuid], by=phone(house.therese)) == []

    assert offer.seen_at == first
    count = select(func.count()).select_from(AuditEntry).where(AuditEntry.verb == "offer:seen")
    assert db.session.scalar(count) == 1


def test_nobody_sees_for_somebody_else(house: House, book: Book, marc: PageClient) -> None:
    offer = offer_to(book("15:00"), house.therese)
    marc.get("/my/day")
    given = {"offer": [str(offer.uuid), str(uuid4()), "nonsense"]}

    assert marc.hx("/my/day/seen", method="POST", data=given).status_code == 204

    assert offer.seen_at is None
