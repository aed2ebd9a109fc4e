"""Where a booking in hand cannot be put in the week of one therapist or room: each day from its own first instant."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

import pytest
from flask_babel import force_locale

from portal.bookings.errors import SlotUnavailable
from portal.bookings.moves.queries import get_taken
from portal.bookings.moves.taken import targets_asked
from portal.bookings.moving import Move, move_booking
from portal.bookings.refusals import sentence
from portal.clock import local_instant, start_of_day
from portal.database import db, rehearse
from portal.models import Booking
from tests.agenda.crowd import fill
from tests.bookings.conftest import Book, accept
from tests.bookings.test_move_booking import desk
from tests.factories import House, make_shift
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import counted

STEP = timedelta(minutes=5)


def ask(house: House, booking: Booking, **args: str) -> dict[str, Any]:
    with force_locale("en"):
        return targets_asked(house.lutetia, get_taken(house.lutetia, booking.uuid), {"day": str(house.day), **args})


def why(house: House, board: dict[str, Any], clock: str, days: int = 0) -> str | None:
    """What is said against that start of that day."""
    day = house.day + timedelta(days=days)
    step = (house.at(clock, days=days) - datetime.fromisoformat(board["origin"])) // STEP
    found = (number for first, last, number in board["columns"][str(day)] if first <= step <= last)
    number = next(found, None)
    return None if number is None else board["reasons"][number]


def test_seven_days_of_her_own(house: House, book: Book) -> None:
    booking, other = book("10:00"), book("12:00", starts_at=house.at("12:00", days=1))
    for one in (booking, other):
        accept(house, one, house.therese)
    her = str(house.therese.uuid)

    board = ask(house, booking, week=her, of=her)

    assert list(board["columns"]) == [str(house.day + timedelta(days=number)) for number in range(7)]
    assert why(house, board, "10:00") is None
    assert why(house, board, "15:00", days=1) is None
    assert why(house, board, "12:30", days=1) == "Thérèse Test is with another guest from 12:00 to 13:00."
    assert (why(house, board, "03:00", days=1) or "").startswith("This is outside the opening hours")


def test_the_week_of_a_room(house: House, book: Book) -> None:
    booking, other = book("10:00"), book("12:00", starts_at=house.at("12:00", days=1))
    accept(house, booking, house.therese)
    move_booking(house.lutetia, booking=other, move=Move(room=house.rooms[1]), by=desk(house))
    board = ask(house, booking, week=str(house.rooms[1].uuid), by="room")
    assert why(house, board, "10:00") is None
    assert why(house, board, "12:30", days=1) == "Cabine 2 is taken from 12:00 to 13:00."


def test_what_it_allows_and_forbids_is_what_the_move_says(house: House, book: Book) -> None:
    booking, other = book("10:00"), book("14:00", starts_at=house.at("14:00", days=5))
    accept(house, booking, house.therese)
    accept(house, other, house.therese)
    her = str(house.therese.uuid)
    board = ask(house, booking, day=str(house.day + timedelta(days=4)), week=her, of=her)
    assert (why(house, board, "10:00", days=7) or "").startswith("Thérèse Test is not on shift then")
    for days in range(4, 9):
        for hour in range(8, 21, 2):
            clock = f"{hour:02}:15"
            refused = _refusal(house, booking, Move(starts_at=house.at(clock, days=days)))
            assert why(house, board, clock, days) == refused, f"{clock}, {days} days on"


def _refusal(house: House, booking: Booking, move: Move) -> str | None:
    def attempt() -> None:
        move_booking(house.lutetia, booking=booking, move=move, by=desk(house))

    with force_locale("en"):
        try:
            rehearse(attempt)
        except SlotUnavailable as error:
            return sentence(house.lutetia, error)
    return None


def test_over_a_change_of_the_clock(house: House, book: Book) -> None:
    """The Sunday of a spring has an hour less: what follows it stands where its own wall clock says."""
    sunday = date(house.day.year + 1, 3, 31)
    sunday -= timedelta(days=sunday.isoweekday() % 7)
    monday = sunday + timedelta(days=1)
    for day in (sunday, monday):
        make_shift(house.lutetia, house.therese, day)
    booking = book("10:00")
    accept(house, booking, house.therese)
    her = str(house.therese.uuid)
    board = ask(house, booking, day=str(sunday), week=her, of=her)
    origin = start_of_day(sunday, house.lutetia.timezone)
    assert board["origin"] == origin.isoformat()
    for day in (sunday, monday):
        opens = (start_of_day(day, house.lutetia.timezone), _at(house, day, 9))
        [first, *_rest] = board["columns"][str(day)]
        assert first[:2] == [(opens[0] - origin) // STEP, (opens[1] - origin) // STEP - 1]


def _at(house: House, day: date, hour: int) -> datetime:
    return local_instant(datetime.combine(day, clock_time(hour)), house.lutetia.timezone)


@pytest.mark.parametrize("by", ["therapist", "room"])
def test_one_request_is_frugal(client: PageClient, house: House, by: str) -> None:
    bookings = fill(house, 280)
    sign_in(client, house.camille)
    client.get("/v/lutetia/agenda/")
    whose = house.rooms[0].uuid if by == "room" else house.therese.uuid
    url = f"/v/lutetia/bookings/{bookings[0].uuid}/targets?day={house.day}&by={by}&week={whose}"
    client.get(url)
    with counted(db.engine) as statements:
        answer = client.get(url)
    assert answer.status_code == 200
    assert len(answer.get_data()) < 40_000
    statements.at_most(12)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("week=x", 404), ("week=%ED%A0%80", 404), ("week=00000000-0000-4000-8000-00000000abcd", 404),
        ("week=&day=2100-12-31", 200),
        ("day=2100-12-31&week={her}", 200), ("day=2000-01-01&week={her}", 200), ("week={her}&by=room", 404),
        ("week={eve}", 404),
    ],
)  # fmt: skip
def test_odd_questions(client: PageClient, house: House, book: Book, query: str, status: int) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    asked = query.format(her=house.therese.uuid, eve=house.eve.uuid)
    assert client.get(f"/v/lutetia/bookings/{booking.uuid}/targets?{asked}").status_code == status
