"""GET /v1/venues/{venue_id}/availability."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import time, timedelta

import pytest

from portal import clock
from tests.api.client import PartnerClient
from tests.api.conftest import MakeWish
from tests.factories import House, make_treatment, qualify, save
from tests.support.statements import Statements

URL = "/venues/lutetia/availability"

# In the order of the contract: the first text that applies is the one that is told.
REFUSED = {
    "": "Provide `date` or `from`/`to`",
    "page=1": "Provide `date` or `from`/`to`",
    "date=2030-01-01&from=2030-01-01": "Use either `date` or `from`/`to`, not both",
    "date=2030-01-01&from=2030-01-01&to=2030-01-02": "Use either `date` or `from`/`to`, not both",
    "date=nonsense&to=2030-01-02": "Use either `date` or `from`/`to`, not both",
    "date=2030-02-30": "Invalid `date` (expected YYYY-MM-DD)",
    "date=2030-2-3": "Invalid `date` (expected YYYY-MM-DD)",
    "date=20300203": "Invalid `date` (expected YYYY-MM-DD)",
    "date=2030-02-03T00:00:00Z": "Invalid `date` (expected YYYY-MM-DD)",
    "date=2030-W05-7": "Invalid `date` (expected YYYY-MM-DD)",
    "date=%D9%A2%D9%A0%D9%A3%D9%A0-01-01": "Invalid `date` (expected YYYY-MM-DD)",
    "date=1999-12-31": "Invalid `date` (expected YYYY-MM-DD)",
    "date=2101-01-01": "Invalid `date` (expected YYYY-MM-DD)",
    "date=9999-12-31": "Invalid `date` (expected YYYY-MM-DD)",
    "date=%00": "Invalid `date` (expected YYYY-MM-DD)",
    "date=": "Invalid `date` (expected YYYY-MM-DD)",
    "from=2030-01-01": "Both `from` and `to` are required for a range",
    "to=nonsense": "Both `from` and `to` are required for a range",
    "from=2030-01-01&to=nonsense": "Invalid `from`/`to` (expected YYYY-MM-DD)",
    "from=2030-13-01&to=2029-01-01": "Invalid `from`/`to` (expected YYYY-MM-DD)",
    "from=0001-01-01&to=9999-12-31": "Invalid `from`/`to` (expected YYYY-MM-DD)",
    "from=2030-01-02&to=2030-01-01": "`to` must be on or after `from`",
    "from=2100-12-31&to=2000-01-01": "`to` must be on or after `from`",
    "from=2030-01-01&to=2030-03-04": "Range must not exceed 62 days",
    "from=2000-01-01&to=2100-12-31": "Range must not exceed 62 days",
}


@pytest.mark.parametrize("query", REFUSED)
def test_a_wrong_question_is_refused(partner: PartnerClient, query: str) -> None:
    partner.refused(400, REFUSED[query], f"{URL}?{query}", method="GET")


def test_the_venue_comes_before_the_question(partner: PartnerClient) -> None:
    partner.refused(404, "Venue not found", "/venues/nowhere/availability", method="GET")


def test_a_day_lists_its_slots(partner: PartnerClient, house: House) -> None:
    found = partner.data(f"{URL}?date={house.day}")
    assert (found["venue_id"], found["date"]) == (str(house.lutetia.uuid), house.day.isoformat())
    times = [slot["time"] for slot in found["slots"]]
    assert (times[0], times[-1], len(times)) == ("09:00", "19:30", 22), "One grid step must fit before closing."
    assert found["slots"][0] == {"time": "09:00", "out_of_hours": False, "available_capacity": 2}


def test_capacity_counts_guests_who_could_still_come(partner: PartnerClient, house: House, wish: MakeWish) -> None:
    partner.book(wish("10:00"))
    slots = {slot["time"]: slot["available_capacity"] for slot in partner.data(f"{URL}?date={house.day}")["slots"]}
    assert (slots["09:30"], slots["10:00"], slots["10:30"], slots["11:00"]) == (2, 1, 1, 2)
    partner.book(wish("10:00"))
    times = [slot["time"] for slot in partner.data(f"{URL}?date={house.day}")["slots"]]
    assert {"10:00", "10:30"}.isdisjoint(times)


def test_skills_and_treatments_do_not_matter(partner: PartnerClient, house: House) -> None:
    house.massage.active = False
    save(house.massage)
    for therapist in (house.therese, house.marc):
        qualify(therapist, make_treatment(house.marais))
    assert partner.data(f"{URL}?date={house.day}")["slots"][0]["available_capacity"] == 2


def test_out_of_hours_slots_are_marked(partner: PartnerClient, house: House) -> None:
    house.lutetia.allow_out_of_hours_booking = True
    house.lutetia.opening_time, house.lutetia.closing_time = time(11), time(13)
    save(house.lutetia)
    slots = partner.data(f"{URL}?date={house.day}")["slots"]
    assert [slot["time"] for slot in slots if not slot["out_of_hours"]] == ["11:00", "11:30", "12:00", "12:30"]
    assert [slots[0]["time"], slots[-1]["time"]] == ["09:00", "14:30"]


def test_a_day_without_slots_is_empty(partner: PartnerClient, house: House) -> None:
    for day in (house.day - timedelta(days=2), house.day + timedelta(days=30)):
        assert partner.data(f"{URL}?date={day}")["slots"] == []


def test_a_range_lists_the_days_that_have_slots(partner: PartnerClient, house: House) -> None:
    first, last = house.day - timedelta(days=30), house.day + timedelta(days=31)
    found = partner.data(f"{URL}?from={first}&to={last}")
    expected = [(house.day + timedelta(days=offset)).isoformat() for offset in range(7)]
    assert found == {
        "venue_id": str(house.lutetia.uuid),
        "from": first.isoformat(),
        "to": last.isoformat(),
        "days": expected,
    }


def test_today_ends_with_the_day(partner: PartnerClient, house: House) -> None:
    with clock.frozen(house.at("15:10")):
        slots = partner.data(f"{URL}?date={house.day}")["slots"]
        assert slots[0]["time"] == "15:30"
    with clock.frozen(house.at("23:00")):
        found = partner.data(f"{URL}?from={house.day}&to={house.day}")
        assert found["days"] == []


def test_two_months_take_as_few_statements_as_a_day(
    partner: PartnerClient,
    house: House,
    wish: MakeWish,
    statements: Callable[[], AbstractContextManager[Statements]],
) -> None:
    for hour in range(9, 19):
        partner.book(wish(f"{hour:02d}:00"))
    queries = [f"date={house.day}", f"from={house.day}&to={house.day + timedelta(days=61)}"]
    for query in queries:
        partner.data(f"{URL}?{query}")
        with statements() as sent:
            partner.data(f"{URL}?{query}")
        sent.at_most(6)
