"""The month as a heat map."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.bookings.conftest import Book, accept
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import Statements

Counting = Callable[[], AbstractContextManager[Statements]]


def test_a_day_tells_how_full_it_is_and_what_is_to_staff(client: PageClient, house: House, book: Book) -> None:
    accept(house, book("10:00"), house.therese)
    book("12:00", variant=house.duo, guest_count=2)
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}/month?by=therapist&lang=en")
    link = client.page.one(f".//td/a[@href='/v/lutetia/agenda/{house.day}?by=therapist']")
    # Three therapist's hours of two shifts of eleven.
    assert "14% booked, 2 bookings, one to staff" in (link.get("aria-label") or "")
    cell = next(cell for cell in client.page.all(".//td") if link in list(cell))
    assert "heat-1" in (cell.get("class") or "")


@pytest.mark.parametrize(("day", "weeks"), [("2026-02-10", 5), ("2027-02-10", 4), ("2100-12-31", 5), ("2000-01-01", 6)])
def test_all_days_of_the_month_stand_under_their_weekday(
    client: PageClient, house: House, day: str, weeks: int
) -> None:
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{day}/month")
    rows = client.page.all(".//tbody/tr")
    assert len(rows) == weeks
    assert all(len(row.findall("./td")) == 7 for row in rows)


def test_a_month_takes_few_statements(client: PageClient, house: House, book: Book, statements: Counting) -> None:
    for clock in ("09:00", "10:30", "12:00"):
        book(clock)
    sign_in(client, house.camille)
    with statements() as sent:
        client.get(f"/v/lutetia/agenda/{house.day}/month")
    sent.at_most(8)
