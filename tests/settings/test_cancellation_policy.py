"""The cancellation tiers as a staircase: read, edited, tried with an example, kept apart from bookings made before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.bookings.cancellation import tier_percent
from portal.clock import now
from portal.demo.sites import TIERS
from portal.models import Booking
from portal.settings.policy.tiers import Step, percent_at, steps_of, tiers_of
from tests.factories import House
from tests.settings.conftest import trail
from tests.support.client import PageClient

PAGE = "/v/lutetia/settings/cancellation/"
STAIRS = [Step(24, 100), Step(2, 50), Step(0, 0)]


def test_tiers_and_steps_say_the_same() -> None:
    assert steps_of(TIERS) == STAIRS
    assert steps_of(tiers_of(STAIRS)) == STAIRS
    assert steps_of([]) == [Step(0, 100)]
    # Between 5 and 10 hours no tier is: all goes back.
    gaps = [
        {"min_hours": 10, "max_hours": 20, "refund_percent": 30},
        {"min_hours": 0, "max_hours": 5, "refund_percent": 0},
    ]
    assert steps_of(gaps) == [Step(20, 100), Step(10, 30), Step(5, 100), Step(0, 0)]


@pytest.mark.parametrize("hours", [0.5, 2, 2.1, 23, 24, 24.1, 30, 9000])
def test_the_example_says_what_a_cancellation_does(hours: float) -> None:
    from_booking = tier_percent_of(tiers_of(STAIRS), hours)
    assert percent_at(STAIRS, hours) == from_booking


def tier_percent_of(tiers: list[dict[str, int]], hours: float) -> int:
    at = now()
    return tier_percent(Booking(cancellation_tiers=tiers, starts_at=at + timedelta(hours=hours)), at=at)


def test_edited_with_an_example_before_it_is_saved(house: House, maud: PageClient) -> None:
    maud.get(PAGE)
    steps = {"hours_1": "48", "percent_1": "100", "hours_2": "24", "percent_2": "50", "rest": "0"}
    maud.get(f"{PAGE}example", query_string=steps | {"example_hours": "30", "example_deposit": "40"})
    assert "Cancelled 30 h before, deposit €40.00 → €20.00 back" in maud.page.text
    maud.get(PAGE)
    form = maud.page.one(".//main//form")
    token = {**maud.page.values_of(form), **steps, "example_hours": "48", "example_deposit": "33.33"}
    assert maud.post(f"{PAGE}example", data=token).status_code == 200
    assert "Cancelled 48 h before, deposit €33.33 → €16.67 back" in maud.page.text
    assert maud.page.one(".//*[@id='hours_1']").get("value") == "48"
    assert house.lutetia.cancellation_tiers == []

    assert maud.submit(".//main//form", steps | {"deposit_wording": "acompte"}).status_code == 303
    assert house.lutetia.deposit_wording == "acompte"
    assert steps_of(house.lutetia.cancellation_tiers) == [Step(48, 100), Step(24, 50), Step(0, 0)]
    assert set(trail("venue:changed")[0]) == {"cancellation_tiers", "deposit_wording"}


def test_half_a_step_and_a_step_twice(house: House, maud: PageClient) -> None:
    maud.get(PAGE)
    assert maud.submit(".//main//form", {"hours_1": "24"}).status_code == 422
    assert maud.page.one(".//*[@id='percent_1-error']") is not None
    twice = {"hours_1": "24", "percent_1": "100", "hours_2": "24", "percent_2": "50"}
    assert maud.submit(".//main//form", twice).status_code == 422
    assert maud.page.one(".//*[@id='hours_2']").get("value") == "24"
    assert house.lutetia.cancellation_tiers == []
