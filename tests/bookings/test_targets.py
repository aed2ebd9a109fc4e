"""Where a booking in hand cannot be put: the same as the move itself would say, and fast."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask_babel import force_locale

from portal.bookings.errors import SlotUnavailable
from portal.bookings.moves.queries import get_taken
from portal.bookings.moves.taken import targets_asked
from portal.bookings.moving import Move, move_booking
from portal.bookings.refusals import sentence
from portal.bookings.visit import start
from portal.clock import frozen, start_of_day
from portal.database import atomic, db
from portal.models import Booking
from tests.agenda.crowd import fill
from tests.bookings.conftest import Book, accept
from tests.bookings.test_move_booking import chain, desk
from tests.factories import House, make_member, make_room, make_shift, make_treatment, qualify
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import counted

STEP = timedelta(minutes=5)
ROOM_WORDS = {"Cabine 1 has room for one guest only.", "Cabine 2 has room for one guest only."}


def ask(house: House, booking: Booking, **args: str) -> dict[str, Any]:
    with force_locale("en"):
        return targets_asked(house.lutetia, get_taken(house.lutetia, booking.uuid), {"day": str(house.day), **args})


def why(house: House, board: dict[str, Any], column: object, clock: str, table: str = "columns") -> str | None:
    """What is said against that start in that column."""
    step = (house.at(clock) - start_of_day(house.day, house.lutetia.timezone)) // STEP
    found = (number for first, last, number in board[table][str(column)] if first <= step <= last)
    number = next(found, None)
    return None if number is None else board["reasons"][number]


def test_reasons_by_therapist(house: House, book: Book) -> None:
    facial = make_treatment(house.lutetia, name="Soin du visage")
    ines = make_member(house.organisation, house.lutetia, first_name="Inès")
    make_shift(house.lutetia, ines, house.day)
    qualify(ines, facial)
    booking, other = book("10:00"), book("12:00")
    accept(house, booking, house.therese)
    accept(house, other, house.marc)

    board = ask(house, booking, of=str(house.therese.uuid))

    assert why(house, board, house.therese.uuid, "10:00") is None
    assert why(house, board, house.therese.uuid, "12:00") is None
    assert why(house, board, house.marc.uuid, "11:00") is None
    assert why(house, board, house.marc.uuid, "11:05") == "Marc Test is with another guest from 12:00 to 13:00."
    assert why(house, board, house.marc.uuid, "13:00") is None
    assert why(house, board, ines.uuid, "10:00") == "Inès Test does not do this treatment."
    assert (why(house, board, house.marc.uuid, "19:05") or "").startswith("This is outside the opening hours")
    assert board["at"] == 120
    assert board["length"] == 12
    assert "alone" not in board


def test_reasons_by_room(house: House, book: Book) -> None:
    booking, other = book("10:00"), book("12:00")
    move_booking(house.lutetia, booking=other, move=Move(room=house.rooms[1]), by=desk(house))
    hammam = make_room(house.lutetia, name="Hammam")

    board = ask(house, booking, by="room")

    assert why(house, board, house.rooms[0].uuid, "12:00") is None
    assert why(house, board, house.rooms[1].uuid, "12:30") == "Cabine 2 is taken from 12:00 to 13:00."
    assert why(house, board, house.rooms[1].uuid, "13:00") is None
    assert why(house, board, hammam.uuid, "15:00") == "Hammam is not a room for this treatment."


def test_a_room_that_is_too_small_or_of_another_kind(house: House, book: Book) -> None:
    couple = book("10:00", variant=house.duo, guest_count=2, price_minor=18000)
    board = ask(house, couple, by="room")
    assert {why(house, board, room.uuid, "14:00") for room in house.rooms} == ROOM_WORDS
    assert why(house, board, house.duo_room.uuid, "14:00") is None


def test_what_is_past_and_what_has_begun(house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    with frozen(house.at("10:12")):
        board = ask(house, booking)
        assert why(house, board, house.therese.uuid, "10:00") is None, "where it stands it may stay"
        assert why(house, board, house.therese.uuid, "09:30") == "This time is over, or too soon to be booked."
        assert why(house, board, house.therese.uuid, "10:10") is None
        start(house.lutetia, booking=booking, by=desk(house))
        board = ask(house, booking)
        assert why(house, board, house.marc.uuid, "10:00") is None
        assert why(house, board, house.therese.uuid, "11:00") == (
            "The treatment has begun: it can change its therapist or its room, not its time."
        )


def test_a_chain_moves_as_one_and_its_treatments_alone(house: House, book: Book) -> None:
    booking = chain(house)
    other = book("15:00")
    accept(house, other, house.marc)
    board = ask(house, booking, of=str(house.therese.uuid), taken=house.at("10:00").isoformat())
    # The hour would fit from 14:00 on; the half hour that follows it goes to him too, and would not.
    assert why(house, board, house.marc.uuid, "14:00") == "Marc Test is with another guest from 15:00 to 16:00."
    assert why(house, board, house.marc.uuid, "14:00", "alone") is None
    assert why(house, board, house.therese.uuid, "14:00") is None
    second = ask(house, booking, taken=house.at("11:00").isoformat())
    assert second["item"] == str(booking.items[1].uuid)
    assert second["length"] == 6


def test_where_nobody_is_left(house: House, book: Book) -> None:
    booking = book("10:00")
    for member in (house.therese, house.marc):
        accept(house, book("14:00"), member)
    board = ask(house, booking, by="room")
    assert why(house, board, house.duo_room.uuid, "14:00") == (
        "No qualified therapist is free: Thérèse Test is busy from 14:00 to 15:00."
    )
    assert why(house, board, house.duo_room.uuid, "15:00") is None


def test_what_it_allows_and_forbids_is_what_the_move_says(house: House, book: Book) -> None:
    """Every quarter of an hour in each column, against the verb itself: what is forbidden here is refused there."""
    booking, other, waiting = book("10:00"), book("12:00"), book("16:00")
    accept(house, booking, house.therese)
    accept(house, other, house.marc)
    board = ask(house, booking, of=str(house.therese.uuid))
    assert waiting.status == "pending"
    for member in (house.therese, house.marc):
        for quarter in range(40):
            at = house.at("09:00") + quarter * 3 * STEP
            step = (at - start_of_day(house.day, house.lutetia.timezone)) // STEP
            told = [
                board["reasons"][n] for first, last, n in board["columns"][str(member.uuid)] if first <= step <= last
            ]
            refused = _refusal(house, booking, Move(starts_at=at, therapist=member))
            assert not told or refused is not None, f"{member.first_name} {at:%H:%M}: {told}, but it can be had"
            if refused and not told:
                assert "still waits" in refused, f"{member.first_name} {at:%H:%M}: {refused}, of which nothing was said"


class _BackAgain(Exception):
    pass


def _refusal(house: House, booking: Booking, move: Move) -> str | None:
    """What the verb says, which is then taken back."""

    @atomic
    def attempt() -> None:
        move_booking(house.lutetia, booking=booking, move=move, by=desk(house))
        raise _BackAgain

    try:
        with force_locale("en"):
            attempt()
    except SlotUnavailable as error:
        with force_locale("en"):
            return sentence(house.lutetia, error)
    except _BackAgain:
        return None
    return None


@pytest.mark.parametrize("by", ["therapist", "room"])
def test_one_request_is_frugal(client: PageClient, house: House, by: str) -> None:
    bookings = fill(house, 280)
    sign_in(client, house.camille)
    client.get("/v/lutetia/agenda/")
    url = f"/v/lutetia/bookings/{bookings[0].uuid}/targets?day={house.day}&by={by}"
    client.get(url)
    with counted(db.engine) as statements:
        answer = client.get(url)
    assert answer.status_code == 200
    assert len(answer.get_data()) < 40_000
    statements.at_most(12)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("day=2026-02-30", 404), ("day=gestern", 404), ("day=9999-12-31", 404), ("day=%00", 404),
        ("item=00000000-0000-0000-0000-000000000000", 404), ("item=%ED%A0%80", 200), ("taken=never&of=nobody", 200),
        ("taken=" + "9" * 10_000, 200), ("by=moon", 200),
    ],
)  # fmt: skip
def test_odd_questions(client: PageClient, house: House, book: Book, query: str, status: int) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    assert client.get(f"/v/lutetia/bookings/{booking.uuid}/targets?{query}").status_code == status
    assert client.get(f"/v/marais/bookings/{booking.uuid}/targets?{query}").status_code == 404
