"""Slots on the days on which the clock changes, for every change of four zones in the next two years."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from portal.bookings.availability import (
    Grant,
    Need,
    OpeningWindow,
    Reason,
    Refusal,
    Room,
    Shift,
    Snapshot,
    Therapist,
    VenueCalendar,
    WeeklyBlock,
    day_slots,
    decide,
    epoch,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HORIZON = timedelta(days=730)
ZONES = ("Europe/Paris", "America/Havana", "Australia/Lord_Howe", "Indian/Reunion")
CHANGES_EXPECTED = {"Europe/Paris": 4, "America/Havana": 4, "Australia/Lord_Howe": 4, "Indian/Reunion": 0}
QUARTER = Need(duration=15)
HOUR = Need(duration=60)
ALL_DAY = (OpeningWindow(time(0), time(0)),)
USUAL = (OpeningWindow(time(9), time(19)),)
ONE_DAY = timedelta(days=1)


def days_of_change(zone: str) -> list[date]:
    """The local dates on which the offset at midday differs from the day before."""
    tz, first = ZoneInfo(zone), NOW.date()
    middays = [datetime.combine(first + timedelta(days=n), time(12), tz) for n in range(HORIZON.days)]
    return [later.date() for earlier, later in pairwise(middays) if earlier.utcoffset() != later.utcoffset()]


def cases() -> list[tuple[str, date]]:
    changes = [(zone, day) for zone in ZONES for day in days_of_change(zone)]
    return [*changes, ("Indian/Reunion", date(2027, 3, 28)), ("Pacific/Apia", date(2011, 12, 30))]


def venue(zone: str, day: date, *, windows: tuple[OpeningWindow, ...] = ALL_DAY, **rules: object) -> Snapshot:
    """Three days around `day` with one room and one therapist who never goes home."""
    around = [datetime.combine(day + timedelta(days=n), time(), UTC) for n in (-5, 5)]
    shift = Shift(1, epoch(around[0]), epoch(around[1]))
    calendar = VenueCalendar(zone, windows, slot_interval=15, **rules)  # type: ignore[arg-type]
    return Snapshot(
        venue_id=1, calendar=calendar, first_day=day - 2 * ONE_DAY, last_day=day + 2 * ONE_DAY,
        rooms=[Room(1)], therapists=[Therapist(1, frozenset({1}), (shift,))],
    )  # fmt: skip


def wall_clock(zone: str, day: date) -> dict[time, datetime]:
    """Each quarter of an hour that the clock shows on a date, at its first instant: read off minute by minute."""
    tz, shown = ZoneInfo(zone), dict[time, datetime]()
    instant = datetime.combine(day - ONE_DAY, time(), UTC)
    for _ in range(4 * 24 * 60):
        local = instant.astimezone(tz)
        if local.date() == day and local.minute % 15 == 0:
            shown.setdefault(local.time(), instant)
        instant += timedelta(minutes=1)
    return shown


def before(day: date) -> datetime:
    return datetime.combine(day - 10 * ONE_DAY, time(), UTC)


def listed(snapshot: Snapshot, need: Need, day: date) -> dict[time, datetime]:
    slots = day_slots(snapshot, need, day, before(day))
    assert [slot.starts_at for slot in slots] == sorted({slot.starts_at for slot in slots}), "in order, each once"
    assert [slot.local_time for slot in slots] == sorted({slot.local_time for slot in slots}), "and so on the clock"
    return {slot.local_time: slot.starts_at for slot in slots}


def test_every_zone_changes_as_often_as_it_should() -> None:
    assert {zone: len(days_of_change(zone)) for zone in ZONES} == CHANGES_EXPECTED


@pytest.mark.parametrize(("zone", "day"), cases())
def test_the_day_before_of_and_after_a_change_list_what_the_clock_shows(zone: str, day: date) -> None:
    snapshot = venue(zone, day)
    for one in (day - ONE_DAY, day, day + ONE_DAY):
        assert listed(snapshot, QUARTER, one) == wall_clock(zone, one)


@pytest.mark.parametrize(("zone", "day"), cases())
def test_usual_hours_list_the_same_local_times_on_all_three_days(zone: str, day: date) -> None:
    snapshot = venue(zone, day, windows=USUAL)
    expected = {time(minute // 60, minute % 60) for minute in range(9 * 60, 18 * 60 + 1, 15)}
    for one in (day - ONE_DAY, day, day + ONE_DAY):
        assert set(listed(snapshot, HOUR, one)) == (expected if wall_clock(zone, one) else set())


@pytest.mark.parametrize(("zone", "day"), cases())
def test_deciding_agrees_with_listing_at_every_instant_of_the_day(zone: str, day: date) -> None:
    snapshot = venue(zone, day)
    offered = set(listed(snapshot, HOUR, day).values())
    shown = wall_clock(zone, day)
    if not shown:
        assert not offered, "a date that was skipped has no slots"
        return
    instant, closes = min(shown.values()), min(wall_clock(zone, day + ONE_DAY).values())
    granted = set()
    while instant < closes:
        answer = decide(snapshot, HOUR, instant, before(day))
        if isinstance(answer, Grant):
            granted.add(instant)
            assert answer.ends_at == instant + timedelta(hours=1) <= closes, "an hour is an hour, also that night"
        else:
            too_late = instant > closes - timedelta(hours=1)
            assert answer.reason is (Reason.OUTSIDE_HOURS if too_late else Reason.OFF_GRID)
        instant += timedelta(minutes=5)
    assert granted == offered


def test_a_time_in_the_gap_is_skipped_and_one_that_exists_twice_is_the_first() -> None:
    spring, autumn = date(2027, 3, 28), date(2027, 10, 31)
    assert time(2, 30) not in listed(venue("Europe/Paris", spring), QUARTER, spring)
    first, second = (datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1))
    snapshot = venue("Europe/Paris", autumn)
    assert listed(snapshot, QUARTER, autumn)[time(2, 30)] == first
    refused = decide(snapshot, QUARTER, second, before(autumn))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.OFF_GRID
    assert isinstance(decide(snapshot, QUARTER, second, before(autumn), desk=True), Grant), "the desk may choose"


def test_an_opening_time_that_does_not_exist_is_the_first_instant_after_the_gap() -> None:
    spring = date(2027, 3, 28)
    night = venue("Europe/Paris", spring, windows=(OpeningWindow(time(2, 10), time(5)),))
    assert min(listed(night, QUARTER, spring)) == time(3, 10)  # the grid still counts from the opening time
    assert isinstance(decide(night, QUARTER, datetime(2027, 3, 28, 1, tzinfo=UTC), before(spring), desk=True), Grant)


def test_midnight_itself_may_be_missing_or_come_twice() -> None:
    """Havana changes at midnight: the day begins at one in spring, and has two hours called zero in autumn."""
    spring, autumn = date(2027, 3, 14), date(2027, 11, 7)
    assert min(listed(venue("America/Havana", spring), HOUR, spring)) == time(1)
    slots = listed(venue("America/Havana", autumn), HOUR, autumn)
    assert slots[time(1)] - slots[time(0)] == timedelta(hours=2)


def test_a_weekly_block_keeps_its_local_hours_through_the_change() -> None:
    spring = date(2027, 3, 28)
    for day in (spring - 7 * ONE_DAY, spring):
        snapshot = venue("Europe/Paris", day, windows=USUAL, weekly_blocks=(WeeklyBlock(0, time(12), time(13)),))
        assert {time(11), time(13)} <= set(listed(snapshot, HOUR, day))
        assert not {time(11, 15), time(12), time(12, 45)} & set(listed(snapshot, HOUR, day))


def test_a_night_shift_covers_all_the_hours_of_the_longer_night() -> None:
    autumn = date(2027, 10, 31)
    snapshot = venue("Europe/Paris", autumn, windows=(OpeningWindow(time(22), time(6)),))
    from_ten = datetime(2027, 10, 30, 20, tzinfo=UTC)
    granted = decide(snapshot, Need(duration=9 * 60), from_ten, before(autumn))
    assert isinstance(granted, Grant)
    assert granted.ends_at == from_ten + timedelta(hours=9)
    assert isinstance(decide(snapshot, Need(duration=9 * 60 + 5), from_ten, before(autumn)), Refusal)
