"""The version that a form carries: what is none is older than any, and every form of the desk refuses it."""

from __future__ import annotations

import pytest

from portal.bookings.forms import read_version
from portal.database import db
from portal.models import Booking
from tests.bookings.conftest import Book
from tests.bookings.visits import fresh
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

GARBAGE = ["x", "-1", "1.0", " 1", "1" * 10, "9" * 5000, "١", "\x00", "0x1", "1e3"]


@pytest.mark.parametrize(("text", "version"), [(None, None), ("", None), ("7", 7), (7, 7), ("007", 7), ("0", 0)])
def test_a_number_is_one_and_nothing_is_none(text: str | int | None, version: int | None) -> None:
    assert read_version(text) == version


@pytest.mark.parametrize("text", GARBAGE)
def test_garbage_is_older_than_any(text: str) -> None:
    assert read_version(text) == -1


@pytest.mark.parametrize("garbage", ["x", "9" * 5000, "\x00"])
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("bookings/{}/cancel", {"reason": "Grippe", "refund_percent": "100"}),
        ("bookings/{}/edit", {"price": "10", "client_type": "external", "guest_language": "fr", "notes": "Grippe"}),
        ("bookings/{}/settle", {"method": "cash"}),
        ("bookings/{}/payments", {"kind": "payment", "amount": "10", "method": "cash"}),
        ("today/{}/settle", {"method": "cash"}),
        ("bookings/{}/move", {"day": "{day}", "time": "15:00", "column": "", "room": "", "tell": "no"}),
        ("bookings/{}/resize", {"delta": "15"}),
        ("series/of/{}/cancel", {"reason": "Grippe", "refund_percent": "100", "scope": "this"}),
        ("series/of/{}/change", {"scope": "this", "day": "{day}", "at": "15:00"}),
    ],
)
def test_no_form_ignores_it(
    client: PageClient, house: House, book: Book, path: str, fields: dict[str, str], garbage: str
) -> None:
    booking = book("10:00")
    db.session.commit()
    before = _state(booking)
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/{booking.uuid}")
    sent = {name: value.replace("{day}", str(house.day)) for name, value in fields.items()}
    answer = client.hx(f"/v/lutetia/{path.format(booking.uuid)}", method="POST", data={**sent, "version": garbage})

    assert answer.status_code == 409, answer.get_data(as_text=True)
    assert _state(booking) == before


def _state(booking: Booking) -> tuple[object, ...]:
    now = fresh(booking)
    return now.version, now.status, now.starts_at, now.ends_at, now.notes, now.payment_status
