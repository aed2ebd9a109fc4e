"""GET /v1/venues/{venue_id}/customers/{customer_id}/bookings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

from portal.models import Customer
from tests.api.client import PartnerClient
from tests.api.partner.test_list_customers import page, past_booking
from tests.factories import House, make_customer
from tests.support.statements import Statements


def url(customer: Customer, venue: str = "lutetia") -> str:
    return f"/venues/{venue}/customers/{customer.uuid}/bookings"


def test_a_booking_tells_exactly_this(partner: PartnerClient, house: House) -> None:
    customer = make_customer(house.organisation)
    booking = past_booking(
        house, customer, house.at("18:30"), 7, price_minor=17000, room_number="214", payment_method="room",
        payment_status="charged_to_room", client_type="hotel", created_at=house.at("09:15"),
    )  # fmt: skip
    rows, meta = page(partner, url=url(customer))
    assert meta == {"page": 1, "limit": 20, "total": 1}
    assert rows == [
        {
            "id": str(booking.uuid),
            "booking_number": 7,
            "booking_date": house.day.isoformat(),
            "booking_time": "18:30:00",
            "duration": 60,
            "status": "completed",
            "payment_method": "room",
            "payment_status": "charged_to_room",
            "client_type": "hotel",
            "total_price": {"amount": "170.00", "currency": "EUR"},
            "room_number": "214",
            "treatments": [
                {
                    "id": str(house.massage.uuid),
                    "name": "Massage relaxant",
                    "label": "60 min",
                    "duration": 60,
                    "price": {"amount": "170.00", "currency": "EUR"},
                }
            ],
            "created_at": f"{house.at('09:15'):%Y-%m-%dT%H:%M:%SZ}",
        }
    ]


def test_newest_first_in_pages_of_twenty(partner: PartnerClient, house: House) -> None:
    customer = make_customer(house.organisation)
    for number in range(23):
        past_booking(house, customer, house.at("10:00") - timedelta(hours=7 * number), number)
    first, meta = page(partner, url=url(customer))
    assert ([row["booking_number"] for row in first], meta["total"]) == (list(range(20)), 23)
    second, _meta = page(partner, "page=2", url=url(customer))
    assert [row["booking_number"] for row in second] == [20, 21, 22]
    assert page(partner, "page=9", url=url(customer))[1] == {"page": 9, "limit": 20, "total": 23}


def test_only_those_of_this_venue_and_guest(partner: PartnerClient, house: House) -> None:
    customer, other = make_customer(house.organisation), make_customer(house.organisation)
    past_booking(house, customer, house.at("10:00"), 1)
    past_booking(house, customer, house.at("12:00"), 2, venue=house.marais)
    past_booking(house, other, house.at("14:00"), 3)
    assert [row["booking_number"] for row in page(partner, url=url(customer))[0]] == [1]
    assert [row["booking_number"] for row in page(partner, url=url(customer, "marais"))[0]] == [2]


def test_an_unknown_guest_is_not_found(partner: PartnerClient, house: House) -> None:
    never, elsewhere, eves = (make_customer(o) for o in (house.organisation, house.organisation, house.neighbour))
    past_booking(house, elsewhere, house.at("10:00"), 1, venue=house.marais)
    past_booking(house, eves, house.at("10:00"), 2, venue=house.chamonix)
    for customer_id in (uuid4(), never.uuid, elsewhere.uuid, eves.uuid):
        path = f"/venues/lutetia/customers/{customer_id}/bookings"
        partner.refused(404, "Customer not found in this venue", path, method="GET")
    for text in ("1", "nonsense", "%00", f"{{{never.uuid}}}", never.uuid.hex):
        path = f"/venues/lutetia/customers/{text}/bookings"
        partner.refused(404, "Customer not found", path, method="GET")


def test_a_long_history_takes_few_statements(
    partner: PartnerClient, house: House, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    customer = make_customer(house.organisation)
    for number in range(15):
        past_booking(house, customer, house.at("10:00", days=-number), number)
    history = url(customer)
    page(partner, url=history)
    with statements() as sent:
        page(partner, url=history)
    sent.at_most(6)
