"""GET /v1/venues/{venue_id}/availability/variants/{variant_id}."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.models import Variant
from tests.api.client import PartnerClient
from tests.api.conftest import MakeWish
from tests.factories import House, make_treatment, qualify, save


def url(variant: object, query: str) -> str:
    return f"/venues/lutetia/availability/variants/{variant}?{query}"


def test_a_day_for_a_variant(partner: PartnerClient, house: House) -> None:
    found = partner.data(url(house.single.uuid, f"date={house.day}"))
    assert found["treatment_id"] == str(house.massage.uuid)
    assert found["variant_id"] == str(house.single.uuid)
    times = [slot["time"] for slot in found["slots"]]
    assert (times[0], times[-1]) == ("09:00", "19:00"), "The whole treatment must fit before closing."


def test_a_range_for_a_variant(partner: PartnerClient, house: House) -> None:
    found = partner.data(url(house.duo.uuid, f"from={house.day}&to={house.day + timedelta(days=1)}"))
    assert found["days"] == [house.day.isoformat(), (house.day + timedelta(days=1)).isoformat()]
    assert found["variant_id"] == str(house.duo.uuid)


def test_a_duo_counts_two_guests(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    slots = partner.data(url(house.duo.uuid, f"date={house.day}"))["slots"]
    assert {slot["available_capacity"] for slot in slots} == {2}
    partner.book(wish("10:00"))
    times = [slot["time"] for slot in partner.data(url(house.duo.uuid, f"date={house.day}"))["slots"]]
    assert {"09:30", "10:00", "10:30"}.isdisjoint(times), "Two therapists are needed, and one is taken."


def test_only_qualified_therapists_count(partner: PartnerClient, house: House) -> None:
    other = make_treatment(house.lutetia, house.massage.room_type)
    qualify(house.marc, other)
    slots = partner.data(url(house.single.uuid, f"date={house.day}"))["slots"]
    assert {slot["available_capacity"] for slot in slots} == {1}
    assert partner.data(url(house.duo.uuid, f"date={house.day}"))["slots"] == []


def test_the_question_comes_before_the_variant(partner: PartnerClient) -> None:
    partner.refused(400, "Provide `date` or `from`/`to`", url(uuid4(), ""), method="GET")
    partner.refused(400, "Invalid `date` (expected YYYY-MM-DD)", url("nonsense", "date=x"), method="GET")


def test_an_unknown_variant_is_not_found(partner: PartnerClient, house: House) -> None:
    strange = make_treatment(house.marais).variants[0]
    retired = make_treatment(house.lutetia, active=False).variants[0]
    for variant in (uuid4(), "nonsense", "%00", f"{{{house.single.uuid}}}", strange.uuid, retired.uuid):
        partner.refused(404, "Variant not found", url(variant, f"date={house.day}"), method="GET")


@pytest.mark.parametrize("name", ["single", "duo"])
def test_an_inactive_variant_is_not_found(partner: PartnerClient, house: House, name: str) -> None:
    variant: Variant = getattr(house, name)
    variant.active = False
    save(variant)
    partner.refused(404, "Variant not found", url(variant.uuid, f"date={house.day}"), method="GET")


def test_what_is_offered_can_be_booked_and_nothing_else(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    """The list and the creation answer alike, whatever else happens on the day."""
    grid = [f"{hour:02d}:{minute:02d}" for hour in range(7, 22) for minute in (0, 30)]
    for at in ("09:00", "09:00", "13:30", "13:30", "16:00"):
        partner.book(wish(at))
    for at in reversed(grid):
        offered = [slot["time"] for slot in partner.data(url(house.single.uuid, f"date={house.day}"))["slots"]]
        response = partner.post("/venues/lutetia/bookings", json=wish(at))
        assert (response.status_code == 201) == (at in offered), f"{at}: {response.text}, offered {offered}"
