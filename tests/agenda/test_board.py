"""The day becomes columns and cards: nothing is left out, nothing stands in the wrong place."""

from __future__ import annotations

import pytest

from portal.agenda.board import ROOM, THERAPIST, assemble
from portal.agenda.facts import ELSEWHERE, DayFacts, Hold
from portal.agenda.frame import Stretch
from portal.agenda.lanes import Lane
from portal.agenda.pieces import Board, Column
from tests.agenda.world import CABINE, DUO, MARC, THERESE, Day


@pytest.fixture
def today() -> Day:
    return Day()


def test_a_visit_stands_in_its_therapists_column_and_in_its_room(today: Day) -> None:
    visit = today.visit("10:00", "11:15")
    facts = today.facts(visits=[visit], holds=today.hold(visit, THERESE, CABINE))

    (card,) = _column(assemble(facts, by=THERAPIST), THERESE).cards
    assert card.place == Stretch(12, 15)
    assert [label.name for label in card.where] == ["Cabine 1"]

    (card,) = _column(assemble(facts, by=ROOM), CABINE).cards
    assert [label.name for label in card.where] == ["Person 1"]


def test_a_pending_visit_waits_in_a_lane_and_stands_in_its_room(today: Day) -> None:
    visit = today.visit("10:00", "11:00", status="pending", missing=1)
    facts = today.facts(visits=[visit], holds=today.hold(visit, CABINE))

    board = assemble(facts, by=THERAPIST)
    assert [card.visit for card in board.waiting] == [visit]
    assert _column(board, THERESE).cards == []

    board = assemble(facts, by=ROOM)
    assert board.waiting == []
    assert [card.visit for card in _column(board, CABINE).cards] == [visit]


def test_a_duo_with_one_therapist_stands_with_her_and_still_waits(today: Day) -> None:
    visit = today.visit("10:00", "11:00", status="pending", guests=2, missing=1)
    board = assemble(today.facts(visits=[visit], holds=today.hold(visit, THERESE, DUO)), by=THERAPIST)
    assert [card.visit for card in board.waiting] == [visit]
    assert [card.visit for card in _column(board, THERESE).cards] == [visit]


def test_a_confirmed_duo_stands_with_both_therapists_and_in_both_rooms(today: Day) -> None:
    visit = today.visit("10:00", "11:00", guests=2)
    facts = today.facts(visits=[visit], holds=today.hold(visit, THERESE, MARC, CABINE, DUO))
    for by, columns in ((THERAPIST, (THERESE, MARC)), (ROOM, (CABINE, DUO))):
        board = assemble(facts, by=by)
        assert [len(_column(board, number).cards) for number in columns] == [1, 1]
        assert board.waiting == []


def test_a_visit_without_any_room_is_not_lost_by_room(today: Day) -> None:
    visit = today.visit("10:00", "11:00")
    board = assemble(today.facts(visits=[visit], holds=today.hold(visit, THERESE)), by=ROOM)
    assert [card.visit for card in board.waiting] == [visit]


def test_cards_that_overlap_stand_side_by_side(today: Day) -> None:
    visits = [today.visit("10:00", "11:00"), today.visit("10:30", "11:30"), today.visit("11:00", "12:00")]
    alone = today.visit("12:00", "13:00")
    holds = [hold for visit in (*visits, alone) for hold in today.hold(visit, THERESE, overbooked=True)]
    cards = _column(assemble(today.facts(visits=[alone, *visits], holds=holds), by=THERAPIST), THERESE).cards
    assert [card.lane for card in cards] == [Lane(1, 2), Lane(2, 2), Lane(1, 2), Lane(1, 1)]
    assert all(card.overbooked for card in cards)


def test_more_pending_visits_at_once_than_lanes_stay_on_the_page(today: Day) -> None:
    visits = [today.visit("10:00", "11:00", status="pending", missing=1) for _ in range(8)]
    board = assemble(today.facts(visits=visits), by=THERAPIST)
    assert len(board.waiting) == 8
    assert board.lane.lanes == 6
    assert {card.lane.number for card in board.waiting} == {1, 2, 3, 4, 5, 6}


def test_what_a_therapist_gave_back_is_no_longer_hers(today: Day) -> None:
    visit = today.visit("10:00", "11:00", status="pending", missing=1)
    holds = [*today.hold(visit, CABINE), *today.hold(visit, THERESE, active=False)]
    board = assemble(today.facts(visits=[visit], holds=holds), by=THERAPIST)
    assert _column(board, THERESE).cards == []


@pytest.mark.parametrize("status", ["cancelled", "noshow"])
def test_what_is_over_stands_where_it_was(today: Day, status: str) -> None:
    visit = today.visit("10:00", "11:00", status=status)
    facts = today.facts(visits=[visit], holds=today.hold(visit, THERESE, CABINE, active=False))
    board = assemble(facts, by=THERAPIST)
    assert [card.state for card in _column(board, THERESE).cards] == [status]
    assert _column(board, THERESE).occupancy == 0
    assert board.waiting == []


def test_the_guests_arrival_is_shown_while_the_status_stays(today: Day) -> None:
    visit = today.visit("10:00", "11:00", arrived=True)
    (card,) = _column(
        assemble(today.facts(visits=[visit], holds=today.hold(visit, THERESE)), by=THERAPIST), THERESE
    ).cards
    assert (card.state, card.visit.status) == ("arrived", "confirmed")


def test_turnover_is_drawn_in_rooms_only(today: Day) -> None:
    visit = today.visit("10:00", "11:00", buffer=900)
    facts = today.facts(visits=[visit], holds=today.hold(visit, THERESE, CABINE))
    ((place, card),) = _column(assemble(facts, by=ROOM), CABINE).buffers
    assert (place, card.visit) == (Stretch(24, 3), visit)
    assert _column(assemble(facts, by=THERAPIST), THERESE).buffers == []


def test_a_therapist_without_shift_or_visit_has_no_column(today: Day) -> None:
    assert [column.label.name for column in assemble(today.facts(), by=THERAPIST).columns] == ["Person 1"]


def test_who_is_only_busy_elsewhere_has_no_column(today: Day) -> None:
    away = Hold(MARC, today.span("10:00", "11:00"), kind=ELSEWHERE)
    assert [column.uuid.int for column in assemble(today.facts(holds=[away]), by=THERAPIST).columns] == [THERESE]

    absent = Hold(MARC, today.span("10:00", "11:00"), kind="sick")
    assert len(assemble(today.facts(holds=[absent]), by=THERAPIST).columns) == 2


def test_everyone_is_shown_when_nobody_is_on_shift(today: Day) -> None:
    people = [today.person(THERESE), today.person(MARC)]
    board = assemble(today.facts(people=people), by=THERAPIST)
    assert len(board.columns) == 2
    assert not board.anyone_on_shift
    assert _column(board, THERESE).off == [Stretch(0, board.steps)]
    assert _column(board, THERESE).empty == []


def test_off_shift_is_what_no_shift_covers(today: Day) -> None:
    people = [today.person(THERESE, ("10:00", "12:00"), ("12:00", "13:00"), ("15:00", "18:30"))]
    column = _column(assemble(today.facts(people=people), by=THERAPIST), THERESE)
    assert column.off == [Stretch(0, 12), Stretch(48, 24), Stretch(114, 18)]


def test_outside_the_opening_hours_all_columns_are_closed(today: Day) -> None:
    people = [today.person(THERESE, ("08:00", "20:00"))]
    board = assemble(today.facts(people=people), by=THERAPIST)
    assert board.lane.closed == [Stretch(0, 12)]


def test_a_closed_day_keeps_its_usual_hours_on_the_page(today: Day) -> None:
    board = assemble(today.facts(hours=[], starts=[], people=[]), by=ROOM)
    assert board.lane.closed == [Stretch(0, board.steps)]
    assert [tick.label for tick in board.ticks] == [f"{hour:02}:00" for hour in range(9, 20)]
    assert _column(board, CABINE).empty == []


def test_blocks_carry_their_kind_and_take_the_place(today: Day) -> None:
    lunch = Hold(THERESE, today.span("12:00", "13:00"), kind="break", reason="Déjeuner")
    away = Hold(THERESE, today.span("15:00", "16:00"), kind=ELSEWHERE)
    facts = today.facts(holds=[lunch, away], blocks=[today.span("18:00", "20:00")])
    column = _column(assemble(facts, by=THERAPIST), THERESE)
    assert [(block.word, block.place, block.reason) for block in column.blocks] == [
        ("venue", Stretch(108, 24), None),
        ("break", Stretch(36, 12), "Déjeuner"),
        (ELSEWHERE, Stretch(72, 12), None),
    ]
    taken = {"12:00", "12:30", "15:00", "15:30", "18:00", "18:30", "19:00", "19:30"}
    assert taken.isdisjoint(place.at[-5:] for place in column.empty)
    assert len(column.empty) == 22 - len(taken)


def test_empty_places_are_free_grid_times_on_shift(today: Day) -> None:
    visit = today.visit("10:00", "11:00")
    people = [today.person(THERESE, ("09:30", "12:15"))]
    facts = today.facts(people=people, visits=[visit], holds=today.hold(visit, THERESE))
    column = _column(assemble(facts, by=THERAPIST), THERESE)
    assert [place.at for place in column.empty] == [
        f"2026-11-20T{clock}" for clock in ("09:30", "11:00", "11:30", "12:00")
    ]
    assert [cell.place.s for cell in column.cells] == [6, 12, 24, 30, 36]


def test_occupancy_is_the_share_of_the_shift_in_treatments(today: Day) -> None:
    visits = [today.visit("10:00", "12:00"), today.visit("11:00", "13:00"), today.visit("19:00", "21:00")]
    holds = [hold for visit in visits for hold in today.hold(visit, THERESE)]
    people = [today.person(THERESE, ("10:00", "20:00"))]
    facts = today.facts(people=people, visits=visits, holds=holds)
    assert _column(assemble(facts, by=THERAPIST), THERESE).occupancy == 40


def test_what_the_days_beside_it_are_open_or_worked_is_no_part_of_a_days_occupancy(today: Day) -> None:
    visits = [today.visit("10:00", "12:00"), today.visit("-23:00", "01:00"), today.visit("23:00", "+01:00")]
    holds = [hold for visit in visits for hold in today.hold(visit, THERESE, CABINE)]
    hours = [today.span("-18:00", "02:00"), today.span("10:00", "20:00"), today.span("+00:30", "+02:00")]
    people = [today.person(THERESE, ("-18:00", "02:00"), ("10:00", "20:00"), ("+00:30", "+02:00"))]
    facts = today.facts(people=people, hours=hours, visits=visits, holds=holds)
    assert _column(assemble(facts, by=ROOM), CABINE).occupancy == 20
    assert _column(assemble(facts, by=THERAPIST), THERESE).occupancy == 20


def test_the_list_names_everyone_and_every_room_once(today: Day) -> None:
    late, early = today.visit("15:00", "16:00", guests=2), today.visit("09:00", "10:00")
    holds = [*today.hold(late, THERESE, MARC, DUO), *today.hold(early, CABINE)]
    lines = assemble(today.facts(visits=[late, early], holds=holds), by=THERAPIST).lines
    assert [line.visit for line in lines] == [early, late]
    assert [label.name for label in lines[1].people] == ["Person 1", "Person 2"]
    assert [label.name for label in lines[1].rooms] == ["Cabine duo"]


@pytest.mark.parametrize("by", [THERAPIST, ROOM])
def test_an_empty_day_can_be_drawn(today: Day, by: str) -> None:
    facts = DayFacts(
        day=today.day, zone=today.facts().zone, span=today.facts().span, usual=today.span("09:00", "20:00")
    )
    board = assemble(facts, by=by)
    assert (board.columns, board.waiting, board.lines, board.steps) == ([], [], [], 132)


def _column(board: Board, number: int) -> Column:
    return next(column for column in board.columns if column.uuid.int == number)
