"""POST /v1/venues/{venue_id}/bookings: what a good request makes, and when a slot cannot be had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.database import Base, db
from portal.models import Booking, BookingEvent, Claim, Customer, LiveEvent, Offer, OutboxEvent
from tests.api.client import PartnerClient
from tests.api.conftest import MakeWish
from tests.api.wishes import instant_text
from tests.factories import House, make_key, make_treatment, make_venue, qualify, save
from tests.support.statements import Statements

URL = "/venues/lutetia/bookings"


def count_rows() -> dict[str, int]:
    """How many rows each table has."""
    tables = Base.metadata.tables.values()
    return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_answers_with_the_booking(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    made = partner.book(
        wish("14:00", external_id="STAYCATION-ABC123", external_reference="staycation.ABC123", notes="Allergie")
    )
    assert made == {
        "id": str(db.session.scalars(select(Booking.uuid)).one()),
        "booking_number": 1,
        "status": "pending",
        "start_at": instant_text(house, "14:00"),
        "variant_id": str(house.single.uuid),
        "guest_count": 1,
        "external_reference": "staycation.ABC123",
        "external_id": "STAYCATION-ABC123",
        "total_price": {"amount": 120.0, "currency": "EUR"},
        "payment_method": "partner_billed",
        "payment_status": "paid",
        "client_type": "staycation",
    }


def test_reserves_a_room_and_asks_the_therapists(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    partner.book(wish())
    [claim] = db.session.scalars(select(Claim)).all()
    assert claim.resource_id in {room.id for room in (*house.rooms, house.duo_room)}
    assert set(db.session.scalars(select(Offer.member_id))) == {house.therese.id, house.marc.id}
    [line] = db.session.scalars(select(BookingEvent)).all()
    assert (line.verb, line.door, line.actor_name) == ("requested", "partner", "Staycation")
    assert db.session.scalars(select(OutboxEvent.type)).all() == ["booking.created"]
    [change] = db.session.scalars(select(LiveEvent)).all()
    assert {"offers", f"agenda:{house.day}"} <= set(change.topics)


def test_numbers_count_up(partner: PartnerClient, wish: MakeWish) -> None:
    assert [partner.book(wish(at))["booking_number"] for at in ("09:00", "11:00", "13:00")] == [1, 2, 3]


def test_the_guest_is_recognised(partner: PartnerClient, wish: MakeWish) -> None:
    guest = {"first_name": "Zoë", "last_name": "D’Arc", "phone": "06 99 88 77 66", "email": "Zoe@Example.com"}
    partner.book(wish("09:00", guest=guest))
    partner.book(wish("11:00", guest={**guest, "phone": "0033699887766"}))
    [customer] = db.session.scalars(select(Customer)).all()
    assert (customer.first_name, customer.phone, customer.email) == ("Zoë", "+33699887766", "Zoe@Example.com")


def test_a_sandbox_booking_says_so(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    key, _row = make_key(house.organisation, test=True)
    sandbox = partner.with_key(key)
    made = sandbox.book(wish(external_id="E-1"))
    assert made["test"] is True
    replay = partner.post(URL, json=wish(external_id="E-1"))
    assert (replay.status_code, replay.json) == (200, {"data": made})
    assert sandbox.data(f"/bookings/{made['id']}")["test"] is True
    assert db.session.scalars(select(Booking.test)).all() == [True]
    assert "test" not in partner.book(wish("15:00")), "A live booking has no such member."


@pytest.mark.parametrize(
    ("reference", "client_type"),
    [
        ("staycation.ABC", "staycation"), ("CLASSPASS.x.y", "classpass"), ("hotel.12", "hotel"),
        ("external.1", "external"), ("staycation", "staycation"), ("other.1", "external"), (".staycation", "external"),
        ("", "external"), (None, "external"),
    ],
)  # fmt: skip
def test_the_reference_tells_the_type(
    partner: PartnerClient, wish: MakeWish, reference: str | None, client_type: str
) -> None:
    made = partner.book(wish(external_reference=reference))
    assert (made["client_type"], made["external_reference"]) == (client_type, reference or None)
    assert (made["payment_method"], made["payment_status"]) == ("partner_billed", "paid"), "whatever the type"


def test_the_price_is_the_partners(partner: PartnerClient, wish: MakeWish) -> None:
    for at, amount in (("09:00", 0), ("11:00", 0.1), ("13:00", 99999999.99), ("15:00", 120)):
        made = partner.book(wish(at, price_paid={"amount": amount, "currency": "eur"}))
        assert made["total_price"] == {"amount": amount, "currency": "EUR"}
    assert sorted(db.session.scalars(select(Booking.price_minor))) == [0, 10, 12000, 9_999_999_999]


def test_a_duo_takes_two_therapists(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    made = partner.book(wish(variant_id=str(house.duo.uuid), guest_count=2))
    assert made["guest_count"] == 2
    assert db.session.scalars(select(Claim.resource_id)).all() == [house.duo_room.id]
    refused = partner.post(URL, json=wish())
    assert (refused.json or {})["reason"] == "no_therapist"


def test_guests_may_differ_from_the_variants(partner: PartnerClient, wish: MakeWish) -> None:
    assert partner.book(wish(guest_count=2))["guest_count"] == 2
    response = partner.post(URL, json=wish("14:00", guest_count=3))
    assert (response.status_code, (response.json or {})["reason"]) == (409, "no_therapist")


@pytest.mark.parametrize(
    ("at", "reason"),
    [("08:30", "outside_hours"), ("19:30", "outside_hours"), ("10:10", "off_grid"), ("03:00", "outside_hours")],
)
def test_a_slot_that_is_not_offered_is_refused(partner: PartnerClient, wish: MakeWish, at: str, reason: str) -> None:
    response = partner.post(URL, json=wish(at))
    assert (response.status_code, (response.json or {})["reason"]) == (409, reason)


def test_a_refusal_names_the_nearest_starts(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    for _ in range(2):
        partner.book(wish("10:00"))
    response = partner.post(URL, json=wish("10:00"))
    assert response.json == {
        "error": "slot_unavailable",
        "reason": "no_therapist",
        "alternatives": [instant_text(house, at) for at in ("11:00", "09:00", "11:30")],
    }
    for start in (response.json or {})["alternatives"]:
        partner.book(wish(start_at=start))


def test_alternatives_may_lie_on_other_days(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    response = partner.post(URL, json=wish("12:00", days=10))
    assert (response.json or {})["reason"] == "no_therapist"
    assert (response.json or {})["alternatives"][0] == instant_text(house, "19:00", days=6)
    response = partner.post(URL, json=wish("12:00", days=200))
    assert (response.json or {})["alternatives"] == []


def test_lead_time(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    house.massage.lead_time_minutes = 60
    save(house.massage)
    with clock.frozen(house.at("09:30") + timedelta(seconds=1)):
        assert (partner.post(URL, json=wish("10:30")).json or {})["reason"] == "lead_time"
    with clock.frozen(house.at("09:30")):
        partner.book(wish("10:30"))


def test_a_refusal_changes_nothing(partner: PartnerClient, wish: MakeWish) -> None:
    partner.get("/venues")
    before = count_rows()
    guest = {"first_name": "Nobody", "last_name": "Yet", "phone": "+33612345670"}
    bodies: list[Any] = [wish("03:00", guest=guest), wish(guest=guest, guest_count=21), wish(variant_id="x"), [], "x"]
    for body in bodies:
        assert partner.post(URL, json=body).status_code in {400, 409}
    assert count_rows() == before


def test_unknown_members_are_ignored(partner: PartnerClient, wish: MakeWish) -> None:
    guest = {**wish()["guest"], "loyalty": [1]}
    partner.book(wish(guest=guest, source={"deep": [{}]}, price_minor=1, status="confirmed", test=True))
    assert db.session.scalars(select(Booking.status)).all() == ["pending"]


def test_a_variant_of_elsewhere_is_not_found(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    elsewhere = make_treatment(house.marais).variants[0]
    retired = make_treatment(house.lutetia, active=False).variants[0]
    house.duo.active = False
    for variant in (elsewhere, retired, house.duo, house.massage):
        partner.refused(404, "Variant not found", URL, json=wish(variant_id=str(variant.uuid)))


def test_the_venues_country_reads_the_phone(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    reunion = make_venue(house.organisation, slug="saint-denis", country="RE", timezone="Indian/Reunion")
    nowhere = make_venue(house.organisation, slug="nowhere", country=None)
    guest = {"first_name": "A", "last_name": "B", "phone": "0692 12 34 56"}
    body: dict[str, Any] = wish(guest=guest)
    partner.refused(404, "Variant not found", f"/venues/{reunion.slug}/bookings", json=body)
    text = "`guest.phone` is required (E.164, e.g. +33612345678)"
    partner.refused(400, text, f"/venues/{nowhere.slug}/bookings", json=body)


def test_nobody_qualified(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    for therapist in (house.therese, house.marc):
        qualify(therapist, make_treatment(house.marais))
    response = partner.post(URL, json=wish())
    assert response.json == {"error": "slot_unavailable", "reason": "no_therapist", "alternatives": []}


def test_takes_few_statements(
    partner: PartnerClient, wish: MakeWish, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    """The number does not grow with the bookings of the day."""

    def send(at: str) -> int:
        guest = {"first_name": "A", "last_name": "B", "phone": f"+336123456{at[:2]}", "email": f"a{at[:2]}@example.com"}
        with statements() as sent:
            partner.book(wish(at, guest=guest, external_id=at))
        sent.at_most(24)
        return len(sent)

    partner.book(wish("09:00"))
    assert len(Counter(send(f"{hour}:00") for hour in range(10, 18))) == 1


def test_a_venue_in_another_currency(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    """Minor units are the currency's own: the yen has none."""
    make_venue(house.organisation, slug="kyoto", currency="JPY", country="JP", timezone="Asia/Tokyo")
    wishes: list[tuple[Any, int, str]] = [
        ({"amount": 12000.5, "currency": "JPY"}, 400,
         "`price_paid.amount` must be a positive number (major units, e.g. 120.00)"),
        ({"amount": 120, "currency": "EUR"}, 422, "price_paid.currency must match the venue currency (JPY)"),
        ({"amount": 12000, "currency": "jpy"}, 404, "Variant not found"),
    ]  # fmt: skip
    for price, status, text in wishes:
        partner.refused(status, text, "/venues/kyoto/bookings", json=wish(price_paid=price))
