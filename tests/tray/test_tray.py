"""The tray: what a member has picked up stays hers, through days and browsers, until it is put down or back."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from portal.audit import Actor
from portal.bookings.service import cancel_booking
from portal.bookings.visit import mark_no_show
from portal.clock import frozen
from portal.database import db
from portal.models import Booking, LiveEvent, Parked, StaffMember
from portal.models.booking_states import NotNow
from portal.tray.queries import tray_of
from portal.tray.service import let_go, park_booking
from tests.bookings.conftest import Book, accept, book  # noqa: F401  (a fixture)
from tests.bookings.test_move_booking import chain
from tests.factories import House
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


def held(house: House, member: StaffMember) -> list[Booking]:
    return [row.booking for row in tray_of(house.lutetia, member)]


def desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")


def test_each_member_has_her_own(house: House, book: Book) -> None:  # noqa: F811
    first, second = book("10:00"), book("14:00")
    for booking in (second, first, second):
        park_booking(house.lutetia, booking=booking, member=house.camille)
    park_booking(house.lutetia, booking=first, member=house.maud)

    assert held(house, house.camille) == [second, first]
    assert held(house, house.maud) == [first]
    assert (first.starts_at, first.status) == (house.at("10:00"), "pending"), "it keeps its place"

    let_go(house.lutetia, booking=second, member=house.camille)
    let_go(house.lutetia, booking=second, member=house.camille)
    assert held(house, house.camille) == [first]
    told = db.session.scalars(select(LiveEvent).order_by(LiveEvent.id.desc())).first()
    assert told is not None
    assert told.topics == ["tray"]


def test_what_is_cancelled_or_over_leaves_by_itself(house: House, book: Book) -> None:  # noqa: F811
    cancelled, missed = book("10:00"), book("14:00")
    for booking in (cancelled, missed):
        park_booking(house.lutetia, booking=booking, member=house.camille)
    cancel_booking(house.lutetia, booking=cancelled, reason="Malade", cancelled_by="staff", by=desk(house))
    assert held(house, house.camille) == [missed]
    with frozen(house.at("14:20")):
        mark_no_show(house.lutetia, booking=missed, by=desk(house))
    assert held(house, house.camille) == []
    with pytest.raises(NotNow):
        park_booking(house.lutetia, booking=cancelled, member=house.camille)


def test_a_card_says_whom_what_and_where_from(client: PageClient, house: House) -> None:
    booking = chain(house)
    park_booking(house.lutetia, booking=booking, member=house.camille)
    sign_in(client, house.camille)
    client.get("/v/lutetia/tray/?lang=en")
    card = client.page.text_of(client.page.one(f".//li[@data-parked='{booking.uuid}']"))
    assert "Hélène Dupont" in card
    assert "Relaxing massage +1" in card
    assert "Tomorrow 10:00 · Thérèse · Cabine 1" in card


def test_picking_up_and_putting_back(client: PageClient, house: House, book: Book) -> None:  # noqa: F811
    booking = book("10:00")
    accept(house, booking, house.therese)
    sign_in(client, house.camille)
    client.get("/v/lutetia/tray/?lang=en")
    assert "Nothing is picked up." in client.page.text

    answer = client.hx(f"/v/lutetia/tray/{booking.uuid}", method="POST")
    assert answer.status_code == 200
    assert "Picked up" in json.loads(answer.headers["HX-Trigger"])["toast"]["message"]
    assert "changed:agenda" in (client.page.one(".//section").get("hx-trigger") or "")

    client.get("/v/lutetia/tray/")
    assert client.submit(".//li//form").status_code == 303
    assert db.session.scalars(select(Parked)).all() == []


def test_without_javascript(client: PageClient, house: House, book: Book) -> None:  # noqa: F811
    booking = book("10:00")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/{booking.uuid}/move")
    assert client.submit(f".//form[@action='/v/lutetia/tray/{booking.uuid}']").status_code == 303
    client.get(f"/v/lutetia/agenda/{house.day}")
    assert client.page.one(".//noscript//a").get("href") == "/v/lutetia/tray/"
    client.get("/v/lutetia/tray/")
    assert client.page.one(".//li[@data-parked]//a").get("href") == f"/v/lutetia/bookings/{booking.uuid}/move"


def test_strangers_and_what_is_over(client: PageClient, house: House, book: Book) -> None:  # noqa: F811
    booking = book("10:00")
    cancel_booking(house.lutetia, booking=booking, reason="Malade", cancelled_by="staff", by=desk(house))
    sign_in(client, house.ada)
    client.get("/v/lutetia/tray/")
    assert client.hx(f"/v/marais/tray/{booking.uuid}", method="POST").status_code == 404
    assert client.hx(f"/v/lutetia/tray/{booking.uuid}", method="POST").status_code == 409
    assert client.hx("/v/lutetia/tray/nothing", method="POST").status_code == 404
    assert db.session.scalars(select(Parked)).all() == []


def test_shortcuts_can_be_switched_off(client: PageClient, house: House) -> None:
    sign_in(client, house.camille)
    client.get("/v/lutetia/agenda/help?lang=en")
    for said, on in (("no", False), ("yes", True)):
        answer = client.hx("/v/lutetia/agenda/keys", method="POST", data={"on": ["no", said]})
        assert answer.status_code == 200
        assert house.camille.preferences["shortcuts"] is on
    assert client.hx("/v/lutetia/agenda/keys", method="POST", data={"on": "perhaps"}).status_code == 422
    assert house.camille.preferences["shortcuts"] is True
