"""GET /v1/venues/{venue_id}."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from tests.api.client import PartnerClient
from tests.factories import House, save


@pytest.mark.parametrize("by", ["uuid", "slug"])
def test_is_found_by_uuid_and_by_slug(partner: PartnerClient, house: House, by: str) -> None:
    assert partner.data(f"/venues/{getattr(house.lutetia, by)}")["slug"] == "lutetia"


def test_an_uuid_may_be_written_in_capitals(partner: PartnerClient, house: House) -> None:
    assert partner.data(f"/venues/{str(house.lutetia.uuid).upper()}")["slug"] == "lutetia"


def test_a_venue_tells_exactly_this(partner: PartnerClient, house: House) -> None:
    venue = house.lutetia
    venue.vat = Decimal("5.50")
    venue.opening_time, venue.closing_time = time(9, 30), time(0)
    venue.schedule_type, venue.days_of_week = "specific_days", [1, 6]
    venue.recurring_start_date = date(2026, 1, 5)
    venue.booking_hold_enabled, venue.booking_hold_duration_minutes = True, 15
    venue.out_of_hours_surcharge_percent = 25
    save(venue)
    assert partner.data("/venues/lutetia") == {
        "id": str(venue.uuid),
        "slug": "lutetia",
        "name": "Spa Lutèce",
        "image": None,
        "cover_image": None,
        "city": None,
        "country": "FR",
        "currency": "EUR",
        "venue_type": "hotel",
        "description": None,
        "landing_subtitle": None,
        "timezone": "Europe/Paris",
        "status": "active",
        "vat": 5.5,
        "opening_time": "09:30:00",
        "closing_time": "00:00:00",
        "slot_interval": 30,
        "schedule_type": "specific_days",
        "days_of_week": [1, 6],
        "recurrence_interval": 1,
        "recurring_start_date": "2026-01-05",
        "recurring_end_date": None,
        "offert": False,
        "booking_hold_enabled": True,
        "booking_hold_duration_minutes": 15,
        "allow_out_of_hours_booking": False,
        "out_of_hours_surcharge_percent": 25,
    }
