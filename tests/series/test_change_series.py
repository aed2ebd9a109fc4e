"""This one, this and following, all: by the same distance on the wall clock, all or none, never what has begun."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from portal.bookings.creation import request_booking
from portal.clock import frozen
from portal.models import Series
from portal.series.errors import NothingLeft, SeriesConflict
from portal.series.making import create_series
from portal.series.preview import CONFLICT, OK
from portal.series.rules import Rule
from portal.series.service import ALL, FOLLOWING, THIS, change_series, continue_series, preview_change
from tests.factories import House, at
from tests.series.conftest import desk, made, walls, wish

TUESDAY = date(2027, 3, 2)


@pytest.fixture
def weekly(spring: House) -> Series:
    rule = Rule("WEEKLY", weekdays=(1,))
    return create_series(
        spring.lutetia, wish(spring, TUESDAY, therapists=(spring.therese,)), rule=rule, by=desk(spring)
    )


def test_this_one_alone(spring: House, weekly: Series) -> None:
    moved = made(weekly)[1]
    change_series(spring.lutetia, booking=moved, scope=THIS, starts_at=_at(spring, 9, "10:00"), by=desk(spring))

    assert moved.starts_at == _at(spring, 9, "10:00")
    assert moved.series_date == date(2027, 3, 9)
    assert sum(one.starts_at.date() == one.series_date and f"{one.starts_at:%H}" == "09" for one in made(weekly)) == 1


def test_this_and_the_following_keep_the_clock_over_its_change(spring: House, weekly: Series) -> None:
    second = made(weekly)[1]

    change_series(spring.lutetia, booking=second, scope=FOLLOWING, starts_at=_at(spring, 10, "16:30"), by=desk(spring))

    bookings = made(weekly)
    assert bookings[0].starts_at == _at(spring, 2, "18:00")
    assert walls(spring, bookings[1:]) == {"16:30"}
    assert {one.starts_at.weekday() for one in bookings[1:]} == {2}, "Wednesdays"
    assert {one.series_date.weekday() for one in bookings if one.series_date} == {1}, "the original dates"
    assert {one.status for one in bookings} == {"confirmed"}


def test_what_is_made_later_follows(spring: House, weekly: Series) -> None:
    change_series(
        spring.lutetia, booking=made(weekly)[1], scope=FOLLOWING, starts_at=_at(spring, 10, "16:30"), by=desk(spring)
    )
    before = len(made(weekly))

    with frozen(datetime.fromisoformat("2027-03-16T08:00+01:00")):
        continue_series(spring.lutetia)

    later = made(weekly)[before:]
    assert len(later) == 2
    assert walls(spring, later) == {"16:30"}
    assert {one.starts_at.weekday() for one in later} == {2}


def test_all_leaves_alone_what_has_begun(spring: House, weekly: Series) -> None:
    with frozen(_at(spring, 16, "18:10")):
        change_series(
            spring.lutetia, booking=made(weekly)[5], scope=ALL, starts_at=at(spring.lutetia, date(2027, 4, 6), "12:00"),
            by=desk(spring),
        )  # fmt: skip

    assert walls(spring, made(weekly)[:3]) == {"18:00"}
    assert walls(spring, made(weekly)[3:]) == {"12:00"}


def test_one_date_that_cannot_be_had_leaves_everything_as_it_was(spring: House, weekly: Series) -> None:
    for member in (spring.therese, spring.marc):
        request_booking(spring.lutetia, wish(spring, date(2027, 3, 23), "12:00", therapists=(member,)), by=desk(spring))
    booking, there = made(weekly)[1], _at(spring, 9, "12:00")

    found = preview_change(spring.lutetia, booking=booking, scope=FOLLOWING, starts_at=there)
    with pytest.raises(SeriesConflict) as refused:
        change_series(spring.lutetia, booking=booking, scope=FOLLOWING, starts_at=there, by=desk(spring))

    assert refused.value.dates == [date(2027, 3, 23)]
    assert [one.state for one in found[:4]] == [OK, OK, CONFLICT, OK]
    assert walls(spring, made(weekly)) == {"18:00"}


def test_a_daily_series_steps_a_day_on_without_stepping_on_itself(spring: House) -> None:
    asked = wish(spring, TUESDAY, therapists=(spring.therese,))
    daily = create_series(spring.lutetia, asked, rule=Rule("DAILY", count=5), by=desk(spring))

    change_series(spring.lutetia, booking=made(daily)[0], scope=ALL, starts_at=_at(spring, 3, "18:00"), by=desk(spring))
    assert [one.starts_at.day for one in made(daily)] == [3, 4, 5, 6, 7]
    change_series(spring.lutetia, booking=made(daily)[0], scope=ALL, starts_at=_at(spring, 2, "18:00"), by=desk(spring))
    assert [one.starts_at.day for one in made(daily)] == [2, 3, 4, 5, 6]


def test_another_therapist_takes_over_all_of_them(spring: House, weekly: Series) -> None:
    second = made(weekly)[1]
    change_series(
        spring.lutetia, booking=second, scope=FOLLOWING, starts_at=second.starts_at, therapist=spring.marc,
        by=desk(spring),
    )  # fmt: skip

    serving = [one.item.current_assignments[0].member.first_name for one in made(weekly)]
    assert serving == ["Thérèse", *["Marc"] * (len(serving) - 1)]
    assert weekly.template["therapists"] == [str(spring.marc.uuid)]


def test_a_time_in_the_spring_gap_is_a_conflict(spring: House, weekly: Series) -> None:
    gap = datetime.fromisoformat("2027-03-28T02:30")
    shift = gap - datetime.fromisoformat("2027-03-30T18:00")
    start = at(spring.lutetia, TUESDAY, "18:00") + shift + timedelta()

    found = preview_change(spring.lutetia, booking=made(weekly)[0], scope=ALL, starts_at=start)

    assert next(one for one in found if one.date == date(2027, 3, 30)).reason == "no_such_time"


def test_nothing_is_left_once_all_are_over(spring: House, weekly: Series) -> None:
    last = made(weekly)[-1]
    with frozen(last.ends_at), pytest.raises(NothingLeft):
        change_series(spring.lutetia, booking=last, scope=FOLLOWING, starts_at=last.starts_at, by=desk(spring))


def _at(house: House, day: int, clock: str) -> datetime:
    return at(house.lutetia, date(2027, 3, day), clock)
