"""The Today board: where each visit stands, what comes next, in how few clicks and statements."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from portal.bookings.payment import record_payment, settle
from portal.bookings.service import cancel_booking
from portal.bookings.visit import check_in, finish, mark_no_show, start
from portal.clock import frozen
from portal.models import Booking
from tests.bookings.conftest import Book, accept, partner
from tests.bookings.visits import MINUTE, camille, fresh
from tests.factories import House, make_customer, make_member, make_room, make_shift
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.statements import Statements

URL = "/v/lutetia/today"


@pytest.fixture
def desk(client: PageClient, house: House, at_ten: None) -> PageClient:
    """Camille's browser, a few minutes after ten."""
    sign_in(client, house.camille)
    return client


def test_a_visit_goes_through_the_columns(desk: PageClient, house: House, visit: Booking) -> None:
    assert _column(desk, visit) == "expected"
    check_in(house.lutetia, booking=visit, by=camille(house))
    assert _column(desk, visit) == "arrived"
    start(house.lutetia, booking=visit, by=camille(house))
    assert _column(desk, visit) == "treated"
    finish(house.lutetia, booking=visit, by=camille(house))
    assert _column(desk, visit) == "to_settle"
    settle(house.lutetia, booking=visit, method="cash", by=camille(house))
    assert _column(desk, visit) == "done"


def test_what_a_card_tells(desk: PageClient, house: House, visit: Booking) -> None:
    desk.get(URL)
    text = _text(desk, visit)
    for word in ("10:00–11:00", "Hélène Dupont", "Relaxing massage", house.therese.name, "Cabine 1", "Late, 5 min"):
        assert word in text
    assert "is-late" in (desk.page.one(_at(visit)).get("class") or "")


def test_minutes_are_counted_from_the_arrival(desk: PageClient, house: House, visit: Booking) -> None:
    with frozen(visit.starts_at - 7 * MINUTE):
        check_in(house.lutetia, booking=visit, by=camille(house))
    desk.get(URL)
    assert "waits 12 min" in _text(desk, visit)
    assert "Late" not in _text(desk, visit)


def test_headings_count_and_say_who_is_late(desk: PageClient, house: House, visit: Booking, book: Book) -> None:
    book("11:00")
    desk.get(URL)
    heading = desk.page.text_of(desk.page.one(".//*[@id='column-expected-title']"))
    assert "2" in heading
    assert "1 late" in heading
    ways = [way.get("href", "")[1:] for way in desk.page.all(".//nav[@class='board-ways']/a")]
    columns = [column.get("id") for column in desk.page.all(".//*[@id='board']/section")]
    assert ways == columns, "on a phone one tap leads to each column"


@pytest.mark.parametrize(
    ("button", "status", "arrived"),
    [("Arrived", "confirmed", True), ("No-show", "noshow", False)],
)
def test_each_step_is_one_form(
    desk: PageClient, house: House, visit: Booking, button: str, status: str, arrived: bool
) -> None:
    desk.get(URL)
    answer = _press(desk, visit, button)
    assert (answer.status_code, answer.location) == (303, URL)
    now = fresh(visit)
    assert (now.status, now.arrived_at is not None) == (status, arrived)


def test_to_the_end_one_click_after_the_other(desk: PageClient, visit: Booking) -> None:
    for button in ("Arrived", "Start", "Finish"):
        desk.get(URL)
        _press(desk, visit, button)
    desk.get(URL)
    assert "€95.00: Card at the desk" in _text(desk, visit)
    _press(desk, visit, "€95.00")
    assert (fresh(visit).status, fresh(visit).payment_status) == ("completed", "paid")


def test_with_htmx_the_board_is_the_answer(desk: PageClient, visit: Booking) -> None:
    desk.get(URL)
    answer = desk.hx(f"{URL}/{visit.uuid}/arrived", method="POST")
    assert answer.status_code == 200
    toast = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert toast["message"] == "Hélène Dupont has arrived."
    assert toast["undo"].endswith("/undo")
    assert desk.page.all(f".//section[@id='column-arrived']//li[@data-booking='{visit.uuid}']")


def test_a_couple_may_arrive_one_by_one(desk: PageClient, couple: Booking) -> None:
    desk.get(URL)
    assert "Both arrived" in _text(desk, couple)
    _press(desk, couple, "Only Léa Martin")
    now = fresh(couple)
    assert [one.arrived_at is not None for one in now.participants] == [True, False]
    desk.get(URL)
    assert _column(desk, couple) == "arrived"
    _press(desk, couple, "guest 2 too")
    assert all(one.arrived_at for one in fresh(couple).participants)


@pytest.mark.parametrize("participant", ["x", "\x00", "00000000-0000-0000-0000-000000000000", "9" * 5000])
def test_a_guest_who_is_none_is_not_found(desk: PageClient, couple: Booking, participant: str) -> None:
    desk.get(URL)
    data = {"participant": participant, "csrf_token": desk.page.csrf_token}
    assert desk.post(f"{URL}/{couple.uuid}/arrived", data=data).status_code == 404
    assert fresh(couple).arrived_at is None


def test_before_the_start_no_show_is_refused_in_words(desk: PageClient, book: Book) -> None:
    booking = book("11:00")
    desk.get(URL)
    assert "No-show" not in _text(desk, booking)
    answer = desk.hx(f"{URL}/{booking.uuid}/no-show", method="POST")
    assert answer.status_code == 409
    assert "It is too early for that: the visit begins at 11:00." in answer.headers["HX-Trigger"]
    assert fresh(booking).status == "pending"


def test_unsettled_visits_of_past_days_stand_there_too_oldest_first(
    desk: PageClient, house: House, book: Book, visit: Booking
) -> None:
    older = [book("12:00", starts_at=house.at("12:00", days=days)) for days in (1, 2)]
    for one in older:
        accept(house, one, house.therese)
    paid = book("15:00", payment_status="paid", starts_at=house.at("15:00", days=1))
    accept(house, paid, house.therese)
    with frozen(house.at("09:00", days=3)):
        sign_in(desk, house.camille)
        desk.get(URL)
        places = [item.get("data-booking") for item in desk.page.all(".//section[@id='column-to_settle']//li")]
        assert places == [str(visit.uuid), *(str(one.uuid) for one in older)]
        _press(desk, visit, "€95.00")
        assert fresh(visit).payment_status == "paid"
        desk.get(URL)
        assert not desk.page.all(_at(visit))


def test_cancelled_ones_are_gone_and_no_shows_stay_to_be_seen(
    desk: PageClient, house: House, visit: Booking, book: Book
) -> None:
    gone = book("10:00")
    cancel_booking(house.lutetia, booking=gone, reason="Ill", cancelled_by="partner", by=partner(house))
    mark_no_show(house.lutetia, booking=visit, by=camille(house))
    desk.get(URL)
    assert not desk.page.all(_at(gone))
    assert _column(desk, visit) == "done"
    assert "Cabine 1" in _text(desk, visit), "where the guest was expected is still told"


def test_the_deposit_is_part_of_what_is_left(desk: PageClient, house: House, visit: Booking) -> None:
    record_payment(house.lutetia, booking=visit, kind="payment", amount_minor=4500, method="cash", by=camille(house))
    finish_at_once(house, visit)
    desk.get(URL)
    assert "€50.00" in _text(desk, visit)


def test_another_day_is_in_the_address(desk: PageClient, house: House, visit: Booking) -> None:
    tomorrow = house.day + timedelta(days=1)
    desk.get(f"{URL}?day={tomorrow}")
    assert not desk.page.all(_at(visit))
    assert "Nobody is expected any more." in desk.page.text
    for wrong in ("2026-13-01", "x", "9" * 5000, "1999-12-31"):
        assert desk.get(f"{URL}?day={wrong}").status_code == 404


def test_who_may_not_see_it(client: PageClient, house: House) -> None:
    for who, status in (("therese", 403), ("eve", 404)):
        sign_in(client, getattr(house, who))
        assert client.get(URL).status_code == status


def test_twelve_statements_however_full_the_day_is(
    desk: PageClient, house: House, book: Book, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    few = _statements(desk, statements)
    for number in range(6):
        make_room(house.lutetia, house.rooms[0].room_type, name=f"Salle {number}")
        make_shift(house.lutetia, make_member(house.organisation, house.lutetia), house.day)
    for number in range(24):
        guest = make_customer(house.organisation, last_name=f"Guest {number}")
        booking = book(f"{11 + number // 4}:00", customer=guest)
        offer = booking.item.offers[number % len(booking.item.offers)]
        accept(house, booking, offer.member)
    assert _statements(desk, statements) <= max(few, 12) <= 12


def finish_at_once(house: House, booking: Booking) -> None:
    start(house.lutetia, booking=booking, by=camille(house))
    finish(house.lutetia, booking=booking, by=camille(house))


def _statements(desk: PageClient, statements: Callable[[], AbstractContextManager[Statements]]) -> int:
    desk.get(URL)
    with statements() as sent:
        desk.get(URL)
    return len(sent)


def _at(booking: Booking) -> str:
    return f".//li[@data-booking='{booking.uuid}']"


def _text(desk: PageClient, booking: Booking) -> str:
    return desk.page.text_of(desk.page.one(_at(booking)))


def _press(desk: PageClient, booking: Booking, button: str) -> TestResponse:
    """Press the button of the card that begins with these words; AssertionError unless there is one."""
    forms = desk.page.all(f"{_at(booking)}//form")
    found = [form for form in forms if desk.page.text_of(form).startswith(button)]
    assert len(found) == 1, [desk.page.text_of(form) for form in forms]
    return desk.send(found[0])


def _column(desk: PageClient, booking: Booking) -> str:
    desk.get(URL)
    found = [
        section.get("id") or ""
        for section in desk.page.all(".//section")
        if any(item.get("data-booking") == str(booking.uuid) for item in section.iter("li"))
    ]
    assert len(found) == 1, found
    return found[0].removeprefix("column-")
