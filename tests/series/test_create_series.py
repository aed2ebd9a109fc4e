"""A series: each date a booking of its own, all or none, 18:00 stays 18:00, and one undo takes all away."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from portal.bookings.creation import request_booking
from portal.clock import frozen
from portal.database import db
from portal.models import Booking, Series, Shift
from portal.series.errors import NotRepeatable, SeriesConflict, WrongChoice
from portal.series.making import create_series
from portal.series.preview import CONFLICT, FIRST, LATER, OK, preview_series
from portal.series.rules import InvalidRule, Rule
from tests.factories import House, at, save
from tests.series.conftest import dates, desk, made, walls, wish

TUESDAY = date(2027, 3, 2)
WEEKLY = Rule("WEEKLY", weekdays=(1,), count=6)


def test_every_date_is_a_booking_of_its_own_and_18_00_stays_18_00(spring: House) -> None:
    series = create_series(spring.lutetia, wish(spring, TUESDAY), rule=WEEKLY, by=desk(spring))

    bookings = made(series)
    assert dates(bookings) == ["02.03.", "09.03.", "16.03.", "23.03.", "30.03.", "06.04."]
    assert walls(spring, bookings) == {"18:00"}
    assert {one.starts_at.hour for one in bookings} == {16, 17}, "the clock changed between them"
    assert len({one.number for one in bookings}) == 6
    assert all(one.item.offers for one in bookings)


def test_a_booking_becomes_the_first_of_its_series(spring: House) -> None:
    asked = wish(spring, TUESDAY, notes="Épaules", therapists=(spring.therese,))
    origin = request_booking(spring.lutetia, asked, by=desk(spring))

    series = create_series(spring.lutetia, asked, rule=WEEKLY, by=desk(spring), origin=origin)

    bookings = made(series)
    assert bookings[0] is origin
    assert len(bookings) == 6
    assert {one.notes for one in bookings} == {"Épaules"}
    assert {one.status for one in bookings} == {"confirmed"}
    with pytest.raises(NotRepeatable):
        create_series(spring.lutetia, asked, rule=WEEKLY, by=desk(spring), origin=origin)


def test_only_three_months_are_made(spring: House) -> None:
    series = create_series(spring.lutetia, wish(spring, TUESDAY), rule=Rule("WEEKLY"), by=desk(spring))

    assert made(series)[-1].series_date == date(2027, 6, 1)
    assert series.made_until == date(2027, 6, 1)


def test_a_date_that_cannot_be_had_refuses_all(spring: House) -> None:
    _fill(spring, date(2027, 3, 16))
    before = _count()

    with pytest.raises(SeriesConflict) as refused:
        create_series(spring.lutetia, wish(spring, TUESDAY), rule=WEEKLY, by=desk(spring))

    assert refused.value.dates == [date(2027, 3, 16)]
    assert (_count(), db.session.scalar(select(func.count()).select_from(Series))) == (before, 0)


def test_it_can_be_left_out_or_put_at_another_time_of_the_day(spring: House) -> None:
    _fill(spring, date(2027, 3, 16))
    _fill(spring, date(2027, 3, 23))
    other = at(spring.lutetia, date(2027, 3, 23), "16:00")

    series = create_series(
        spring.lutetia, wish(spring, TUESDAY), rule=WEEKLY, by=desk(spring),
        choices={date(2027, 3, 16): "skip", date(2027, 3, 23): other},
    )  # fmt: skip

    assert dates(made(series)) == ["02.03.", "09.03.", "23.03.", "30.03.", "06.04."]
    assert made(series)[2].starts_at == other
    assert series.skipped == ["2027-03-16"]


def test_all_that_cannot_be_had_is_left_out_at_once(spring: House) -> None:
    for day in (16, 23):
        _fill(spring, date(2027, 3, day))

    series = create_series(
        spring.lutetia, wish(spring, TUESDAY), rule=WEEKLY, by=desk(spring), skip_conflicts=True,
        choices={date(2027, 3, 23): at(spring.lutetia, date(2027, 3, 23), "16:00")},
    )  # fmt: skip

    assert series.skipped == ["2027-03-16"]
    assert len(made(series)) == 5


def test_a_time_chosen_by_hand_must_be_free_and_on_that_day(spring: House) -> None:
    _fill(spring, date(2027, 3, 16))
    taken, elsewhere = (at(spring.lutetia, date(2027, 3, day), "18:15") for day in (16, 17))

    with pytest.raises(SeriesConflict):
        create_series(
            spring.lutetia, wish(spring, TUESDAY), rule=WEEKLY, by=desk(spring), choices={date(2027, 3, 16): taken}
        )
    with pytest.raises(WrongChoice):
        create_series(
            spring.lutetia, wish(spring, TUESDAY), rule=WEEKLY, by=desk(spring), choices={date(2027, 3, 16): elsewhere}
        )


def test_the_preview_tells_each_date_and_what_instead(spring: House) -> None:
    _fill(spring, date(2027, 3, 16))

    found = preview_series(spring.lutetia, wish=wish(spring, TUESDAY), rule=Rule("WEEKLY"), made=True)

    assert [one.state for one in found[:4]] == [FIRST, OK, CONFLICT, OK]
    refused = found[2]
    assert refused.reason == "no_therapist"
    assert refused.interval == (at(spring.lutetia, refused.date, "18:00"), at(spring.lutetia, refused.date, "19:00"))
    assert [f"{one:%H:%M}" for one in refused.alternatives] == ["15:30", "16:00", "18:00"], "in UTC, an hour less"
    assert {one.state for one in found[14:]} == {LATER}
    assert len(found) == 104


def test_a_time_that_the_spring_gap_swallows_is_a_conflict_with_its_own_reason(spring: House) -> None:
    spring.lutetia.opening_time, spring.lutetia.closing_time = time(0), time(6)
    nights = [date(2027, 3, 26) + timedelta(days=offset) for offset in range(4)]
    save(*[Shift.planned(spring.lutetia, spring.therese, day=day, start=time(0), end=time(6)) for day in nights])

    found = preview_series(spring.lutetia, wish=wish(spring, date(2027, 3, 26), "02:30"), rule=Rule("DAILY", count=4))

    assert [one.reason for one in found] == [None, None, "no_such_time", None]
    assert found[2].starts_at is None
    assert found[2].alternatives, "there are other times in that night"


def test_in_autumn_the_hour_that_comes_twice_is_taken_once(spring: House) -> None:
    spring.lutetia.opening_time, spring.lutetia.closing_time = time(0), time(6)
    nights = [date(2027, 10, 29) + timedelta(days=offset) for offset in range(4)]
    save(*[Shift.planned(spring.lutetia, spring.therese, day=day, start=time(0), end=time(6)) for day in nights])

    with frozen(datetime(2027, 10, 28, 7, tzinfo=UTC)):
        series = create_series(
            spring.lutetia, wish(spring, nights[0], "02:30"), rule=Rule("DAILY", count=4), by=desk(spring)
        )

    assert [f"{one.starts_at:%d. %H:%M}" for one in made(series)] == [
        "29. 00:30",
        "30. 00:30",
        "31. 00:30",
        "01. 01:30",
    ]


def test_a_rule_that_does_not_meet_its_first_date_is_refused(spring: House) -> None:
    with pytest.raises(InvalidRule):
        create_series(spring.lutetia, wish(spring, TUESDAY), rule=Rule("WEEKLY", weekdays=(2,)), by=desk(spring))


def test_the_schema_refuses_a_date_twice(spring: House) -> None:
    series = create_series(spring.lutetia, wish(spring, TUESDAY), rule=WEEKLY, by=desk(spring))
    first, second = made(series)[:2]
    second.series_date = first.series_date

    with pytest.raises(Exception, match=r"uq_booking_occurrence|series_date"):
        db.session.commit()
    db.session.rollback()


def _fill(house: House, day: date) -> None:
    """Both therapists are taken from 18:00 to 19:00."""
    for member in (house.therese, house.marc):
        request_booking(house.lutetia, wish(house, day, therapists=(member,)), by=desk(house))


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(Booking)) or 0
