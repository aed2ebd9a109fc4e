"""At which other times she could: near, without useless gaps, by every rule of the venue. Pure, no database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.bookings.availability import Need, Shift, Snapshot
from portal.bookings.proposals.times import APART, Part, Question, Ranked, Time, cheapest, nearest_times, time_at
from tests.bookings.world import (
    DUO,
    HOUR,
    MARC,
    MONDAY,
    NOW,
    SINGLE,
    SPA,
    THERESE,
    at,
    calendar,
    pending,
    room_busy,
    sec,
    spa,
    therapist,
    treating,
)

DAY = timedelta(days=1)
HERS = replace(HOUR, therapists=frozenset({THERESE}))


def question(near: datetime | None = None, need: Need = HERS, *more: Part, **given: Any) -> Question:
    words = {"person": THERESE, "near": near or at(14), "parts": [Part(need), *more], "shortest": 30}
    return Question(**{**words, **given})


def starts(snapshot: Snapshot, asked: Question | None = None, **given: Any) -> list[str]:
    found = nearest_times(snapshot, asked or question(), now=given.pop("now", NOW), **given)
    return [
        f"{time.starts_at:%H:%M}" if time.starts_at.date() == MONDAY else f"{time.starts_at:%d %H:%M}" for time in found
    ]


def two_days(**changes: Any) -> Snapshot:
    shifts = (Shift(SPA, sec(9), sec(19)), Shift(SPA, sec(9, day=MONDAY + DAY), sec(19, day=MONDAY + DAY)))
    team = (replace(therapist(THERESE), shifts=shifts), therapist(MARC))
    return spa(**{"last_day": MONDAY + DAY, "therapists": team, **changes})


def test_the_nearest_of_the_day_and_never_the_time_itself() -> None:
    assert starts(spa()) == ["13:00", "13:30", "14:30"]
    assert "14:00" not in starts(spa(), limit=50)


@given(st.lists(st.tuples(st.integers(-30, 30), st.integers(0, 2), st.booleans()), max_size=40), st.integers(1, 4))
def test_stopping_early_changes_no_choice(found: list[tuple[int, int, bool]], limit: int) -> None:
    """Against ranking all of them: which is what it must come to, however many are never looked at."""
    starts = {quarter * 900: (lost, has_place) for quarter, lost, has_place in found}

    def nearest_first() -> Iterator[tuple[int, Ranked | None]]:
        for start in sorted(starts, key=abs):
            lost, has_place = starts[start]
            yield abs(start), ranked(start, lost) if has_place else None

    def ranked(start: int, lost: int) -> Ranked:
        return Ranked(abs(start) + lost * 3600, start, Time(at(9) + timedelta(seconds=start), at(10), None))

    all_of_them = sorted(ranked(start, lost) for start, (lost, has_place) in starts.items() if has_place)
    apart: list[Ranked] = []
    for one in all_of_them:
        if all(abs(one.start - other.start) >= APART for other in apart):
            apart.append(one)
    others = [one for one in all_of_them if one not in apart]
    expected = (apart + others if len(apart) < limit else apart)[:limit]

    assert cheapest(nearest_first(), limit) == [one.time for one in expected]


def test_far_away_starts_are_not_looked_at() -> None:
    looked_at = []

    def nearest_first() -> Iterator[tuple[int, Ranked | None]]:
        for start in range(0, 36_000, 900):
            looked_at.append(start)
            yield start, Ranked(start, start, Time(at(9) + timedelta(seconds=start), at(10), None))

    assert len(cheapest(nearest_first(), 3)) == 3
    assert max(looked_at) == 2 * APART + 900


def test_only_while_she_is_free_and_on_shift() -> None:
    busy = [treating(THERESE, sec(9), sec(13)), treating(THERESE, sec(14, 30), sec(16))]
    assert starts(spa(therapist_busy=busy), limit=50)[:1] == ["13:00"]
    team = (therapist(THERESE, hours=(14, 16)), therapist(MARC))
    assert starts(spa(therapists=team), limit=50) == ["14:30", "15:00"]


def test_only_where_a_room_is_free() -> None:
    closed = [room_busy(room, sec(9), sec(18), item) for item, room in enumerate((SINGLE, DUO))]
    found = nearest_times(spa(room_busy=closed[:1]), question(), now=NOW)
    assert {time.room_id for time in found} == {DUO}
    assert starts(spa(room_busy=closed), limit=50) == ["18:00"]


def test_only_what_she_does() -> None:
    team = (therapist(THERESE, treatment_ids=frozenset({2})), therapist(MARC))
    assert starts(spa(therapists=team)) == []


def test_not_where_she_is_needed_for_another_booking_that_waits() -> None:
    alone = spa(therapists=(therapist(THERESE),), pending=(pending(7, sec(9), sec(18), treatment_id=1),))
    assert starts(alone, limit=50) == ["18:00"]


def test_a_start_that_leaves_a_useless_gap_comes_later() -> None:
    """She comes from a guest at one: to begin at a quarter past would lose the quarter before it."""
    quarters = spa(calendar=calendar(slot_interval=15), therapist_busy=[treating(THERESE, sec(9), sec(13))])
    assert starts(quarters, question(at(12, 30)), limit=1) == ["13:00"]
    assert starts(quarters, question(at(13)), limit=1) == ["13:30"], "not a quarter past one, though that is nearer"


def test_times_that_are_a_choice() -> None:
    quarters = starts(spa(calendar=calendar(slot_interval=15)))
    minutes = [int(clock[:2]) * 60 + int(clock[3:]) for clock in quarters]
    assert all(later - earlier >= 30 for earlier, later in pairwise(minutes))


def test_the_venue_needs_its_notice() -> None:
    late = at(13, 40)
    assert starts(spa(), now=late)[0] == "14:30"
    assert starts(spa(calendar=calendar(minimum_notice=120)), limit=1, now=late) == ["16:00"]


def test_the_next_day_where_this_one_has_too_few() -> None:
    busy = [treating(THERESE, sec(9), sec(14)), treating(THERESE, sec(15, 30), sec(19))]
    found = starts(two_days(therapist_busy=busy), question())
    assert found[0] == "14:30"
    assert "02 14:00" in found
    assert len(found) == 3


def test_what_was_refused_is_not_suggested_again() -> None:
    first = nearest_times(spa(), question(), now=NOW)[0].starts_at
    assert first not in {time.starts_at for time in nearest_times(spa(), question(), now=NOW, but=[first])}


def test_out_of_hours_only_for_what_is_out_of_hours_already() -> None:
    night = spa(calendar=calendar(allow_out_of_hours=True))
    assert "18:30" not in starts(night, limit=50)
    assert "20:00" in starts(night, question(late=True), limit=50)


def test_a_visit_of_two_treatments_moves_as_a_whole() -> None:
    """The second one begins an hour later, and Marc who has it is taken from three to six."""
    his = replace(HOUR, therapists=frozenset({MARC}))
    snapshot = spa(therapist_busy=[treating(MARC, sec(15), sec(18))])
    both = question(at(12), HERS, Part(his, offset=3600))
    assert set(starts(snapshot, both, limit=50)) & {"14:30", "15:00", "15:30", "16:00", "16:30"} == set()
    assert {"11:30", "12:30", "13:00"} <= set(starts(snapshot, both, limit=50))


def test_a_start_of_ones_own_is_asked_by_the_same_rules() -> None:
    busy = spa(therapist_busy=[treating(THERESE, sec(16), sec(17))])
    told = {clock: time_at(busy, question(), moment, now=NOW) for clock, moment in _moments().items()}
    assert [clock for clock, time in told.items() if time is not None] == ["15:00"]


def _moments() -> dict[str, datetime]:
    """A good one, the time itself, one that she has not, one off the grid, one on another day."""
    found = {clock: at(int(clock[:2]), int(clock[3:])) for clock in ("15:00", "14:00", "15:30", "15:10")}
    return {**found, "next week": at(15) + 7 * DAY}
