"""Which hours are shown, and that a day with a clock change is drawn as long as it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.agenda.board import THERAPIST, assemble
from portal.agenda.frame import Stretch, frame_of
from tests.agenda.world import AUTUMN, MARC, SPRING, THERESE, Day


def test_opening_hours_are_widened_to_the_first_and_last_shift_and_visit() -> None:
    today = Day()
    people = [today.person(THERESE, ("07:30", "12:00"))]
    facts = today.facts(people=people, visits=[today.visit("20:00", "21:10")])
    frame = frame_of(facts)
    assert frame.span == today.span("07:00", "22:00")
    assert frame.steps == 15 * 12


def test_a_shift_across_midnight_is_shown_to_its_end_on_the_day_it_begins() -> None:
    today = Day()
    people = [today.person(THERESE, ("18:00", "+02:00")), today.person(MARC, ("-18:00", "02:00"))]
    board = assemble(today.facts(people=people), by=THERAPIST)
    assert frame_of(today.facts(people=people)).span == today.span("09:00", "+02:00")
    assert board.columns[0].off == [Stretch(0, 108)]


def test_a_visit_across_midnight_stands_on_both_days() -> None:
    evening, morning = Day(date(2026, 11, 20)), Day(date(2026, 11, 21))
    visit = evening.visit("23:30", "+00:45")
    assert visit.span == morning.span("-23:30", "00:45")

    frame = frame_of(evening.facts(visits=[visit]))
    assert frame.span == evening.span("09:00", "+01:00")
    assert frame.place(visit.span) == Stretch(174, 15)

    frame = frame_of(morning.facts(visits=[visit]))
    assert frame.span == morning.span("00:00", "20:00")
    assert frame.place(visit.span) == Stretch(0, 9)


def test_the_next_mornings_visits_do_not_widen_the_day() -> None:
    today = Day()
    facts = today.facts(visits=[today.visit("+05:00", "+06:00"), today.visit("-08:00", "-09:00")])
    assert frame_of(facts).span == today.span("09:00", "20:00")
    assert assemble(facts, by=THERAPIST).lines == []


def test_an_evening_is_never_drawn_further_than_six_in_the_morning() -> None:
    today = Day()
    facts = today.facts(visits=[today.visit("20:00", "+10:00")])
    assert frame_of(facts).span == today.span("09:00", "+06:00")


@pytest.mark.parametrize("night", [SPRING, AUTUMN])
def test_six_in_the_morning_is_six_by_the_clock_that_was_changed_in_the_night(night: date) -> None:
    eve = Day(night - timedelta(days=1))
    frame = frame_of(eve.facts(visits=[eve.visit("20:00", "+10:00")]))
    assert frame.span.end == eve.at("+06:00")
    assert frame.ticks()[-1].label == "05:00"


@pytest.mark.parametrize(("day", "hours", "labels"), [
    (SPRING, 23, ["00:00", "01:00", "03:00", "04:00"]),
    (AUTUMN, 25, ["00:00", "01:00", "02:00", "02:00", "03:00"]),
])  # fmt: skip
def test_a_day_with_a_clock_change_has_its_real_length(day: date, hours: int, labels: list[str]) -> None:
    today = Day(day)
    people = [today.person(THERESE, ("00:00", "+00:00"))]
    board = assemble(today.facts(people=people, hours=[today.span("00:00", "+00:00")]), by=THERAPIST)
    assert board.steps == hours * 12
    assert [tick.label for tick in board.ticks][: len(labels)] == labels
    assert [tick.s for tick in board.ticks] == list(range(0, hours * 12, 12))


@pytest.mark.parametrize(("day", "step"), [(SPRING, 108 - 12), (AUTUMN, 108 + 12)])
def test_nine_in_the_morning_is_nine_by_the_venues_clock(day: date, step: int) -> None:
    today = Day(day)
    facts = today.facts(visits=[today.visit("00:00", "00:30"), today.visit("09:00", "10:00")])
    frame = frame_of(facts)
    assert frame.place(facts.visits[1].span) == Stretch(step, 12)


def test_a_time_that_exists_twice_is_told_apart() -> None:
    today = Day(AUTUMN)
    night = [today.at("02:30"), today.at("02:30") + 3600]
    people = [today.person(THERESE, ("00:00", "06:00"))]
    board = assemble(today.facts(people=people, starts=night), by=THERAPIST)
    assert [place.at for place in board.columns[0].empty] == ["2026-10-25T02:30", "2026-10-25T02:30+01:00"]


def test_half_hour_clock_changes_keep_full_hours_on_the_wall() -> None:
    today = Day(date(2027, 4, 4), zone="Australia/Lord_Howe")
    people = [today.person(THERESE, ("00:00", "12:00"))]
    board = assemble(today.facts(people=people), by=THERAPIST)
    assert [tick.label for tick in board.ticks][:4] == ["00:00", "01:00", "02:00", "03:00"]
    assert [tick.s for tick in board.ticks][:4] == [0, 12, 30, 42]
