"""The steps of a visit and the till in the booking's panel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
from werkzeug.test import TestResponse

from portal.clock import frozen
from portal.models import Booking
from portal.payments.queries import lines_of
from tests.bookings.conftest import Book
from tests.bookings.visits import couple, fresh, visit
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

__all__ = ["couple", "visit"]

TYPED = {"kind": "payment", "amount": "45,00", "method": "cash", "note": ""}


@pytest.fixture
def desk(client: PageClient, house: House) -> Iterator[PageClient]:
    """Camille's browser, five minutes after ten."""
    with frozen(house.at("10:00") + timedelta(minutes=5)):
        sign_in(client, house.camille)
        yield client


def test_from_the_panel_each_step_is_one_click(desk: PageClient, visit: Booking) -> None:
    desk.get(_url(visit))
    assert "Late, 5 min" in desk.page.text
    assert [desk.page.text_of(form) for form in _steps(desk)] == ["Arrived", "Start", "No-show"]
    for button, status in (("Arrived", "confirmed"), ("Start", "ongoing"), ("Finish", "completed")):
        desk.get(_url(visit))
        answer = _press(desk, button)
        assert answer.status_code == 303
        assert str(answer.location).endswith(f"booking={visit.uuid}")
        assert fresh(visit).status == status
    desk.get(_url(visit))
    assert _steps(desk) == []


def test_no_show_and_its_word_in_the_history(desk: PageClient, visit: Booking) -> None:
    desk.get(_url(visit))
    _press(desk, "No-show")
    assert fresh(visit).status == "noshow"
    desk.get(_url(visit))
    assert "The guest did not come" in desk.page.text


def test_one_of_a_couple(desk: PageClient, couple: Booking) -> None:
    desk.get(_url(couple))
    texts = [desk.page.text_of(form) for form in _steps(desk)]
    assert texts == ["Both arrived", "Start", "No-show", "Only Léa Martin", "Only guest 2"]
    _press(desk, "Only guest 2")
    assert [one.arrived_at is not None for one in fresh(couple).participants] == [False, True]
    desk.get(_url(couple))
    _press(desk, "Léa Martin too")
    assert all(one.arrived_at for one in fresh(couple).participants)


def test_a_visit_of_another_day_has_no_steps(desk: PageClient, house: House, book: Book) -> None:
    booking = book("10:00", starts_at=house.at("10:00", days=2))
    desk.get(_url(booking))
    assert _steps(desk) == []
    assert desk.hx(f"{_url(booking)}/arrived", method="POST").status_code == 409
    assert fresh(booking).arrived_at is None
    reason = "Arrival and treatment can be noted from"
    assert [text[: len(reason)] for text in _reasons(desk).values()] == [reason] * 3
    assert [bool(line.get("hidden") is None) for line in desk.page.all(".//*[@data-no-step]")] == [True, False, False]


def test_a_step_that_cannot_be_taken_says_why(desk: PageClient, visit: Booking, house: House, book: Book) -> None:
    desk.get(_url(visit))
    begin_first = "Please start the treatment first, or finish it from 11:00 on."
    assert _reasons(desk) == {"f": begin_first}
    _press(desk, "Arrived")
    desk.get(_url(visit))
    assert _reasons(desk) == {"a": "The guest is here already, since 10:05.", "f": begin_first}
    _press(desk, "Start")
    desk.get(_url(visit))
    here, begun = "The guest is here already, since 10:05.", "The treatment has begun already."
    assert _reasons(desk) == {"a": here, "s": begun}
    _press(desk, "Finish")
    desk.get(_url(visit))
    assert _reasons(desk) == dict.fromkeys("asf", "This visit is over.")
    with frozen(house.at("08:00")):
        asked = book("12:00")
    desk.get(_url(asked))
    assert _reasons(desk) == dict.fromkeys("sf", "No therapist has this booking yet. Please assign one first.")


def test_all_of_it_in_one_click(desk: PageClient, house: House, visit: Booking) -> None:
    desk.get(_url(visit))
    _press(desk, "Hotel room bill")
    assert fresh(visit).payment_status == "charged_to_room"
    desk.get(_url(visit))
    assert "Charged to the room" in desk.page.text
    _press(desk, "Void")
    assert fresh(visit).payment_status == "pending"
    desk.get(_url(visit))
    assert f"Voided by {house.camille.name}" in desk.page.text
    assert "Voided in the ledger: €95.00" in desk.page.text


@pytest.mark.parametrize(("typed", "minor"), [("45", 4500), ("45,5", 4550), ("45.50", 4550), (" 45,50 ", 4550)])
def test_an_amount_as_people_write_it(desk: PageClient, house: House, visit: Booking, typed: str, minor: int) -> None:
    desk.get(_url(visit))
    assert desk.send(_till_form(desk), {**TYPED, "amount": typed}).status_code == 303
    assert [line.amount_minor for line in lines_of(house.lutetia, visit)] == [minor]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"amount": ""}, "Please enter an amount"),
        ({"amount": "ten"}, "Please enter an amount"),
        ({"amount": "-5"}, "Please enter an amount"),
        ({"amount": "1.234"}, "Please enter an amount"),
        ({"amount": "9" * 5000}, "Please enter an amount"),
        ({"amount": "١٢"}, "Please enter an amount"),
        ({"amount": "NaN"}, "Please enter an amount"),
        ({"amount": "\x00"}, "Please enter an amount"),
        ({"amount": "0"}, "Please enter an amount above zero."),
        ({"amount": "95.01"}, "That is more than is left to pay: €95.00."),
        ({"amount": "999999999"}, "That is more than is left to pay: €95.00."),
        ({"kind": "refund"}, "Nothing was paid here that could be refunded."),
        ({"kind": "deposit_kept"}, "No deposit is held for this booking."),
        ({"kind": "gift"}, "Please choose what is entered."),
        ({"method": "9" * 5000}, "Please choose how it is paid."),
        ({"note": "x" * 10_000}, "Please use at most 300 characters."),
    ],
    ids=lambda wrong: str(wrong)[:30],
)
def test_what_is_not_right_comes_back_with_its_sentence(
    desk: PageClient, house: House, visit: Booking, wrong: dict[str, str], says: str
) -> None:
    desk.get(_url(visit))
    answer = desk.send(_till_form(desk), {**TYPED, "note": "Amex", **wrong})
    assert answer.status_code == 422
    assert says in desk.page.text
    name = "amount" if wrong.get("kind") in {"refund", "deposit_kept"} else next(iter(wrong))
    field = next(field for field in _till_form(desk).iter() if field.get("name") == name)
    assert field.get("aria-invalid") == "true"
    if name != "note":
        note = next(field for field in _till_form(desk).iter() if field.get("name") == "note")
        assert note.get("value") == "Amex"
    assert lines_of(house.lutetia, visit) == []


def test_the_answer_to_one_form_is_the_start_of_the_next(desk: PageClient, visit: Booking) -> None:
    desk.get(_url(visit))
    desk.hx(f"{_url(visit)}/payments", method="POST", data={**TYPED, "version": visit.version})
    assert _fields(desk, "payment-version", "booking-version") == {str(fresh(visit).version)}
    assert _fields(desk, "payment-amount") == {""}
    desk.hx(f"{_url(visit)}/resize", method="POST", data={"delta": "15", "version": fresh(visit).version})
    assert _fields(desk, "payment-version", "booking-version") == {str(fresh(visit).version)}


def test_a_second_send_of_the_same_form_is_not_a_second_payment(desk: PageClient, house: House, visit: Booking) -> None:
    desk.get(_url(visit))
    form = _till_form(desk)
    desk.send(form, TYPED)
    assert desk.send(form, TYPED).status_code == 409
    assert len(lines_of(house.lutetia, fresh(visit))) == 1


def test_a_hotel_only_has_room_bills(desk: PageClient, house: House, visit: Booking) -> None:
    house.lutetia.venue_type = "spa"
    desk.get(_url(visit))
    assert "Hotel room bill" not in desk.page.text_of(desk.page.one(".//*[@id='panel-ledger']"))
    answer = desk.hx(f"{_url(visit)}/settle", method="POST", data={"method": "room"})
    assert answer.status_code == 422
    assert lines_of(house.lutetia, visit) == []


@pytest.mark.parametrize(("wording", "word"), [("arrhes", "Deposit taken"), ("acompte", "Down payment taken")])
def test_a_deposit_has_the_venues_name(desk: PageClient, house: House, visit: Booking, wording: str, word: str) -> None:
    house.lutetia.deposit_wording = wording
    desk.get(_url(visit))
    desk.send(_till_form(desk), {**TYPED, "kind": "deposit_taken"})
    desk.get(_url(visit))
    assert word in desk.page.text_of(desk.page.one(".//*[@id='panel-ledger']"))
    _press(desk, "Cash")
    assert [line.kind for line in lines_of(house.lutetia, fresh(visit))] == [
        "deposit_taken",
        "deposit_applied",
        "payment",
    ]


@pytest.mark.parametrize("step", ["arrived", "start", "finish", "no-show", "settle", "payments"])
@pytest.mark.parametrize(("who", "status"), [("therese", 403), ("eve", 404)])
def test_who_may_not(desk: PageClient, house: House, visit: Booking, step: str, who: str, status: int) -> None:
    desk.get(_url(visit))
    token = desk.page.csrf_token
    sign_in(desk, getattr(house, who))
    answer = desk.post(f"{_url(visit)}/{step}", data={**TYPED, "csrf_token": token})
    assert answer.status_code == status
    assert (fresh(visit).status, fresh(visit).arrived_at) == ("confirmed", None)


def _steps(desk: PageClient) -> list[Element]:
    return desk.page.all(".//div[@class='actions steps']/form")


def _till_form(desk: PageClient) -> Element:
    return desk.page.one(".//details[@class='fold till']//form[@class='form is-till']")


def _press(desk: PageClient, button: str) -> TestResponse:
    """Press the button of the panel with exactly this text."""
    found = [form for form in desk.page.all(".//main//form") if desk.page.text_of(form) == button]
    assert len(found) == 1, [desk.page.text_of(form) for form in desk.page.all(".//main//form")]
    return desk.send(found[0])


def _url(booking: Booking) -> str:
    return f"/v/lutetia/bookings/{booking.uuid}"


def _fields(desk: PageClient, *names: str) -> set[str]:
    """What stands in the inputs with these ids."""
    return {desk.page.one(f".//input[@id='{name}']").get("value", "") for name in names}


def _reasons(client: PageClient) -> dict[str, str]:
    """Why not, by key."""
    return {line.get("data-no-step", ""): client.page.text_of(line) for line in client.page.all(".//*[@data-no-step]")}
