"""A repeated block keeps its wall times; a time that the clock leaves out is named."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from portal.blocks.repeats import dates
from portal.clock import frozen, local_instant
from portal.errors import Invalid
from tests.blocks.conftest import MakeBlock, desk, person
from tests.factories import House

PARIS = "Europe/Paris"
MONDAY = datetime.combine(date(2027, 3, 1), time(12, 30))
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;COUNT=3", ["03-01", "03-02", "03-03"]),
        ("FREQ=DAILY;INTERVAL=10;UNTIL=20270321T235959", ["03-01", "03-11", "03-21"]),
        ("FREQ=DAILY;UNTIL=20270303", ["03-01", "03-02", "03-03"]),
        ("FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20270311T235959", ["03-01", "03-04", "03-08", "03-11"]),
        ("FREQ=WEEKLY;BYDAY=WE;COUNT=2", ["03-03", "03-10"]),
        ("FREQ=MONTHLY;COUNT=3", ["03-01", "04-01", "05-01"]),
    ],
)
def test_the_dates_of_a_rule(rule: str, expected: list[str]) -> None:
    found = dates(rule, MONDAY)
    assert [f"{one:%m-%d}" for one in found] == expected
    assert {one.time() for one in found} == {time(12, 30)}


def test_a_month_without_the_31st_is_left_out() -> None:
    assert [one.month for one in dates("FREQ=MONTHLY;COUNT=3", datetime.combine(date(2027, 1, 31), time(9)))] == [
        1,
        3,
        5,
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "", "x", "FREQ=HOURLY;COUNT=2", "FREQ=DAILY", "FREQ=DAILY;COUNT=2;UNTIL=20270401", "FREQ=DAILY;COUNT=105",
        "FREQ=DAILY;UNTIL=20270801", "FREQ=MONTHLY;COUNT=26", "FREQ=DAILY;UNTIL=20270228", "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;UNTIL=99991231", "FREQ=DAILY;INTERVAL=0;COUNT=2", "FREQ=DAILY;INTERVAL=99999;COUNT=2",
        "FREQ=DAILY;COUNT=1e9", "FREQ=DAILY;COUNT=٣", "FREQ=WEEKLY;BYDAY=XX;COUNT=2", "FREQ=DAILY;FREQ=DAILY;COUNT=2",
        "FREQ=DAILY;COUNT=2\nDTSTART:20200101", "FREQ=DAILY;COUNT=" + "9" * 5000, "FREQ=YEARLY;COUNT=4",
        "FREQ=DAILY;BYHOUR=3;COUNT=2",
    ],
    ids=lambda rule: rule[:40],
)  # fmt: skip
def test_a_rule_that_is_none_or_too_long_is_refused(rule: str) -> None:
    with pytest.raises(Invalid):
        dates(rule, MONDAY)


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_lunch_stays_at_half_past_twelve_when_the_clock_changes(house: House, block: MakeBlock, change: date) -> None:
    friday = change - timedelta(days=2)
    with frozen(_at(friday, "08:00")):
        made = block(
            None, None, starts_at=_at(friday, "12:30"), ends_at=_at(friday, "13:30"),
            rule=f"FREQ=DAILY;UNTIL={change + timedelta(days=1):%Y%m%d}T235959",
        )  # fmt: skip
    assert [(one.starts_at, one.ends_at) for one in made] == [
        (_at(friday + timedelta(days=n), "12:30"), _at(friday + timedelta(days=n), "13:30")) for n in range(4)
    ]
    gaps = {later.starts_at - earlier.starts_at for earlier, later in pairwise(made)}
    assert gaps == {timedelta(hours=24), timedelta(hours=23 if change == SPRING else 25)}


def test_a_time_that_the_clock_leaves_out_is_named(house: House, block: MakeBlock) -> None:
    friday = SPRING - timedelta(days=2)
    with frozen(_at(friday, "01:00")), pytest.raises(Invalid) as told:
        block(
            None, None, house.rooms[0], kind="cleaning", starts_at=_at(friday, "02:30"), ends_at=_at(friday, "04:00"),
            rule="FREQ=DAILY;COUNT=4",
        )  # fmt: skip
    assert told.value.field == "start"
    assert "28 mars 2027" in str(told.value.message)
    assert "02:30" in str(told.value.message)


def test_a_night_that_the_clock_makes_longer_is_blocked_to_its_end(house: House, block: MakeBlock) -> None:
    with frozen(_at(AUTUMN, "00:05")):
        [night] = block(
            None, None, house.rooms[0], starts_at=_at(AUTUMN, "00:00"), ends_at=_at(AUTUMN + timedelta(days=1), "00:00")
        )
    assert night.ends_at - night.starts_at == timedelta(hours=25)
    assert [claim.ends_at - claim.starts_at for claim in night.claims] == [timedelta(hours=24), timedelta(hours=1)]


def test_nights_repeat_over_midnight(house: House, block: MakeBlock) -> None:
    made = block(
        "22:00", None, house.rooms[0], ends_at=house.at("06:00", days=1), rule="FREQ=DAILY;COUNT=3", kind="cleaning"
    )
    assert [one.ends_at for one in made] == [house.at("06:00", days=n) for n in (1, 2, 3)]


def test_what_repeats_lasts_at_most_a_day(house: House, block: MakeBlock) -> None:
    with pytest.raises(Invalid) as told:
        block("09:00", None, ends_at=house.at("09:05", days=1), rule="FREQ=WEEKLY;COUNT=2")
    assert told.value.field == "last_day"


def test_two_years_of_weeks_for_everybody_are_made_at_once(house: House, block: MakeBlock) -> None:
    everybody = [person(house.therese), person(house.marc), *house.rooms]
    made = block("12:30", "13:30", *everybody, rule="FREQ=WEEKLY;COUNT=104", by=desk(house))
    assert len(made) == 416


def _at(day: date, clock: str) -> datetime:
    return local_instant(datetime.combine(day, time.fromisoformat(clock)), PARIS)
