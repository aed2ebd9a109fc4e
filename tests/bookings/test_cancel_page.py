"""Cancelling from the desk: the form, who may send it, and what happens when somebody was faster."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from portal.audit import Actor
from portal.bookings.service import cancel_booking
from portal.clock import frozen
from portal.database import db
from portal.models import Booking
from tests.bookings.conftest import Book, accept
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

FORM = ".//main//form[@class='form']"
WHY = {"reason": "La cliente a la grippe."}


@pytest.mark.parametrize("who", ["camille", "maud", "ada"])
def test_the_desk_cancels_with_a_reason(client: PageClient, house: House, book: Book, who: str) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    sign_in(client, getattr(house, who))

    client.get(_url(booking))
    answer = client.submit(FORM, WHY)

    assert answer.status_code == 303
    client.get(answer.location)
    assert f"Booking no. {booking.number} is cancelled." in client.page.text
    assert (booking.status, booking.cancelled_by) == ("cancelled", "staff")
    assert booking.cancellation_reason == "La cliente a la grippe."
    assert booking.events[-1].actor_name == getattr(house, who).name
    assert booking.events[-1].door == "agenda"
    assert client.page.all(FORM) == []


def test_the_cancel_form_stands_in_the_agendas_panel_too(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/agenda/{house.day}?by=room&booking={booking.uuid}")
    answer = client.submit(".//form[@class='form']", WHY)
    assert answer.location == f"/v/lutetia/agenda/{house.day}?by=room&booking={booking.uuid}"


def test_with_htmx_the_panel_is_drawn_again_and_the_grid_told(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    client.get(_url(booking))
    sent = {"reason": "Grippe", "refund_percent": "100", "version": str(booking.version)}
    answer = client.hx(f"{_url(booking)}/cancel", method="POST", data=sent)
    events = json.loads(answer.headers["HX-Trigger"])
    assert answer.status_code == 200
    assert f"changed:agenda:{house.day}" in events
    assert str(booking.number) in events["toast"]["message"]
    assert "Grippe" in client.page.text


def test_everything_goes_back_unless_the_desk_decides_otherwise(client: PageClient, house: House, book: Book) -> None:
    house.lutetia.cancellation_tiers = [{"max_hours": 48, "min_hours": 0, "refund_percent": 50}]
    db.session.commit()
    full, part = (book(clock, payment_status="paid") for clock in ("10:00", "12:00"))
    sign_in(client, house.camille)

    client.get(_url(full, lang="en"))
    assert "By the venue's terms it would be 50%: €47.50 back, €47.50 kept." in client.page.text
    assert client.page.one(".//input[@name='refund_percent']").get("value") == "100"
    client.submit(FORM, WHY)
    assert (full.cancellation_refund_percent, full.cancellation_fee_minor) == (100, 0)

    client.get(_url(part))
    client.submit(FORM, {**WHY, "refund_percent": "30"})
    assert (part.cancellation_refund_percent, part.cancellation_fee_minor) == (30, 6650)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"reason": "   \n "},
        {"reason": "x" * 501},
        {"reason": "\x00\x07"},
        {"refund_percent": "101"},
        {"refund_percent": "-1"},
        {"refund_percent": ""},
        {"refund_percent": "ten"},
        {"refund_percent": "9" * 5000},
        {"refund_percent": "1.5"},
    ],
    ids=lambda wrong: f"{next(iter(wrong))}-{next(iter(wrong.values()))[:8]!r}",
)
def test_a_form_that_is_not_right_comes_back_with_what_was_typed(
    client: PageClient, house: House, book: Book, wrong: dict[str, str]
) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    client.get(_url(booking))
    answer = client.submit(FORM, {**WHY, **wrong})
    assert answer.status_code == 422
    assert booking.status == "pending"
    name = next(iter(wrong))
    field = next(field for field in client.page.one(FORM).iter() if field.get("name") == name)
    assert field.get("aria-invalid") == "true"
    assert client.page.one(".//details[@class='cancel']").get("open") is not None
    if name == "refund_percent":
        assert client.page.text_of(client.page.one(".//textarea")) == WHY["reason"]


def test_what_no_keyboard_types_is_left_out(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    client.get(_url(booking))
    assert client.submit(FORM, {"reason": " Gri\x00ppe\x1b\n "}).status_code == 303
    assert booking.cancellation_reason == "Grippe"


def test_five_hundred_characters_of_any_script_are_enough(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    client.get(_url(booking))
    assert client.submit(FORM, {"reason": "é漢😀\r\n" * 125}).status_code == 303
    assert booking.status == "cancelled"


def test_a_change_since_the_page_was_drawn_is_shown_first(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    client.get(_url(booking))
    form = client.page.one(FORM)
    accept(house, booking, house.therese)

    answer = client.send(form, WHY, headers={"Referer": f"http://localhost{_url(booking)}"})
    assert (answer.status_code, answer.location) == (303, _url(booking))
    client.get(answer.location)
    assert "Somebody has changed this booking in the meantime." in client.page.text
    assert booking.status == "confirmed"

    sent = {**WHY, "refund_percent": "100", "version": "1"}
    late = client.hx(f"{_url(booking)}/cancel", method="POST", data=sent)
    assert late.status_code == 409
    events = json.loads(late.headers["HX-Trigger"])
    assert "stale" in events
    assert booking.status == "confirmed"


def test_a_second_cancellation_is_told_kindly_and_changes_nothing(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    client.get(_url(booking))
    form = client.page.one(FORM)
    client.send(form, WHY)
    at = booking.cancelled_at

    again = client.send(form, {"reason": "encore"})
    assert again.status_code == 409
    assert "This booking can no longer be cancelled." in client.page.text
    assert (booking.cancelled_at, booking.cancellation_reason) == (at, WHY["reason"])


def test_what_has_begun_or_is_over_has_no_form(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    for status in ("ongoing", "completed", "noshow"):
        booking.status = status
        client.get(_url(booking))
        assert client.page.all(FORM) == []


@pytest.mark.parametrize(("who", "venue", "status"), [
    ("therese", "lutetia", 403), ("eve", "lutetia", 404), ("eve", "chamonix", 404), ("ada", "marais", 404),
    ("camille", "marais", 404),
])  # fmt: skip
def test_who_may_not_cancel_it(client: PageClient, house: House, book: Book, who: str, venue: str, status: int) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    client.get(_url(booking))
    token = client.page.csrf_token
    sign_in(client, getattr(house, who))
    answer = client.post(f"/v/{venue}/bookings/{booking.uuid}/cancel", data={**WHY, "csrf_token": token})
    assert answer.status_code == status
    assert booking.status == "pending"


def test_without_a_token_nothing_is_cancelled(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    assert client.post(f"{_url(booking)}/cancel", data=WHY).status_code == 400
    assert booking.status == "pending"


def test_a_colleagues_cancellation_is_not_undone_by_an_old_page(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    client.get(_url(booking))
    form = client.page.one(FORM)
    maud = Actor.of_member(house.maud, door="agenda")
    with frozen(booking.starts_at - timedelta(hours=1)):
        cancel_booking(house.lutetia, booking=booking, reason="Panne", cancelled_by="staff", by=maud, refund_percent=40)
    client.send(form, WHY)
    assert (booking.cancellation_reason, booking.cancellation_refund_percent) == ("Panne", 40)


def _url(booking: Booking, **query: str) -> str:
    given = "&".join(f"{key}={value}" for key, value in query.items())
    return f"/v/lutetia/bookings/{booking.uuid}" + (f"?{given}" if given else "")
