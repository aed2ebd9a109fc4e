"""GET /v1/venues/{venue_id}/customers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.models import Booking, BookingItem, Customer, Venue
from tests.api.client import PartnerClient
from tests.api.conftest import MakeWish
from tests.factories import House, make_customer, make_key, save
from tests.support.statements import Statements

URL = "/venues/lutetia/customers"


def past_booking(house: House, customer: Customer, starts_at: datetime, number: int, **given: Any) -> Booking:
    """A booking as the past left it."""
    venue: Venue = given.pop("venue", house.lutetia)
    owned: dict[str, Any] = {"organisation_id": venue.organisation_id, "venue_id": venue.id}
    defaults: dict[str, Any] = {
        **owned, "number": number, "customer": customer, "status": "completed", "channel": "desk", "currency": "EUR",
        "price_minor": 9500, "payment_method": "card", "payment_status": "paid", "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=60),
    }  # fmt: skip
    booking = Booking(**defaults | given)
    booking.items = [
        BookingItem(
            **owned, treatment=house.massage, variant=house.single, starts_at=booking.starts_at,
            ends_at=booking.ends_at, price_minor=booking.price_minor,
        )
    ]  # fmt: skip
    return save(booking)


def page(partner: PartnerClient, query: str = "", url: str = URL) -> tuple[list[Any], dict[str, Any]]:
    response = partner.get(f"{url}?{query}")
    assert response.status_code == 200, response.text
    return (response.json or {})["data"], (response.json or {})["meta"]


def test_a_customer_tells_exactly_this(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    partner.book(wish("10:00"))
    partner.book(wish("12:00", days=1, price_paid={"amount": 50.5, "currency": "EUR"}))
    [row], meta = page(partner)
    assert meta == {"page": 1, "limit": 50, "total": 1}
    assert {name: row[name] for name in row if name not in {"id", "created_at", "updated_at"}} == {
        "first_name": "Hélène",
        "last_name": "Dupont",
        "email": None,
        "phone": "+33612345678",
        "language": "fr",
        "preferred_treatment_type": None,
        "profile_completed": False,
        "booking_count": 2,
        "last_visit_date": (house.day + timedelta(days=1)).isoformat(),
        "total_spent": {"amount": "170.50", "currency": "EUR"},
    }


def test_only_those_who_booked_here(partner: PartnerClient, house: House) -> None:
    make_customer(house.organisation)
    elsewhere, here = make_customer(house.organisation), make_customer(house.organisation)
    past_booking(house, elsewhere, house.at("10:00"), 1, venue=house.marais)
    past_booking(house, here, house.at("10:00"), 2, venue=house.marais)
    past_booking(house, here, house.at("10:00", days=-9), 3)
    rows, meta = page(partner)
    assert [row["id"] for row in rows] == [str(here.uuid)]
    assert (rows[0]["booking_count"], meta["total"]) == (1, 1)
    assert {row["id"] for row in page(partner, url="/venues/marais/customers")[0]} == {
        str(here.uuid),
        str(elsewhere.uuid),
    }


@pytest.mark.parametrize(
    ("payment_status", "spent"),
    [
        ("paid", "95.00"), ("charged_to_room", "95.00"), ("charged", "95.00"), ("pending", "0.00"),
        ("refunded", "0.00"), ("offert", "0.00"), ("pending_partner_billing", "0.00"),
    ],
)  # fmt: skip
def test_spent_is_what_was_paid(partner: PartnerClient, house: House, payment_status: str, spent: str) -> None:
    customer = make_customer(house.organisation)
    past_booking(house, customer, house.at("10:00"), 1, payment_status=payment_status)
    past_booking(house, customer, house.at("12:00"), 2, payment_status="failed")
    [row], _meta = page(partner)
    assert row["total_spent"] == {"amount": spent, "currency": "EUR"}


def test_a_cancelled_booking_counts_as_one(partner: PartnerClient, wish: MakeWish) -> None:
    made = partner.book(wish())
    partner.post(f"/bookings/{made['id']}/cancel", json={"reason": "x"})
    [row], _meta = page(partner)
    assert row["booking_count"] == 1


def test_the_latest_visit_comes_first_then_the_id(partner: PartnerClient, house: House) -> None:
    """The day counts, in the venue's zone: whoever came earlier on the same day is not further down."""
    customers = [make_customer(house.organisation) for _ in range(12)]
    midnight = house.at("00:00")
    for number, customer in enumerate(customers):
        past_booking(house, customer, house.at("10:00", days=-40), 100 + number)
        past_booking(house, customer, midnight - timedelta(minutes=90 * (number - 6)), number)
    rows, _meta = page(partner)
    told = [(row["last_visit_date"], row["id"]) for row in rows]
    assert len({day for day, _id in told}) == 2
    assert told == sorted(sorted(told, key=lambda one: one[1]), key=lambda one: one[0], reverse=True)
    local = {str(customer.uuid): midnight - timedelta(minutes=90 * (n - 6)) for n, customer in enumerate(customers)}
    for day, uuid in told:
        assert day == local[uuid].astimezone(ZoneInfo("Europe/Paris")).date().isoformat()


def test_pages_are_cut_and_clamped(partner: PartnerClient, house: House) -> None:
    for number in range(5):
        past_booking(house, make_customer(house.organisation), house.at("10:00", days=-number), number)
    everyone = [row["id"] for row in page(partner)[0]]
    for query, shown, applied in PAGES:
        rows, meta = page(partner, query)
        assert [row["id"] for row in rows] == everyone[shown], query
        assert meta == {"page": applied[0], "limit": applied[1], "total": 5}, query


ALL = slice(0, 5)
PAGES: list[tuple[str, slice, tuple[int, int]]] = [
    ("limit=2", slice(0, 2), (1, 2)),
    ("limit=2&page=3", slice(4, 5), (3, 2)),
    ("limit=2&page=4", slice(0, 0), (4, 2)),
    ("page=0", ALL, (1, 50)),
    ("page=-3", ALL, (1, 50)),
    ("limit=0", slice(0, 1), (1, 1)),
    ("limit=-5", slice(0, 1), (1, 1)),
    ("limit=101", ALL, (1, 100)),
    (f"limit={10**25}", ALL, (1, 100)),
    ("page=x&limit=y", ALL, (1, 50)),
    ("page=1.5&limit=1e1", ALL, (1, 50)),
    ("page=&limit=", ALL, (1, 50)),
    ("page=%D9%A2&limit=%D9%A1", ALL, (1, 50)),
    ("page=%00&limit=%ED%A0%80", ALL, (1, 50)),
    ("page=1&page=2", ALL, (1, 50)),
    (f"page={2**31}", slice(0, 0), (2**31, 50)),
    (f"page={10**25}", slice(0, 0), (2**53 - 1, 50)),
    (f"page={'9' * 3000}", ALL, (1, 50)),
]


def test_a_neighbours_guests_are_its_own(partner: PartnerClient, house: House) -> None:
    eves = make_customer(house.neighbour)
    past_booking(house, eves, house.at("10:00"), 1, venue=house.chamonix)
    assert page(partner)[0] == []
    key, _row = make_key(house.neighbour)
    rows, _meta = page(partner.with_key(key), url="/venues/chamonix/customers")
    assert [row["id"] for row in rows] == [str(eves.uuid)]


def test_many_guests_take_few_statements(
    partner: PartnerClient, house: House, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    for number in range(10):
        past_booking(house, make_customer(house.organisation), house.at("10:00", days=-number), number)
    page(partner)
    with statements() as sent:
        page(partner)
    sent.at_most(4)
