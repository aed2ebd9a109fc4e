"""A length that runs into the next visit: the desk is asked whether to push it, and sees why it cannot be."""

from __future__ import annotations

import json
from datetime import time
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from portal.bookings.moving import Move, move_booking
from portal.database import db
from portal.models import Booking, Change, GuestMessage
from tests.bookings.conftest import Book, accept
from tests.bookings.test_move_booking import desk
from tests.factories import House, make_customer, make_member, make_shift
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

PUSH = ".//form[@class='actions make-way']"
RESIZE = ".//form[@class='form stretch']"


@pytest.fixture
def two(house: House, book: Book) -> tuple[Booking, Booking]:
    """Hélène's hour with Thérèse at ten, and Léa's right after it."""
    lea = make_customer(house.organisation, first_name="Léa", last_name="Martin", email="lea@example.org")
    first, second = book("10:00"), book("11:00", customer=lea)
    for one in (first, second):
        accept(house, one, house.therese)
    return first, second


def refuse(client: PageClient, booking: Booking, minutes: int, lang: str = "en") -> None:
    """The plain form with another length, which is refused."""
    client.get(f"/v/lutetia/bookings/{booking.uuid}/move?lang={lang}")
    assert client.submit(RESIZE, {"minutes": str(minutes)}).status_code == 409


def test_without_javascript_it_asks_and_pushes(client: PageClient, house: House, two: tuple[Booking, Booking]) -> None:
    first, second = two
    sign_in(client, house.camille)
    refuse(client, first, 75)
    assert "Thérèse Test is with another guest from 11:00 to 12:00." in client.page.text
    assert "Move Léa Martin from 11:00 to 11:15 too?" in client.page.text
    assert second.starts_at == house.at("11:00"), "it was only tried"
    assert client.page.one(".//input[@id='length-minutes']").get("value") == "75"

    answer = client.submit(PUSH)

    assert answer.status_code == 303
    client.get(answer.location)
    assert "The booking is saved with its new length. Later now: Léa Martin 11:15." in client.page.text
    db.session.expire_all()
    assert (first.ends_at, second.starts_at) == (house.at("11:15"), house.at("11:15"))
    assert [one.address for one in db.session.scalars(select(GuestMessage))] == ["lea@example.org"]

    assert client.submit(".//*[@id='toasts']//form").status_code == 303
    db.session.expire_all()
    assert (first.ends_at, second.starts_at) == (house.at("11:00"), house.at("11:00"))


def test_in_french_from_the_grid_and_nobody_is_told(
    client: PageClient, house: House, two: tuple[Booking, Booking]
) -> None:
    first, second = two
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/{first.uuid}/move?lang=fr")
    url = f"/v/lutetia/bookings/{first.uuid}/resize"
    assert client.hx(url, method="POST", data={"minutes": "75", "version": str(first.version)}).status_code == 409
    assert "Décaler aussi Léa Martin de 11:00 à 11:15\N{NO-BREAK SPACE}?" in client.page.text

    fields = client.page.values_of(client.page.one(PUSH))
    assert fields.pop("tell")
    answer = client.hx(url, method="POST", data=fields)

    assert answer.status_code == 200
    toast = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert toast["undo"].endswith(f"{db.session.scalars(select(Change)).one().uuid}/undo")
    db.session.expire_all()
    assert second.starts_at == house.at("11:15")
    assert not db.session.scalars(select(GuestMessage)).all()


def test_what_cannot_make_way_says_why(client: PageClient, house: House, book: Book) -> None:
    ines = make_member(house.organisation, house.lutetia, first_name="Inès")
    make_shift(house.lutetia, ines, house.day, end=time(12))
    first, second = book("10:00"), book("11:00")
    for one in (first, second):
        accept(house, one, ines)
    sign_in(client, house.camille)
    refuse(client, first, 75)
    told = "Hélène Dupont cannot begin at 11:15: Inès Test is not on shift then (nearest: 09:00 to 12:00)."
    assert told in client.page.text
    assert client.page.all(PUSH) == []


def test_nothing_is_offered_where_it_would_not_help(client: PageClient, house: House, book: Book) -> None:
    booking = book("19:00")
    accept(house, booking, house.therese)
    sign_in(client, house.camille)
    refuse(client, booking, 75)
    assert client.page.all(PUSH) == []
    assert "cannot make way" not in client.page.text


def test_what_has_changed_meanwhile_is_not_pushed(
    client: PageClient, house: House, two: tuple[Booking, Booking]
) -> None:
    first, second = two
    sign_in(client, house.camille)
    refuse(client, first, 75)
    agreed = client.page.values_of(client.page.one(PUSH))
    move_booking(house.lutetia, booking=second, move=Move(starts_at=house.at("11:20")), by=desk(house))
    answer = client.hx(f"/v/lutetia/bookings/{first.uuid}/resize", method="POST", data=agreed)
    assert answer.status_code == 409
    assert "Somebody has changed this booking" in json.loads(answer.headers["HX-Trigger"])["toast"]["message"]
    db.session.expire_all()
    assert (first.ends_at, second.starts_at) == (house.at("11:00"), house.at("11:20"))


@pytest.mark.parametrize(
    "push",
    ["x", "=", ",,,", "\0", "\ud800", "a" * 10_000, "{uuid}=2026-11-21", "{uuid}=9999-12-31T23:59:59+00:00", "{uuid}"],
    ids=lambda one: str(one)[:30],
)
def test_what_cannot_be_read_agrees_to_nothing(
    client: PageClient, house: House, two: tuple[Booking, Booking], push: str
) -> None:
    first, second = two
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/{first.uuid}/move?lang=en")
    data = {"minutes": b"75", "push": push.format(uuid=second.uuid).encode("utf-8", "surrogatepass")}
    answer = client.hx(f"/v/lutetia/bookings/{first.uuid}/resize", method="POST", data=data)
    assert answer.status_code == 409, urlencode({"push": push[:20]}, errors="replace")
    db.session.expire_all()
    assert (first.ends_at, second.starts_at) == (house.at("11:00"), house.at("11:00"))
