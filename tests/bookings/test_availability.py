"""Each condition of a slot, each reason for a refusal, and the order in which they are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from portal.bookings.availability import (
    Grant,
    Need,
    OpeningWindow,
    Reason,
    Refusal,
    Room,
    Schedule,
    ScheduleKind,
    Session,
    Shift,
    Snapshot,
    Span,
    WeeklyBlock,
    alternatives,
    day_slots,
    decide,
    open_days,
)
from tests.bookings.world import (
    DUO,
    HOUR,
    MARC,
    MONDAY,
    NOW,
    SINGLE,
    THERESE,
    at,
    calendar,
    room_busy,
    sec,
    spa,
    therapist,
    treating,
)

SPECIFIC = ScheduleKind.SPECIFIC_DAYS


def refusal(snapshot: Snapshot, need: Need, start: datetime, now: datetime = NOW, **options: Any) -> Refusal:
    answer = decide(snapshot, need, start, now, **options)
    assert isinstance(answer, Refusal), f"{start} should be refused, not {answer}"
    return answer


def grant(snapshot: Snapshot, need: Need, start: datetime, now: datetime = NOW, **options: Any) -> Grant:
    answer = decide(snapshot, need, start, now, **options)
    assert isinstance(answer, Grant), f"{start} should be granted, not {answer}"
    return answer


def listed(snapshot: Snapshot, need: Need = HOUR, now: datetime = NOW) -> list[str]:
    return [f"{slot.local_time:%H:%M}" for slot in day_slots(snapshot, need, snapshot.first_day, now)]


def test_a_free_day_lists_every_start_from_opening_to_the_last_that_ends_by_closing() -> None:
    slots = listed(spa())
    assert slots[:3] == ["09:00", "09:30", "10:00"]
    assert slots[-1] == "18:00"
    assert len(slots) == 19


def test_a_grant_says_when_it_ends_and_which_room_it_claims_with_its_buffer() -> None:
    granted = grant(spa(), replace(HOUR, buffer=15), at(18))
    assert granted.ends_at == at(19)
    assert [(claim.room_id, claim.starts_at, claim.ends_at) for claim in granted.rooms] == [
        (SINGLE, at(18), at(19, 15))
    ]
    assert not granted.out_of_hours
    assert not granted.moves


@pytest.mark.parametrize(
    ("schedule", "deployed"),
    [
        (Schedule(), True),
        (Schedule(SPECIFIC, MONDAY, MONDAY), True),
        (Schedule(SPECIFIC, MONDAY + timedelta(1), None), False),
        (Schedule(SPECIFIC, None, MONDAY - timedelta(1)), False),
        (Schedule(SPECIFIC, weekdays=frozenset({1})), True),
        (Schedule(SPECIFIC, weekdays=frozenset({0, 6})), False),
        (Schedule(SPECIFIC, MONDAY - timedelta(13), every_weeks=2), False),
        (Schedule(SPECIFIC, MONDAY - timedelta(14), every_weeks=2), True),
        (Schedule(SPECIFIC, MONDAY - timedelta(20), every_weeks=2), True),
        (Schedule(SPECIFIC, MONDAY - timedelta(21), every_weeks=2), False),
        (Schedule(ScheduleKind.ONE_TIME, dates=frozenset({MONDAY})), True),
        (Schedule(ScheduleKind.ONE_TIME, dates=frozenset({date(2027, 3, 2)})), False),
    ],
)
def test_the_schedule_decides_on_which_dates_the_venue_is_deployed(schedule: Schedule, deployed: bool) -> None:
    snapshot = spa(calendar=calendar(schedule=schedule))
    assert bool(listed(snapshot)) is deployed
    if not deployed:
        answer = refusal(snapshot, HOUR, at(10))
        assert (answer.reason, answer.starts_at, answer.ends_at) == (
            Reason.VENUE_CLOSED,
            at(0),
            at(24 - 24, 0, date(2027, 3, 2)),
        )


def test_a_closure_wins_over_the_schedule_and_so_does_a_special_opening() -> None:
    closed = spa(calendar=calendar(special_days={MONDAY: ()}))
    assert refusal(closed, HOUR, at(10)).reason is Reason.VENUE_CLOSED
    never = Schedule(ScheduleKind.ONE_TIME)
    special = calendar(schedule=never, special_days={MONDAY: (OpeningWindow(time(20), time(22)),)})
    assert listed(spa(calendar=special)) == ["20:00", "20:30", "21:00"]


@pytest.mark.parametrize(
    ("start", "gap"),
    [(at(8, 30), (at(0), at(9))), (at(18, 30), (at(19), at(0, 0, date(2027, 3, 2)))), (at(12, 30), (at(12), at(13)))],
)
def test_outside_hours_names_the_time_in_which_the_venue_is_closed(
    start: datetime, gap: tuple[datetime, datetime]
) -> None:
    windows = (OpeningWindow(time(9), time(12)), OpeningWindow(time(13), time(19)))
    answer = refusal(spa(calendar=calendar(windows=windows)), HOUR, start)
    assert (answer.reason, answer.starts_at, answer.ends_at) == (Reason.OUTSIDE_HOURS, *gap)


def test_a_weekday_may_have_windows_of_its_own() -> None:
    mondays = {1: (OpeningWindow(time(14), time(16)),)}
    assert listed(spa(calendar=calendar(weekday_windows=mondays))) == ["14:00", "14:30", "15:00"]


def test_out_of_hours_booking_widens_the_day_by_two_hours_and_marks_the_slots() -> None:
    rules = calendar(windows=(OpeningWindow(time(1, 15), time(23, 15)),), allow_out_of_hours=True)
    snapshot = spa(calendar=rules, therapists=(therapist(THERESE, hours=(-24, 48)),))
    slots = day_slots(snapshot, HOUR, MONDAY, NOW)
    marked = [f"{slot.local_time:%H:%M}" for slot in slots if slot.out_of_hours]
    assert marked == ["00:15", "00:45", "22:45"]  # on the grid of the opening time, and never on another day
    assert not any(slot.out_of_hours for slot in slots if time(1, 15) <= slot.local_time <= time(22, 15))


def test_closing_after_midnight_belongs_to_the_day_that_opened() -> None:
    night = calendar(windows=(OpeningWindow(time(22), time(1)),), schedule=Schedule(SPECIFIC, MONDAY, MONDAY))
    tuesday = MONDAY + timedelta(1)
    snapshot = spa(calendar=night, last_day=tuesday, therapists=(therapist(THERESE, hours=(0, 48)),))
    assert [f"{slot.local_time:%H:%M}" for slot in day_slots(snapshot, HOUR, MONDAY, NOW)] == [
        "22:00",
        "22:30",
        "23:00",
        "23:30",
    ]
    assert [f"{slot.local_time:%H:%M}" for slot in day_slots(snapshot, HOUR, tuesday, NOW)] == ["00:00"]
    assert refusal(snapshot, HOUR, at(0, 30, tuesday)).reason is Reason.OUTSIDE_HOURS
    assert refusal(snapshot, HOUR, at(1, 0, tuesday)).reason is Reason.VENUE_CLOSED


def test_lead_time_is_the_longer_of_the_two_and_reaches_from_now() -> None:
    now = at(9, 30)
    snapshot = spa(calendar=calendar(minimum_notice=60))
    answer = refusal(snapshot, replace(HOUR, lead_time=120), at(11), now)
    assert (answer.reason, answer.starts_at, answer.ends_at) == (Reason.LEAD_TIME, now, at(11, 30))
    assert listed(snapshot, replace(HOUR, lead_time=120), now)[0] == "11:30"
    assert listed(snapshot, HOUR, now)[0] == "10:30"
    assert listed(snapshot, HOUR, now + timedelta(microseconds=1))[0] == "11:00"


def test_without_notice_a_slot_must_still_lie_after_now() -> None:
    assert refusal(spa(), HOUR, at(10), now=at(10)).reason is Reason.LEAD_TIME
    assert listed(spa(), now=at(10))[0] == "10:30"
    assert grant(spa(), HOUR, at(10), now=at(9, 59))


@pytest.mark.parametrize(
    "blocked",
    [
        calendar(blocks=(Span(sec(12), sec(13)),)),
        calendar(weekly_blocks=(WeeklyBlock(1, time(12), time(13)),)),
        calendar(weekly_blocks=(WeeklyBlock(1, time(12), time(13), MONDAY, MONDAY),)),
    ],
)
def test_a_venue_block_keeps_its_own_time_free(blocked: Any) -> None:
    answer = refusal(spa(calendar=blocked), HOUR, at(11, 30))
    assert (answer.reason, answer.starts_at, answer.ends_at) == (Reason.BLOCKED, at(12), at(13))
    assert grant(spa(calendar=blocked), HOUR, at(11))
    assert grant(spa(calendar=blocked), replace(HOUR, buffer=30), at(11)), "a buffer may run into a block"
    assert grant(spa(calendar=blocked), HOUR, at(13))


def test_a_weekly_block_may_begin_the_evening_before_and_ends_with_its_dates() -> None:
    overnight = WeeklyBlock(0, time(22), time(10))
    assert refusal(spa(calendar=calendar(weekly_blocks=(overnight,))), HOUR, at(9, 30)).reason is Reason.BLOCKED
    expired = WeeklyBlock(1, time(12), time(13), last=MONDAY - timedelta(7))
    assert grant(spa(calendar=calendar(weekly_blocks=(expired,))), HOUR, at(12))


@pytest.mark.parametrize("which", ["treatment_weekdays", "variant_weekdays"])
def test_the_weekday_must_be_offered_by_treatment_and_variant(which: str) -> None:
    weekend = Need(duration=60, **{which: frozenset({0, 6})})  # type: ignore[arg-type]
    assert refusal(spa(), weekend, at(10)).reason is Reason.DAY_NOT_OFFERED
    assert not listed(spa(), weekend)
    assert listed(spa(), Need(duration=60, **{which: frozenset({1})}))  # type: ignore[arg-type]


def test_partners_keep_to_the_grid_and_the_desk_to_five_minutes() -> None:
    assert refusal(spa(), HOUR, at(10, 5)).reason is Reason.OFF_GRID
    assert grant(spa(), HOUR, at(10, 5), desk=True)
    assert refusal(spa(), HOUR, at(10, 7), desk=True).reason is Reason.OFF_GRID
    assert refusal(spa(), HOUR, at(10, 30) + timedelta(seconds=1)).reason is Reason.OFF_GRID
    assert refusal(spa(), HOUR, at(10, 30) + timedelta(microseconds=1)).reason is Reason.OFF_GRID


def test_an_exhausted_quota_is_told_with_its_period() -> None:
    need = replace(HOUR, exhausted=(Span(sec(0), sec(12)),))
    answer = refusal(spa(), need, at(11, 30))
    assert (answer.reason, answer.starts_at, answer.ends_at) == (Reason.QUOTA_EXHAUSTED, at(0), at(12))
    assert listed(spa(), need)[0] == "12:00"


def test_a_session_is_joined_while_there_are_places() -> None:
    sessions = (Session(5, 1, sec(10), sec(11), 7, 10), Session(6, 1, sec(14), sec(15), 10, 10))
    snapshot = spa(rooms=(), therapists=(), sessions=sessions)
    join = replace(HOUR, joins_session=True)
    assert [(slot.starts_at, slot.capacity) for slot in day_slots(snapshot, join, MONDAY, NOW)] == [(at(10), 3)]
    assert grant(snapshot, join, at(10)).session_id == 5
    assert refusal(snapshot, replace(join, guests=4), at(10)).reason is Reason.QUOTA_EXHAUSTED
    assert refusal(snapshot, join, at(14)).reason is Reason.QUOTA_EXHAUSTED
    assert refusal(snapshot, join, at(11)).reason is Reason.OFF_GRID


def test_reasons_are_told_in_the_order_of_the_contract() -> None:
    """Each fault is mended in turn, and the next one in the list appears."""
    everything: dict[str, Any] = {
        "calendar": calendar(special_days={MONDAY: ()}),
        "rooms": (),
        "therapists": (),
    }
    need = replace(HOUR, treatment_weekdays=frozenset({0}), exhausted=(Span(sec(0), sec(23)),))
    start, late = at(10, 10), at(18, 10)
    told = [refusal(spa(**everything), need, start, now=at(12)).reason]
    blocks = (Span(sec(9), sec(19)),)
    everything["calendar"] = calendar(blocks=blocks)
    told.append(refusal(spa(**everything), need, late, now=at(20)).reason)
    told.append(refusal(spa(**everything), need, start, now=at(12)).reason)
    told.append(refusal(spa(**everything), need, start).reason)
    everything["calendar"] = calendar()
    told.append(refusal(spa(**everything), need, start).reason)
    everything["rooms"] = (Room(SINGLE),)
    told.append(refusal(spa(**everything), need, start).reason)
    everything["therapists"] = (therapist(THERESE),)
    told.append(refusal(spa(**everything), need, start).reason)
    need = replace(need, treatment_weekdays=None)
    told.append(refusal(spa(**everything), need, start).reason)
    told.append(refusal(spa(**everything), need, at(10)).reason)
    assert told == list(Reason)
    assert grant(spa(**everything), replace(need, exhausted=()), at(10))


def test_the_refusal_for_rooms_names_the_claim_that_ends_first() -> None:
    busy = (room_busy(SINGLE, sec(9), sec(12)), room_busy(DUO, sec(10), sec(11)))
    answer = refusal(spa(room_busy=busy), HOUR, at(10))
    assert (answer.reason, answer.subject) == (Reason.NO_ROOM, DUO)
    assert (answer.starts_at, answer.ends_at) == (at(10), at(11))


def test_the_refusal_for_therapists_names_whoever_is_free_first() -> None:
    busy = (treating(THERESE, sec(9), sec(12)), treating(MARC, sec(10), sec(11)))
    answer = refusal(spa(therapist_busy=busy), HOUR, at(10))
    assert (answer.reason, answer.subject) == (Reason.NO_THERAPIST, MARC)
    assert (answer.starts_at, answer.ends_at) == (at(10), at(11))
    nobody = refusal(spa(therapists=()), HOUR, at(10))
    assert (nobody.reason, nobody.subject, nobody.starts_at) == (Reason.NO_THERAPIST, None, at(10))


def test_alternatives_are_the_nearest_both_ways() -> None:
    busy = (treating(THERESE, sec(12), sec(13)), treating(MARC, sec(12), sec(13)))
    near = alternatives(spa(therapist_busy=busy), HOUR, at(12), NOW)
    assert near == [at(13), at(11), at(13, 30)]


def test_alternatives_look_on_other_days_and_never_before_now() -> None:
    days = [MONDAY + timedelta(offset) for offset in range(3)]
    marc = therapist(MARC, hours=(0, 72))
    closed = calendar(special_days={days[1]: ()})
    snapshot = spa(calendar=closed, last_day=days[2], therapists=(marc,))
    assert alternatives(snapshot, HOUR, at(12, 0, days[1]), NOW) == [at(18), at(17, 30), at(17)]
    assert alternatives(snapshot, HOUR, at(12, 0, days[1]), at(17, 40)) == [
        at(18),
        at(9, 0, days[2]),
        at(9, 30, days[2]),
    ]
    assert alternatives(snapshot, HOUR, at(12, 0, days[1]), NOW, within_days=0) == []


def test_open_days_are_the_days_with_a_slot() -> None:
    days = [MONDAY + timedelta(offset) for offset in range(3)]
    shifts = (
        Shift(1, sec(9), sec(19)),
        Shift(1, sec(9, 0, days[1]), sec(9, 45, days[1])),
        Shift(1, sec(18, 0, days[2]), sec(19, 0, days[2])),
    )
    snapshot = spa(last_day=days[2], therapists=(therapist(THERESE, shifts=shifts),))
    assert open_days(snapshot, HOUR, days[0], days[2], NOW) == [days[0], days[2]]
    assert open_days(snapshot, HOUR, date(1990, 1, 1), date(2190, 1, 1), NOW) == [days[0], days[2]]


@pytest.mark.parametrize("year", [1, 1999, 2101, 9999])
def test_dates_beyond_our_years_are_refused_and_overflow_nothing(year: int) -> None:
    far = datetime(year, 12, 31, 23, 59, tzinfo=UTC)
    assert refusal(spa(), HOUR, far).reason is Reason.VENUE_CLOSED
    assert not day_slots(spa(), HOUR, far.date(), NOW)
    assert not alternatives(spa(), HOUR, far, NOW)


def test_what_is_not_known_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="does not hold"):
        decide(spa(), HOUR, at(10, 0, MONDAY + timedelta(1)), NOW)
    with pytest.raises(ValueError, match="time zone"):
        decide(spa(), HOUR, at(10).replace(tzinfo=None), NOW)
    with pytest.raises(ValueError, match="guest"):
        Need(duration=60, guests=0)
