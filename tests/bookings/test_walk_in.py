"""A guest who stands at the desk: what can begin soon, and one click that books it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from portal.audit import Actor
from portal.bookings.desk.choices import Choices
from portal.bookings.desk.walk_in import NoLonger, book_walk_in, walk_ins
from portal.clock import frozen
from portal.database import db
from portal.models import Booking, Shift, Variant
from tests.bookings.conftest import Book, accept
from tests.bookings.test_book_at_desk import NOWHERE
from tests.factories import House, make_customer, make_shift, make_treatment, make_variant
from tests.support.client import PageClient
from tests.support.sign_in import sign_in


def offers(house: House, at: datetime) -> list[tuple[str, datetime, tuple[str, ...], int]]:
    found = walk_ins(house.lutetia, Choices.of(house.lutetia), at=at)
    return [(one.variant.label, one.starts_at, tuple(m.first_name for m in one.therapists), one.wait) for one in found]


def test_what_can_begin_now_with_whoever_is_free(house: House, book: Book) -> None:
    accept(house, book("10:00"), house.marc)
    at = house.at("10:02")
    with frozen(at):
        found = {label: (start, people, wait) for label, start, people, wait in offers(house, at)}
    assert found["60 min"] == (house.at("10:00"), ("Thérèse",), 0)
    assert found["Duo 60 min"][0] == house.at("11:00")
    assert found["Duo 60 min"][2] == 58


def test_nothing_within_three_hours_is_not_offered(house: House) -> None:
    at = house.at("05:00")
    with frozen(at):
        assert offers(house, at) == []
    with frozen(house.at("06:30")):
        assert offers(house, house.at("06:30"))[0][1] == house.at("09:00")


def test_the_lead_time_is_not_for_who_is_here(house: House) -> None:
    house.massage.lead_time_minutes = 600
    db.session.commit()
    with frozen(house.at("10:00")):
        assert offers(house, house.at("10:00"))


def test_it_is_booked_confirmed_and_checked_in(house: House) -> None:
    at = house.at("10:01")
    with frozen(at):
        booking = _book(house, house.at("10:00"))
    assert (booking.status, booking.customer, booking.starts_at) == ("confirmed", None, house.at("10:00"))
    assert (booking.arrived_at, booking.price_minor) == (at, 9500)


@pytest.mark.parametrize("answered", [{}, {"tell_guest": True}, {"tell_guest": False}])
def test_whether_guests_are_told_stays_as_it_was_answered_last(house: House, answered: dict[str, bool]) -> None:
    house.camille.preferences = answered
    with frozen(house.at("10:01")):
        _book(house, house.at("10:00"))
    assert house.camille.preferences == answered


def test_a_few_minutes_later_will_do_but_not_an_hour(house: House, book: Book) -> None:
    with frozen(house.at("10:06")):
        assert _book(house, house.at("10:00")).starts_at == house.at("10:05")
    with frozen(house.at("12:01")):
        for member in (house.therese, house.marc):
            accept(house, book("12:05", desk=True), member)
        with pytest.raises(NoLonger):
            _book(house, house.at("12:00"), booking_id="22222222-2222-4222-8222-222222222222")


def test_a_second_click_is_the_same_booking(house: House) -> None:
    with frozen(house.at("10:00")):
        first = _book(house, house.at("10:00"))
        assert _book(house, house.at("10:00")) is first


def test_without_a_price_it_is_not_booked_here(house: House) -> None:
    royal = make_variant(house.massage, label="Royal", price_minor=None, price_on_request=True)
    with frozen(house.at("10:00")), pytest.raises(NoLonger, match="no_longer_free"):
        _book(house, house.at("10:00"), variant=royal)


def test_the_page_books_with_one_click(client: PageClient, house: House) -> None:
    _never_closed(house)
    sign_in(client, house.camille)
    client.get("/v/lutetia/bookings/walk-in")
    form = client.page.all(".//main//form")[0]
    answer = client.send(form)
    assert answer.status_code == 303
    booking = db.session.scalars(select(Booking)).one()
    assert booking.arrived_at is not None
    client.get(answer.location)
    assert "Walk-in booked and checked in" in client.page.text
    assert client.send(form).location == answer.location


@pytest.mark.parametrize("sent", [{"variant": NOWHERE}, {"at": "x"}, {"variant": "\x00", "at": "2020-01-01T10:00"}])
def test_nonsense_books_nothing(client: PageClient, house: House, sent: dict[str, str]) -> None:
    sign_in(client, house.camille)
    client.get("/v/lutetia/bookings/walk-in")
    good = {"variant": str(house.single.uuid), "at": "2020-01-01T10:00", "csrf_token": client.page.csrf_token}
    assert client.post("/v/lutetia/bookings/walk-in", data={**good, **sent}).status_code in {409, 422}
    assert db.session.scalars(select(Booking)).all() == []


def test_nothing_soon_says_what_to_do(client: PageClient, house: House) -> None:
    house.massage.active = False
    make_treatment(house.lutetia, available_days=[])
    db.session.commit()
    sign_in(client, house.camille)
    client.get("/v/lutetia/bookings/walk-in")
    assert "Nothing can begin soon" in client.page.text


def test_who_it_is_can_be_said_later(client: PageClient, house: House) -> None:
    guest = make_customer(house.organisation)
    with frozen(house.at("10:00")):
        booking = _book(house, house.at("10:00"))
    sign_in(client, house.camille)
    client.get(f"/v/lutetia/bookings/{booking.uuid}")
    link = next(one for one in client.page.all(".//a") if (one.get("href") or "").endswith("/guest"))
    client.get(link.get("href") or "")
    form = ".//form[@id='compose-form']"
    assert client.submit(form, {"guest": ""}).status_code == 422
    assert client.submit(form, {"guest": "dupont"}).status_code == 422  # who of them?
    assert client.submit(form).status_code == 303
    assert (booking.customer, booking.events[-1].verb) == (guest, "guest_named")

    late = {"customer": str(guest.uuid), "csrf_token": client.page.csrf_token}
    assert client.post(f"/v/lutetia/bookings/{booking.uuid}/guest", data=late).status_code == 409


def test_a_new_guest_for_a_walk_in(client: PageClient, house: House) -> None:
    known = make_customer(house.organisation, phone="+33639981234")
    with frozen(house.at("10:00")):
        booking = _book(house, house.at("10:00"))
    sign_in(client, house.camille)
    url = f"/v/lutetia/bookings/{booking.uuid}/guest"
    client.get(url)
    sent = {"csrf_token": client.page.csrf_token, "create": "1", "guest": "Léa Martin 06 39 98 12 34"}
    assert client.post(url, data=sent).status_code == 409
    assert known.name in client.page.text
    assert client.post(url, data={**sent, "guest": "Léa Martin 06 39 98 12 35"}).status_code == 303
    assert booking.guest_name == "Léa Martin"


def _book(house: House, at: datetime, *, variant: Variant | None = None, booking_id: str = NOWHERE) -> Booking:
    by = Actor.of_member(house.camille, door="agenda")
    chosen = variant or house.single
    return book_walk_in(
        house.lutetia, Choices.of(house.lutetia), chosen, starts_at=at, booking_id=UUID(booking_id), by=by
    )


def _never_closed(house: House) -> None:
    """The spa is open round the clock and Thérèse works: the test may run at any hour."""
    house.lutetia.opening_time = house.lutetia.closing_time = time(0)
    db.session.execute(delete(Shift).where(Shift.member_id == house.therese.id))
    for offset in (-2, -1, 0):
        make_shift(house.lutetia, house.therese, house.day + timedelta(days=offset), start=time(0), end=time(0))
