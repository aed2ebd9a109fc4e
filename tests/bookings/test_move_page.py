"""Moving and resizing from the desk: by the plain form, from the grid, and what a refusal offers."""

from __future__ import annotations

import json
from datetime import date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.audit import Actor
from portal.bookings.moving import Move, move_booking
from portal.database import db
from portal.models import Booking, Change, GuestMessage, Parked
from portal.tray.service import park_booking
from tests.bookings.conftest import Book, accept
from tests.bookings.test_move_booking import chain
from tests.factories import House, make_customer
from tests.support.client import PageClient
from tests.support.sign_in import sign_in

MOVE = ".//form[@class='form put']"
RESIZE = ".//form[@class='form stretch']"
ANYWAY = ".//form[@class='form anyway']"


def _url(booking: Booking, what: str, lang: str = "en") -> str:
    return f"/v/lutetia/bookings/{booking.uuid}/{what}?lang={lang}"


def form(client: PageClient, booking: Booking, lang: str = "en") -> None:
    client.get(_url(booking, "move", lang))


def test_by_hand_to_another_day(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    sign_in(client, house.camille)
    form(client, booking)
    day = house.at("15:35").date()

    answer = client.submit(MOVE, {"day": str(day), "time": "15:35", "column": str(house.marc.uuid)})

    assert answer.status_code == 303
    assert str(booking.uuid) in answer.location
    client.get(answer.location)
    assert "now begins: tomorrow 15:35, Marc." in client.page.text
    assert (booking.starts_at, booking.therapist) == (house.at("15:35"), house.marc)
    assert client.page.one(".//*[@id='toasts']//button[@class='btn undo']") is not None


def test_one_treatment_of_a_visit(client: PageClient, house: House) -> None:
    booking = chain(house)
    second = booking.items[1]
    sign_in(client, house.camille)
    form(client, booking)
    client.submit(
        MOVE, {"time": "14:00", "item": str(second.uuid), "alone": "y", "room": str(house.rooms[1].uuid)}
    )  # fmt: skip
    assert [item.starts_at for item in booking.items] == [house.at("10:00"), house.at("14:00")]


def test_from_the_grid_the_panel_comes_back_with_an_undo(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    form(client, booking)
    sent = {"at": house.at("11:05").isoformat(), "column": str(house.marc.uuid), "version": str(booking.version)}
    answer = client.hx(_url(booking, "move"), method="POST", data=sent)
    events = json.loads(answer.headers["HX-Trigger"])
    assert answer.status_code == 200
    assert events["toast"]["undo"] == f"/v/lutetia/changes/{db.session.scalars(select(Change)).one().uuid}/undo"
    assert f"changed:agenda:{house.day}" in events
    assert booking.starts_at == house.at("11:05")
    assert client.page.all(".//*[@class='refusal-why']") == []


def _two(house: House, book: Book) -> Booking:
    """One of Thérèse's, and another one of hers at noon."""
    booking, other = book("10:00"), book("12:00")
    accept(house, booking, house.therese)
    accept(house, other, house.therese)
    return booking


def test_a_refusal_says_why_and_what_instead(client: PageClient, house: House, book: Book) -> None:
    booking = _two(house, book)
    sign_in(client, house.camille)
    form(client, booking)
    answer = client.hx(
        _url(booking, "move"), method="POST", data={"at": house.at("12:00").isoformat(), "version": "99"[:0]}
    )
    assert answer.status_code == 409
    assert "Thérèse Test is with another guest from 12:00 to 13:00." in client.page.text
    assert "Only a manager may overbook." in client.page.text
    assert client.page.all(".//input[@name='overbook_reason']") == []
    assert booking.starts_at == house.at("10:00")
    ways = client.page.all(".//*[@class='actions refusal-ways']//form")
    assert len(ways) == 3

    assert client.send(ways[0]).status_code == 303
    assert booking.starts_at == house.at("13:00"), "the nearest one comes first"


def test_without_javascript_the_refused_form_keeps_what_was_typed(client: PageClient, house: House, book: Book) -> None:
    booking = _two(house, book)
    sign_in(client, house.camille)
    form(client, booking)
    answer = client.submit(MOVE, {"time": "12:15"})
    assert answer.status_code == 409
    assert "with another guest" in client.page.text
    assert client.page.one(".//input[@name='time']").get("value") == "12:15"


def test_a_manager_books_anyway_with_a_reason(client: PageClient, house: House, book: Book) -> None:
    booking = _two(house, book)
    sign_in(client, house.maud)
    form(client, booking)
    client.submit(MOVE, {"time": "12:00"})
    assert client.page.one(f"{ANYWAY}//input[@name='overbook_reason']").get("required") is not None
    assert client.submit(ANYWAY, {"overbook_reason": "  "}).status_code == 409, "spaces are no reason"
    assert client.submit(ANYWAY, {"overbook_reason": "Fête ses noces d'or"}).status_code == 303
    assert booking.starts_at == house.at("12:00")
    assert booking.events[-1].details["overbooked"] == "Fête ses noces d'or"


def test_nobody_else_overbooks(client: PageClient, house: House, book: Book) -> None:
    booking = _two(house, book)
    sign_in(client, house.camille)
    form(client, booking)
    for what, sent in (("move", {"at": house.at("12:00").isoformat()}), ("resize", {"minutes": "180"})):
        answer = client.hx(_url(booking, what), method="POST", data={**sent, "overbook_reason": "Parce que"})
        assert answer.status_code == 403
    assert (booking.starts_at, booking.ends_at) == (house.at("10:00"), house.at("11:00"))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"time": ""}, "Please enter a date and a time."),
        ({"time": "25:99"}, "Not a valid time value."),
        ({"day": "yesterday"}, "Not a valid date value."),
        ({"day": "0001-01-01"}, "Please enter a date and a time."),
        ({"day": "9999-12-31"}, "Please enter a date and a time."),
        ({"at": "soon"}, "Please enter a date and a time."),
        ({"at": "9" * 10_000}, "Field cannot be longer than 40 characters."),
        ({"column": "Thérèse\0"}, "Please choose from the list."),
        ({"room": "\ud800"}, "Please choose from the list."),
        ({"overbook_reason": "x" * 10_000}, "Please use at most 300 characters."),
    ],
    ids=lambda one: str(one)[:40],
)
def test_wrong_input_is_told_beside_the_field(
    client: PageClient, house: House, book: Book, wrong: dict[str, str], told: str
) -> None:
    booking = book("10:00")
    before = booking.version
    sign_in(client, house.maud)
    form(client, booking)
    values = {"day": str(house.day), "time": "11:00", **wrong}
    data = {name: text.encode("utf-8", "surrogatepass") for name, text in values.items()}
    answer = client.hx(_url(booking, "move"), method="POST", data=data)
    assert answer.status_code == 422
    assert told in client.page.text
    assert (booking.version, booking.starts_at) == (before, house.at("10:00"))


def test_an_hour_that_the_clocks_leave_out(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    spring = date(house.day.year + 1, 3, 31)
    spring = spring.replace(day=31 - (spring.weekday() + 1) % 7)
    sign_in(client, house.camille)
    form(client, booking)
    assert client.submit(MOVE, {"day": str(spring), "time": "02:30"}).status_code == 422
    assert "This time does not exist" in client.page.text


@pytest.mark.parametrize(("field", "status"), [("column", 422), ("room", 422), ("item", 404), ("instead_of", 404)])
def test_ids_of_elsewhere_are_unknown(client: PageClient, house: House, book: Book, field: str, status: int) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    form(client, booking)
    foreign = {"column": house.eve.uuid, "instead_of": house.marc.uuid}.get(field, uuid4())
    sent = {"at": house.at("11:00").isoformat(), field: str(foreign)}
    assert client.hx(_url(booking, "move"), method="POST", data=sent).status_code == status
    assert booking.starts_at == house.at("10:00")


def test_an_older_version_changes_nothing(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    form(client, booking)
    version = str(booking.version)
    move_booking(house.lutetia, booking=booking, move=Move(starts_at=house.at("11:00")), by=_maud(house))
    sent = {"at": house.at("15:00").isoformat(), "version": version}
    answer = client.hx(_url(booking, "move"), method="POST", data=sent)
    assert answer.status_code == 409
    assert "Somebody has changed this booking" in json.loads(answer.headers["HX-Trigger"])["toast"]["message"]
    assert booking.starts_at == house.at("11:00")


@pytest.mark.parametrize(("delta", "minutes"), [("15", 75), ("-15", 45)])
def test_fifteen_minutes_more_or_less(client: PageClient, house: House, book: Book, delta: str, minutes: int) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/{booking.uuid}?lang=en")
    assert client.page.one(f".//button[@name='delta'][@value='{delta}']").get("aria-label")
    client.hx(_url(booking, "resize"), method="POST", data={"delta": delta, "version": str(booking.version)})
    assert booking.item.duration == minutes


@pytest.mark.parametrize("wrong", ["", "-15", "0", "7", "721", "1e9", "9" * 40, "\ud800", "ten"])
def test_a_length_that_is_none(client: PageClient, house: House, book: Book, wrong: str) -> None:
    booking = book("10:00")
    sign_in(client, house.camille)
    form(client, booking)
    data = {"minutes": wrong.encode("utf-8", "surrogatepass")}
    assert client.hx(_url(booking, "resize"), method="POST", data=data).status_code == 422
    assert "in steps of 5 minutes" in client.page.text
    assert booking.item.duration == 60


def test_a_length_into_the_next_visit(client: PageClient, house: House, book: Book) -> None:
    booking = _two(house, book)
    sign_in(client, house.maud)
    form(client, booking)
    assert client.submit(RESIZE, {"minutes": "180"}).status_code == 409
    assert "Thérèse Test is with another guest from 12:00 to 13:00." in client.page.text
    assert client.submit(ANYWAY, {"overbook_reason": "Oui"}).status_code == 303
    assert booking.item.duration == 180


def _maud(house: House) -> Actor:
    return Actor.of_member(house.maud, door="agenda")


def _messages(booking: Booking) -> list[str]:
    return [one.kind for one in db.session.scalars(select(GuestMessage).where(GuestMessage.booking_id == booking.id))]


def test_the_guest_is_told_as_chosen_the_last_time(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00", customer=make_customer(house.organisation, email="helene@example.org"))
    sign_in(client, house.camille)

    def move(at: datetime, **more: str) -> None:
        form(client, booking)
        sent = {"at": at.isoformat(), **more}
        assert client.hx(_url(booking, "move"), method="POST", data=sent).status_code == 200

    move(house.at("11:00"), tell="no")
    assert not house.camille.preferences["tell_guest"]
    move(house.at("12:00"))
    assert _messages(booking) == [], "as the last time"
    move(house.at("13:00"), tell="yes")
    assert _messages(booking) == ["moved"]
    assert house.camille.preferences["tell_guest"]
    move(house.at("13:00"), column=str(house.marc.uuid))
    assert _messages(booking) == ["moved"], "the time is the same"


def test_what_was_put_down_leaves_the_tray(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    for member in (house.camille, house.maud):
        park_booking(house.lutetia, booking=booking, member=member)
    sign_in(client, house.camille)
    form(client, booking)
    client.hx(_url(booking, "move"), method="POST", data={"at": house.at("11:00").isoformat()})
    held: list[int] = [row.member_id for row in db.session.scalars(select(Parked))]
    assert held == [house.maud.id]


def test_the_form_stands_in_the_panel_too(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00", variant=house.duo, guest_count=2, price_minor=18000)
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/{booking.uuid}?lang=en")
    assert client.page.one(f".//a[@data-move='{booking.uuid}']").get("href", "").startswith("/v/lutetia/bookings/")
    assert client.hx(_url(booking, "move")).status_code == 200
    assert client.page.one(MOVE).get("hx-post", "").endswith(f"{booking.uuid}/move")


def test_where_it_stands_already_nothing_is_written(client: PageClient, house: House, book: Book) -> None:
    booking = book("10:00")
    accept(house, booking, house.therese)
    version = booking.version
    sign_in(client, house.camille)
    form(client, booking)
    assert client.submit(MOVE).status_code == 303
    assert booking.version == version
    assert not db.session.scalars(select(Change)).all()
