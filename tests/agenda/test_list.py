"""The day as a list, and what the filters leave in it."""

from __future__ import annotations

import pytest

from tests.bookings.conftest import Book, accept
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


def test_every_booking_stands_once_in_order_of_time(client: PageClient, house: House, book: Book) -> None:
    late, duo = book("15:00"), book("09:00", variant=house.duo, guest_count=2)
    for member in (house.therese, house.marc):
        accept(house, duo, member)
    sign_in(client, house.camille)
    client.get(_url(house, lang="en"))
    assert _rows(client) == [str(duo.uuid), str(late.uuid)]
    row = client.page.text_of(client.page.one(f".//tr[@data-booking='{duo.uuid}']"))
    for word in ("09:00–10:00", "Hélène Dupont", "Thérèse Test, Marc Test", "Cabine duo", "Confirmed", "to pay"):
        assert word in row


@pytest.mark.parametrize(("query", "left"), [
    ("state=pending", [1]), ("state=confirmed", [0, 2]), ("only=waiting", [1]), ("only=unpaid", [0, 1, 2]),
    ("only=wish", [2]), ("family=massage", [0, 1, 2]), ("family=facial", []), ("only=late", []),
    ("only=nonsense&state=nonsense", [0, 1, 2]),
])  # fmt: skip
def test_filters_leave_what_they_say(client: PageClient, house: House, book: Book, query: str, left: list[int]) -> None:
    bookings = [book("09:00"), book("11:00"), book("13:00", gender_preference="female")]
    for confirmed in (bookings[0], bookings[2]):
        accept(house, confirmed, house.therese)
    sign_in(client, house.camille)
    client.get(f"{_url(house)}&{query}")
    assert _rows(client) == [str(bookings[number].uuid) for number in left]


def test_in_the_grid_filtered_bookings_keep_their_place(client: PageClient, house: House, book: Book) -> None:
    waiting, mine = book("09:00"), book("11:00")
    accept(house, mine, house.therese)
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}?by=therapist&state=pending&lang=en")
    cards = {card.get("data-booking"): card.get("class", "").split() for card in client.page.all(".//a[@data-status]")}
    assert "is-out" in cards[str(mine.uuid)]
    assert "is-out" not in cards[str(waiting.uuid)]
    assert "Filtered: one booking is left out." in client.page.text


def test_the_list_re_reads_itself_when_its_day_changes(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get(_url(house))
    part = client.page.one(".//*[@id='agenda']")
    assert f"changed:agenda:{house.day} from:body" in part.get("hx-trigger", "")
    assert client.hx(part.get("hx-get", "")).status_code == 200
    assert client.page.one("./*").get("id") == "agenda"


def _url(house: House, **query: str) -> str:
    query = {"by": "therapist", **query}
    return f"/v/lutetia/agenda/{house.day}/list?" + "&".join(f"{key}={value}" for key, value in query.items())


def _rows(client: PageClient) -> list[str]:
    return [row.get("data-booking") or "" for row in client.page.all(".//tr[@data-booking]")]
