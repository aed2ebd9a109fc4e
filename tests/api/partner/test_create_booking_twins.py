"""`external_id`: the same request again, later or at the same moment, never makes a second booking."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.api.partner import bookings as door
from portal.api.partner import intake
from portal.api.partner.queries import find_pushed
from portal.database import db
from portal.models import Booking, Customer, Venue
from tests.api.client import PartnerClient
from tests.api.conftest import MakeWish
from tests.api.wishes import ABSENT
from tests.factories import House, make_key, make_member, make_room, make_shift, make_treatment, make_venue

URL = "/venues/lutetia/bookings"
TWINS = 6


def replay(partner: PartnerClient, body: Any) -> dict[str, Any]:
    response = partner.post(URL, json=body)
    assert response.status_code == 200, response.text
    return dict((response.json or {})["data"])


def count_bookings() -> int:
    return db.session.scalar(select(func.count(Booking.id))) or 0


def test_the_same_again_answers_with_the_original(partner: PartnerClient, wish: MakeWish) -> None:
    made = partner.book(wish(external_id="E-1", notes="first"))
    assert replay(partner, wish(external_id="E-1")) == made
    assert replay(partner, wish("15:00", external_id="E-1", price_paid={"amount": 1, "currency": "EUR"})) == made
    assert count_bookings() == 1


def test_it_is_looked_up_before_the_other_members(partner: PartnerClient, wish: MakeWish) -> None:
    made = partner.book(wish(external_id="E-1"))
    for body in ({"external_id": "E-1"}, wish(external_id="E-1", variant_id="x", guest=None, price_paid=ABSENT)):
        assert replay(partner, body) == made


def test_it_is_known_when_the_time_has_passed(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    made = partner.book(wish(external_id="E-1"))
    with clock.frozen(house.at("10:00") + timedelta(days=400)):
        assert replay(partner, wish(external_id="E-1")) == made


def test_a_cancelled_booking_is_still_its_own(partner: PartnerClient, wish: MakeWish) -> None:
    made = partner.book(wish(external_id="E-1"))
    partner.post(f"/bookings/{made['id']}/cancel", json={"reason": "x"})
    assert replay(partner, wish(external_id="E-1")) == {**made, "status": "cancelled"}


def test_it_is_unique_per_venue_only(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    made = partner.book(wish(external_id="E-1"))
    variant = _bookable(house, make_venue(house.neighbour, slug="annecy"))
    key, _row = make_key(house.neighbour)
    other = partner.with_key(key).book(wish(external_id="E-1", variant_id=variant), venue="annecy")
    assert other["id"] != made["id"]


def test_empty_is_absent(partner: PartnerClient, wish: MakeWish) -> None:
    for at, value in (("09:00", ""), ("09:00", None), ("11:00", ABSENT), ("11:00", "")):
        assert partner.book(wish(at, external_id=value))["external_id"] is None


def test_case_matters(partner: PartnerClient, wish: MakeWish) -> None:
    partner.book(wish(external_id="e-1"))
    partner.book(wish(external_id="E-1"))


@pytest.fixture
def all_miss(monkeypatch: pytest.MonkeyPatch) -> Iterator[Barrier]:
    """All twins look the id up, and none goes on before all have looked: nobody can have found anything."""
    barrier = Barrier(TWINS, timeout=20)

    def find_and_wait(venue: Venue, external_id: str) -> Booking | None:
        found = find_pushed(venue, external_id)
        db.session.rollback()  # a read transaction held while waiting would keep SQLite from writing
        barrier.wait()
        return found

    monkeypatch.setattr(door, "find_pushed", find_and_wait)
    yield barrier
    barrier.abort()


def send_at_once(partner: PartnerClient, bodies: list[Any]) -> list[tuple[int, dict[str, Any]]]:
    """All bodies at the same moment, each from a thread of its own."""

    def send(body: Any) -> tuple[int, dict[str, Any]]:
        response = partner.post(URL, json=body)
        return response.status_code, dict(response.json or {})

    db.session.commit()
    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(send, bodies))


@pytest.mark.usefixtures("all_miss")
def test_twins_at_the_same_moment_make_one_booking(partner: PartnerClient, wish: MakeWish) -> None:
    """Room and therapists would be there for two: only the id keeps the twins from booking twice."""
    answers = send_at_once(partner, [wish(external_id="E-1") for _ in range(TWINS)])
    _one_won(answers)
    assert db.session.scalar(select(func.count(Customer.id))) == 1


@pytest.mark.usefixtures("all_miss")
def test_twins_for_different_times_make_one_booking(partner: PartnerClient, wish: MakeWish) -> None:
    """They do not wait for the same day's lock: the unique index decides."""
    answers = send_at_once(partner, [wish(days=day, external_id="E-1") for day in range(TWINS)])
    _one_won(answers)


@pytest.mark.usefixtures("all_miss")
def test_a_twin_that_took_the_last_place_is_replayed(partner: PartnerClient, wish: MakeWish) -> None:
    """The loser finds the slot taken by its own twin: that is its booking, not a slot it cannot have."""
    answers = send_at_once(partner, [wish(guest_count=2, external_id="E-1") for _ in range(TWINS)])
    _one_won(answers)


@pytest.mark.usefixtures("all_miss")
def test_strangers_at_the_same_moment_all_get_theirs(partner: PartnerClient, wish: MakeWish) -> None:
    """The control: without a common id the same race makes as many bookings as there are requests."""
    answers = send_at_once(partner, [wish(days=day, external_id=f"E-{day}") for day in range(TWINS)])
    assert [status for status, _body in answers] == [201] * TWINS
    assert count_bookings() == TWINS
    assert db.session.scalar(select(func.count(Customer.id))) == 1, "One phone is one guest, also in a race."


def _one_won(answers: list[tuple[int, dict[str, Any]]]) -> None:
    """The losers are refused only once the winner can be read, so each of them is told of its booking."""
    assert sorted(status for status, _body in answers) == [200] * (TWINS - 1) + [201]
    assert all(body == answers[0][1] for _status, body in answers), "Every twin is told of the same booking."
    assert count_bookings() == 1


def test_a_twin_that_cannot_be_read_yet(
    partner: PartnerClient, wish: MakeWish, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner.book(wish(external_id="E-1"))
    monkeypatch.setattr(door, "find_pushed", lambda _venue, _external_id: None)
    monkeypatch.setattr(intake, "find_pushed", lambda _venue, _external_id: None)
    partner.refused(409, "duplicate_external_id", URL, json=wish(external_id="E-1"))
    assert count_bookings() == 1


def _bookable(house: House, venue: Venue) -> str:
    """A venue that can be booked on the house's day; returns its variant."""
    make_room(venue)
    make_shift(venue, make_member(house.neighbour, venue), house.day)
    return str(make_treatment(venue).variants[0].uuid)
