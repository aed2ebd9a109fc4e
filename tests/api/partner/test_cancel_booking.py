"""POST /v1/bookings/{booking_id}/cancel."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.models import AuditEntry, Booking, Claim
from tests.api.client import PartnerClient
from tests.api.conftest import MakeWish
from tests.factories import House, save

REASON = "`reason` is required"
LONG = "`reason` must be at most 500 characters"
BY = "`cancelled_by` must be partner or customer"
ALREADY = "BOOKING_ALREADY_CANCELLED"
TIERS = [
    {"max_hours": 48, "min_hours": 24, "refund_percent": 50},
    {"max_hours": 24, "min_hours": 0, "refund_percent": 0},
]


def cancel(partner: PartnerClient, booking_id: str, **body: Any) -> dict[str, Any]:
    response = partner.post(f"/bookings/{booking_id}/cancel", json={"reason": "Flight cancelled", **body})
    assert response.status_code == 200, response.text
    return dict((response.json or {})["data"])


def test_answers_with_the_cancelled_booking(partner: PartnerClient, wish: MakeWish) -> None:
    made = partner.book(wish(external_id="E"))
    at = clock.now().replace(microsecond=0)
    with clock.frozen(at):
        told = cancel(partner, "ext:E")
    assert (told["id"], told["status"]) == (made["id"], "cancelled")
    assert told["cancellation"] == {
        "fee": {"amount": 0.0, "currency": "EUR"},
        "policy": "Annulation sans frais.",
        "cancelled_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
    }
    assert partner.data("/bookings/ext:E") == told


def test_frees_the_slot_and_says_who(partner: PartnerClient, wish: MakeWish) -> None:
    made = partner.book(wish(guest_count=2))
    assert partner.post("/venues/lutetia/bookings", json=wish()).status_code == 409
    cancel(partner, made["id"], cancelled_by="customer")
    booking = db.session.scalars(select(Booking)).one()
    assert (booking.cancelled_by, booking.cancellation_reason) == ("customer", "Flight cancelled")
    assert not any(db.session.scalars(select(Claim.active)))
    assert "booking:cancelled" in db.session.scalars(select(AuditEntry.verb)).all()
    partner.book(wish())


def test_the_partner_cancels_by_default(partner: PartnerClient, wish: MakeWish) -> None:
    for at, body in (("10:00", {}), ("12:00", {"cancelled_by": None}), ("14:00", {"cancelled_by": "partner"})):
        cancel(partner, partner.book(wish(at))["id"], **body)
    assert db.session.scalars(select(Booking.cancelled_by)).all() == ["partner"] * 3


@pytest.mark.parametrize(
    ("hours", "fee", "policy_fr", "policy_en"),
    [
        (49, 0.0, "Annulation sans frais.", "Cancelled free of charge."),
        (48, 60.0, "60,00\u00a0€", "€60.00"),
        (24.5, 60.0, "50\u00a0%", "50%"),
        (24, 120.0, "120,00\u00a0€", "€120.00"),
        (0.5, 120.0, "remboursement", "too late for a refund"),
    ],
)
def test_the_tiers_decide_the_fee(
    partner: PartnerClient, house: House, wish: MakeWish, hours: float, fee: float, policy_fr: str, policy_en: str
) -> None:
    house.lutetia.cancellation_tiers = TIERS
    save(house.lutetia)
    for at, language, policy in (("12:00", "fr", policy_fr), ("14:00", "en", policy_en)):
        guest = {**wish()["guest"], "language": language}
        made = partner.book(wish(at, days=3, guest=guest))
        with clock.frozen(house.at(at, days=3) - timedelta(hours=hours)):
            told = cancel(partner, made["id"])["cancellation"]
        assert told["fee"] == {"amount": fee, "currency": "EUR"}
        assert policy in told["policy"]


def test_the_policy_is_the_one_of_the_day_of_booking(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    made = partner.book(wish(days=2))
    house.lutetia.cancellation_tiers = [{"max_hours": 10_000, "min_hours": 0, "refund_percent": 0}]
    save(house.lutetia)
    assert cancel(partner, made["id"])["cancellation"]["fee"]["amount"] == 0.0


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, REASON), ({"reason": None}, REASON), ({"reason": ""}, REASON), ({"reason": " \n"}, REASON),
        ({"reason": 5}, REASON), ({"reason": ["x"]}, REASON), ({"reason": "x" * 501}, LONG), ({"reason": "\0"}, LONG),
        ({"reason": "\ud800"}, LONG), ({"reason": "x" * 501, "cancelled_by": "me"}, LONG),
        ({"reason": "x", "cancelled_by": "venue"}, BY), ({"reason": "x", "cancelled_by": ""}, BY),
        ({"reason": "x", "cancelled_by": True}, BY), ({"reason": "x", "cancelled_by": []}, BY),
        ([], "Invalid JSON body"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused(partner: PartnerClient, wish: MakeWish, body: Any, text: str) -> None:
    made = partner.book(wish())
    partner.refused(400, text, f"/bookings/{made['id']}/cancel", json=body)
    assert partner.data(f"/bookings/{made['id']}")["status"] == "pending"
    cancel(partner, made["id"], reason="x" * 500)


def test_the_order_is_404_403_400_422(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    made = partner.book(wish())
    cancel(partner, made["id"])
    partner.refused(404, "BOOKING_NOT_FOUND", f"/bookings/{uuid4()}/cancel", data="x")
    partner.refused(400, REASON, f"/bookings/{made['id']}/cancel", json={})
    partner.refused(422, ALREADY, f"/bookings/{made['id']}/cancel", json={"reason": "again"})
    booking = db.session.scalars(select(Booking)).one()
    booking.channel = "desk"
    partner.refused(403, "FORBIDDEN", f"/bookings/{made['id']}/cancel", data="x")


@pytest.mark.parametrize("status", ["ongoing", "completed", "noshow"])
def test_what_has_begun_cannot_be_cancelled(partner: PartnerClient, wish: MakeWish, status: str) -> None:
    made = partner.book(wish())
    booking = db.session.scalars(select(Booking)).one()
    booking.status = status
    partner.refused(422, ALREADY, f"/bookings/{made['id']}/cancel", json={"reason": "x"})
    assert partner.data(f"/bookings/{made['id']}")["status"] == status


def test_two_at_once_cancel_once(partner: PartnerClient, wish: MakeWish) -> None:
    made = partner.book(wish())

    def send(_number: int) -> int:
        return partner.post(f"/bookings/{made['id']}/cancel", json={"reason": "x"}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [200, 422, 422, 422]
    cancelled = select(AuditEntry).where(AuditEntry.verb == "booking:cancelled")
    assert len(db.session.scalars(cancelled).all()) == 1
