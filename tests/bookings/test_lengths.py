"""Which lengths a treatment in hand cannot have: the same as the verb itself would say, told before it is tried."""

from __future__ import annotations

from typing import Any

import pytest
from flask_babel import force_locale

from portal.bookings.errors import SlotUnavailable
from portal.bookings.moves.queries import get_taken
from portal.bookings.moves.taken import lengths_asked
from portal.bookings.moving import Move, move_booking, resize_booking
from portal.bookings.refusals import sentence
from portal.bookings.visit import start
from portal.clock import frozen
from portal.database import db, rehearse
from portal.models import Booking
from tests.agenda.crowd import fill
from tests.bookings.conftest import Book, accept
from tests.bookings.test_move_booking import chain, desk
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import counted


def ask(house: House, booking: Booking, **args: str) -> dict[str, Any]:
    with force_locale("en"):
        return lengths_asked(house.lutetia, get_taken(house.lutetia, booking.uuid), args)


def why(told: dict[str, Any], minutes: int) -> str | None:
    """What is said against that length."""
    found = (number for first, last, number in told["lengths"] if first <= minutes // 5 <= last)
    number = next(found, None)
    return None if number is None else told["reasons"][number]


def _hour(house: House, book: Book, clock: str) -> Booking:
    booking = book(clock)
    accept(house, booking, house.therese)
    return booking


def test_the_next_guest_and_the_end_of_the_day(house: House, book: Book) -> None:
    booking, _next = _hour(house, book, "10:00"), _hour(house, book, "12:00")
    told = ask(house, booking)
    assert (told["item"], told["length"], told["version"]) == (str(booking.item.uuid), 12, booking.version)
    assert [why(told, minutes) for minutes in (5, 60, 120)] == [None, None, None]
    assert why(told, 125) == "Thérèse Test is with another guest from 12:00 to 13:00."
    assert (why(told, 605) or "").startswith("This is outside the opening hours")
    assert why(told, 720)


def test_what_follows_in_the_visit_goes_along(house: House, book: Book) -> None:
    visit, _next = chain(house), _hour(house, book, "12:00")
    told = ask(house, visit, taken=house.at("10:00").isoformat())
    assert told["item"] == str(visit.items[0].uuid)
    assert why(told, 90) is None
    assert why(told, 95) == "Thérèse Test is with another guest from 12:00 to 13:00."
    second = ask(house, visit, item=str(visit.items[1].uuid))
    assert (second["length"], why(second, 60)) == (6, None)
    assert why(second, 65)


def test_what_has_begun_changes_no_rooms(house: House, book: Book) -> None:
    booking, other = _hour(house, book, "10:00"), book("11:00")
    accept(house, other, house.marc)
    for one in (booking, other):
        move_booking(house.lutetia, booking=one, move=Move(room=house.rooms[0]), by=desk(house))
    assert why(ask(house, booking), 75) is None, "before it begins another room would do"
    with frozen(house.at("10:05")):
        start(house.lutetia, booking=booking, by=desk(house))
        assert why(ask(house, booking), 75) == "Cabine 1 is taken from 11:00 to 12:00."
        assert why(ask(house, booking), 30) is None


@pytest.mark.parametrize("begun", [False, True])
def test_what_it_allows_and_forbids_is_what_the_verb_says(house: House, book: Book, begun: bool) -> None:
    visit, _next, waiting = chain(house), _hour(house, book, "13:00"), book("12:00")
    assert waiting.status == "pending"
    with frozen(house.at("10:02" if begun else "08:00")):
        if begun:
            start(house.lutetia, booking=visit, by=desk(house))
        told = ask(house, visit, item=str(visit.items[0].uuid))
        for minutes in range(5, 725, 35):
            refused = _refusal(house, visit, minutes)
            assert not why(told, minutes) or refused, f"{minutes} minutes: {why(told, minutes)}, but it can be had"
            if refused and not why(told, minutes):
                assert "still waits" in refused, f"{minutes} minutes: {refused}, of which nothing was said"


def _refusal(house: House, booking: Booking, minutes: int) -> str | None:
    def attempt() -> None:
        item = booking.items[0]
        resize_booking(house.lutetia, booking=booking, minutes=minutes, item=item, by=desk(house))

    with force_locale("en"):
        try:
            rehearse(attempt)
        except SlotUnavailable as error:
            return sentence(house.lutetia, error)
    return None


def test_one_request_is_frugal(client: PageClient, house: House) -> None:
    bookings = fill(house, 280)
    sign_in(client, house.camille)
    client.get("/v/lutetia/agenda/")
    url = f"/v/lutetia/bookings/{bookings[0].uuid}/lengths"
    client.get(url)
    with counted(db.engine) as statements:
        answer = client.get(url)
    assert answer.status_code == 200
    assert len(answer.get_data()) < 4_000
    statements.at_most(12)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("item=00000000-0000-0000-0000-000000000000", 404), ("item=%ED%A0%80", 200), ("taken=never&of=nobody", 200),
        ("taken=" + "9" * 10_000, 200),
    ],
)  # fmt: skip
def test_odd_questions(client: PageClient, house: House, book: Book, query: str, status: int) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    assert client.get(f"/v/lutetia/bookings/{booking.uuid}/lengths?{query}").status_code == status
    assert client.get(f"/v/marais/bookings/{booking.uuid}/lengths?{query}").status_code == 404


def test_the_buttons_are_told_what_stands_against_them(client: PageClient, house: House, book: Book) -> None:
    booking, _next = _hour(house, book, "10:00"), _hour(house, book, "11:00")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/{booking.uuid}?lang=en")
    for way in ("shorter", "longer"):
        assert client.page.one(f".//button[@aria-describedby='why-{way}']") is not None
        assert client.page.text_of(client.page.one(f".//p[@id='why-{way}']")) == ""
    url = client.page.one(".//div[@class='why-not']").get("hx-get", "")
    assert client.hx(url).status_code == 200
    told = {way: client.page.text_of(client.page.one(f".//p[@id='why-{way}']")) for way in ("shorter", "longer")}
    assert told == {"shorter": "", "longer": "+15 Thérèse Test is with another guest from 11:00 to 12:00."}
    assert client.get(url).status_code == 303, "nobody asks for it without JavaScript"


def test_the_plain_form_tells_the_limits(client: PageClient, house: House, book: Book) -> None:
    booking, _next = _hour(house, book, "10:00"), _hour(house, book, "12:00")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/{booking.uuid}/move?lang=en")
    [limit] = [client.page.text_of(line) for line in client.page.all(".//ul[@class='small soft limits']/li")]
    assert limit == "120 minutes at most: Thérèse Test is with another guest from 12:00 to 13:00."
