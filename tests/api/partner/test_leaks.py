"""Nothing internal leaves: no key of a table, no note about health, no neighbour, no secret."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from portal import clock
from portal.audit import Actor
from portal.bookings.service import accept_booking
from portal.database import db
from portal.models import Booking, Offer
from tests.api.client import PartnerClient
from tests.api.conftest import MakeWish
from tests.factories import House, make_customer, save

CANARY = "CANARY"
# What may be a whole number in an answer; every other one could be a key of a table.
NUMBERS = {
    "booking_number", "guest_count", "duration", "available_capacity", "booking_count", "page", "limit", "total",
    "amount", "price", "vat", "slot_interval", "recurrence_interval", "booking_hold_duration_minutes",
    "out_of_hours_surcharge_percent", "lead_time", "sort_order", "days_of_week", "available_days",
}  # fmt: skip


def all_answers(partner: PartnerClient, house: House, wish: MakeWish) -> list[Any]:
    """One good answer of each operation, about a booking that Thérèse has accepted."""
    made = partner.book(wish(external_id="E"))
    offer = db.session.query(Offer).filter_by(member_id=house.therese.id).one()
    accept_booking(house.lutetia, offer=offer, by=Actor.of_member(house.therese, door="phone"))
    _plant_canaries(house)
    customers = partner.get("/venues/lutetia/customers").json
    guest = (customers or {})["data"][0]["id"]
    day = f"date={house.day}"
    paths = [
        "/venues", "/venues/lutetia", "/venues/lutetia/treatments", f"/venues/lutetia/availability?{day}",
        f"/venues/lutetia/availability?from={house.day}&to={house.day + timedelta(days=3)}",
        f"/venues/lutetia/availability/variants/{house.single.uuid}?{day}", f"/bookings/{made['id']}",
        "/venues/lutetia/customers", f"/venues/lutetia/customers/{guest}/bookings",
    ]  # fmt: skip
    cancelled = partner.post("/bookings/ext:E/cancel", json={"reason": f"{CANARY} reason"})
    refused = partner.post("/venues/lutetia/bookings", json=wish("03:00"))
    return [made, customers, cancelled.json, refused.json, *(partner.data(path) for path in paths)]


def test_no_canary_leaves(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    answers = json.dumps(all_answers(partner, house, wish), ensure_ascii=False)
    assert len(answers) > 3_000
    for word in (CANARY, house.therese.first_name, house.therese.email, house.key[20:], "chamonix", "Cabine"):
        assert word not in answers, word


def test_no_key_of_a_table_leaves(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    for name, value in _members(all_answers(partner, house, wish)):
        if isinstance(value, int | float) and not isinstance(value, bool):
            assert name in NUMBERS, f"{name}: {value}"


def test_a_refusal_tells_nothing_of_others(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    """A taken slot is answered in the same words whoever took it."""
    for _ in range(2):
        partner.book(wish(notes=CANARY, external_id=None, guest={**wish()["guest"], "last_name": CANARY}))
    refused = partner.post("/venues/lutetia/bookings", json=wish())
    assert set(refused.json or {}) == {"error", "reason", "alternatives"}
    assert CANARY not in refused.text


def _plant_canaries(house: House) -> None:
    """Everywhere a partner has no business: staff, rooms, keys, neighbours, history."""
    make_customer(house.neighbour, last_name=CANARY)
    for thing in (house.neighbour, house.chamonix, house.massage.room_type, *house.rooms, house.duo_room):
        assert thing is not None
        thing.name = CANARY
    for member in (house.camille, house.maud):
        member.first_name = member.last_name = CANARY
    house.key_row.name = CANARY
    save(house.key_row)
    booking = db.session.query(Booking).one()
    booking.remember(CANARY, by=Actor.of_key(house.key_row, door="partner"), at=clock.now(), note=CANARY)
    db.session.execute(text(f'UPDATE audit_entry SET details = \'{{"note": "{CANARY}"}}\''))  # noqa: S608
    db.session.commit()


def _members(value: Any, name: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [pair for key, one in value.items() for pair in _members(one, key)]
    if isinstance(value, list):
        return [pair for one in value for pair in _members(one, name)]
    return [(name, value)]
