"""GET /v1/bookings/{booking_id}."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from urllib.parse import quote

from sqlalchemy import select

from portal import clock
from portal.audit import Actor
from portal.bookings.service import accept_booking
from portal.database import db
from portal.models import Booking, Offer
from tests.api.client import PartnerClient
from tests.api.conftest import MakeWish
from tests.api.wishes import instant_text
from tests.factories import House
from tests.support.statements import Statements


def test_tells_exactly_this(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    at = clock.now().replace(microsecond=123)
    guest = {"first_name": "Zoë", "last_name": "D’Arc", "phone": "0699887766", "email": "Z@Example.com",
             "language": "en"}  # fmt: skip
    with clock.frozen(at):
        made = partner.book(wish("10:00", guest=guest, notes="Allergie", external_id="E", external_reference="hotel.1"))
    told = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    assert partner.data(f"/bookings/{made['id']}") == {
        "id": made["id"],
        "booking_number": 1,
        "status": "pending",
        "venue_id": str(house.lutetia.uuid),
        "treatment_id": str(house.massage.uuid),
        "variant_id": str(house.single.uuid),
        "start_at": instant_text(house, "10:00"),
        "end_at": instant_text(house, "11:00"),
        "duration": 60,
        "guest_count": 1,
        "guest": {
            "first_name": "Zoë",
            "last_name": "D’Arc",
            "email": "Z@Example.com",
            "phone": "+33699887766",
            "language": "en",
            "room_number": None,
        },
        "therapist": None,
        "notes": "Allergie",
        "external_reference": "hotel.1",
        "external_id": "E",
        "price": {"amount": 12000, "currency": "EUR"},
        "total_price": {"amount": 120.0, "currency": "EUR"},
        "client_type": "hotel",
        "payment_method": "partner_billed",
        "payment_status": "paid",
        "created_at": told,
        "updated_at": told,
        "cancellation": None,
    }


def test_names_the_therapist_once_she_accepted(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    made = partner.book(wish())
    offer = db.session.scalars(select(Offer).where(Offer.member_id == house.therese.id)).one()
    at = clock.now().replace(microsecond=0) + timedelta(minutes=5)
    with clock.frozen(at):
        accept_booking(house.lutetia, offer=offer, by=Actor.of_member(house.therese, door="phone"))
    told = partner.data(f"/bookings/{made['id']}")
    assert told["status"] == "confirmed"
    assert told["therapist"] == {"id": str(house.therese.uuid), "assigned_at": f"{at:%Y-%m-%dT%H:%M:%SZ}"}


def test_is_found_by_its_external_names(partner: PartnerClient, wish: MakeWish) -> None:
    """The rest of the path is the value, URL-decoded, slashes included."""
    values = ("a/b//c/", "é 👍 ?#%2F+&", "cancel", "x/cancel", "a\nb\r\n")
    for at, value in zip(("09:00", "10:00", "11:00", "12:00", "13:00"), values, strict=True):
        made = partner.book(wish(at, external_id=value, external_reference=f"ref.{value}"))
        for wanted in (value, f"ref.{value}"):
            for written in (quote(f"ext:{wanted}"), quote(f"ext:{wanted}", safe="")):
                assert partner.data(f"/bookings/{written}")["id"] == made["id"], written


def test_the_external_id_comes_first_then_the_newest(partner: PartnerClient, wish: MakeWish) -> None:
    by_id = partner.book(wish("09:00", external_id="X"))
    partner.book(wish("11:00", external_reference="X"))
    assert partner.data("/bookings/ext:X")["id"] == by_id["id"]
    partner.book(wish("13:00", external_reference="Y"))
    newest = partner.book(wish("15:00", external_reference="Y"))
    assert partner.data("/bookings/ext:Y")["id"] == newest["id"]


def test_an_uuid_is_no_external_name(partner: PartnerClient, wish: MakeWish) -> None:
    made = partner.book(wish())
    partner.refused(404, "BOOKING_NOT_FOUND", f"/bookings/ext:{made['id']}", method="GET")
    partner.refused(404, "BOOKING_NOT_FOUND", f"/bookings/{made['booking_number']}", method="GET")


def test_takes_few_statements(
    partner: PartnerClient, wish: MakeWish, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    made = partner.book(wish(external_id="E"))
    partner.get("/venues")
    for path in (f"/bookings/{made['id']}", "/bookings/ext:E"):
        with statements() as sent:
            partner.data(path)
        sent.at_most(3)


def test_times_are_utc_whatever_the_venues_zone(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    made = partner.book(wish(start_at=f"{house.at('10:00').astimezone():%Y-%m-%dT%H:%M:%S%z}"))
    assert made["start_at"] == instant_text(house, "10:00")
    assert db.session.scalars(select(Booking.starts_at)).one() == house.at("10:00")
