"""Rooms: buffers, closures, duos, and pending bookings that make place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.bookings.availability import Busy, Grant, PendingNeed, Reason, Refusal, Room, Span, day_slots, decide
from tests.bookings.world import DUO, HOUR, MONDAY, NOW, SINGLE, at, pending, room_busy, sec, spa, therapist

ONE_ROOM = (Room(SINGLE),)
PAIR = replace(HOUR, guests=2)
CROWD = tuple(therapist(number) for number in range(20, 29))


def rooms_of(answer: Grant | Refusal) -> set[int]:
    assert isinstance(answer, Grant), f"refused: {answer}"
    return {claim.room_id for claim in answer.rooms}


def reason(answer: Grant | Refusal) -> Reason | None:
    return answer.reason if isinstance(answer, Refusal) else None


def test_the_new_bookings_buffer_counts_against_the_next_start() -> None:
    busy = [room_busy(SINGLE, sec(11, 10), sec(12))]
    need = replace(HOUR, buffer=15)
    assert reason(decide(spa(rooms=ONE_ROOM, room_busy=busy), need, at(10), NOW)) is Reason.NO_ROOM
    assert rooms_of(decide(spa(rooms=ONE_ROOM, room_busy=busy), replace(need, buffer=10), at(10), NOW)) == {SINGLE}


def test_the_earlier_bookings_buffer_counts_against_the_new_start() -> None:
    busy = [room_busy(SINGLE, sec(9), sec(10, 15))]  # the claim holds its turnover time
    snapshot = spa(rooms=ONE_ROOM, room_busy=busy)
    assert reason(decide(snapshot, HOUR, at(10), NOW)) is Reason.NO_ROOM
    assert rooms_of(decide(snapshot, HOUR, at(10, 15), NOW, desk=True)) == {SINGLE}


def test_a_closure_counts_without_buffer_and_cuts_the_claim() -> None:
    closed = (Room(SINGLE, closures=(Span(sec(11), sec(12)),)),)
    granted = decide(spa(rooms=closed), replace(HOUR, buffer=15), at(10), NOW)
    assert rooms_of(granted) == {SINGLE}
    assert isinstance(granted, Grant)
    assert granted.rooms[0].ends_at == at(11)
    refused = decide(spa(rooms=closed), HOUR, at(10, 30), NOW)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.starts_at, refused.ends_at) == (Reason.NO_ROOM, at(11), at(12))


def test_only_rooms_of_the_type_asked_for_count() -> None:
    rooms = (Room(SINGLE, room_type_id=7), Room(DUO, room_type_id=8, capacity=2))
    assert rooms_of(decide(spa(rooms=rooms), replace(HOUR, room_type_id=8), at(10), NOW)) == {DUO}
    assert reason(decide(spa(rooms=rooms), replace(HOUR, room_type_id=9), at(10), NOW)) is Reason.NO_ROOM


def test_a_single_guest_leaves_the_duo_room_to_a_pair_as_long_as_possible() -> None:
    assert rooms_of(decide(spa(), HOUR, at(10), NOW)) == {SINGLE}
    taken = [room_busy(SINGLE, sec(10), sec(11))]
    assert rooms_of(decide(spa(room_busy=taken), HOUR, at(10), NOW)) == {DUO}


def test_a_pair_takes_the_duo_room_else_two_rooms() -> None:
    rooms = (Room(SINGLE), Room(DUO, capacity=2), Room(3))
    assert rooms_of(decide(spa(rooms=rooms), PAIR, at(10), NOW)) == {DUO}
    taken = [room_busy(DUO, sec(10), sec(11))]
    assert rooms_of(decide(spa(rooms=rooms, room_busy=taken), PAIR, at(10), NOW)) == {SINGLE, 3}
    assert reason(decide(spa(room_busy=taken), PAIR, at(10), NOW)) is Reason.NO_ROOM


def test_a_room_for_two_takes_one_booking_at_a_time() -> None:
    taken = [room_busy(DUO, sec(10), sec(11))]
    snapshot = spa(rooms=(Room(DUO, capacity=2),), room_busy=taken)
    assert reason(decide(snapshot, HOUR, at(10), NOW)) is Reason.NO_ROOM


def test_many_guests_take_as_few_rooms_as_hold_them() -> None:
    rooms = (Room(1), Room(2), Room(3, capacity=2), Room(4, capacity=4))
    snapshot = spa(rooms=rooms, therapists=CROWD)
    assert rooms_of(decide(snapshot, replace(HOUR, guests=5), at(10), NOW)) == {4, 1}
    assert rooms_of(decide(snapshot, replace(HOUR, guests=8), at(10), NOW)) == {1, 2, 3, 4}
    assert reason(decide(snapshot, replace(HOUR, guests=9), at(10), NOW)) is Reason.NO_ROOM


def waiting_in(room: int, item: int = 1, **changes: bool) -> tuple[PendingNeed, Busy]:
    return pending(item, sec(10), sec(11), **changes), room_busy(room, sec(10), sec(11), item)


def test_a_pending_booking_moves_to_the_single_room_when_a_pair_needs_the_duo_room() -> None:
    need, claim = waiting_in(DUO)
    granted = decide(spa(therapists=CROWD, pending=(need,), room_busy=(claim,)), PAIR, at(10), NOW)
    assert rooms_of(granted) == {DUO}
    assert isinstance(granted, Grant)
    assert {item: [claim.room_id for claim in claims] for item, claims in granted.moves.items()} == {1: [SINGLE]}


def test_a_confirmed_or_fixed_booking_stays_where_it_is() -> None:
    need, claim = waiting_in(DUO, movable=False)
    fixed = spa(therapists=CROWD, pending=(need,), room_busy=(claim,))
    assert reason(decide(fixed, PAIR, at(10), NOW)) is Reason.NO_ROOM
    confirmed = spa(therapists=CROWD, room_busy=(claim,))
    assert reason(decide(confirmed, PAIR, at(10), NOW)) is Reason.NO_ROOM


def test_moves_may_follow_from_moves() -> None:
    """The pair needs the duo room from 10 to 11; whoever is there can only go where another must leave first."""
    rooms = (Room(1, room_type_id=1), Room(2, room_type_id=1), Room(3, room_type_id=2, capacity=2))
    needs = (pending(1, sec(10), sec(11)), pending(2, sec(10, 30), sec(11, 30), room_type_id=1))
    claims = (
        room_busy(3, sec(10), sec(11), 1),
        room_busy(1, sec(10, 30), sec(11, 30), 2),
        room_busy(2, sec(9), sec(10, 15)),
    )
    pair = replace(PAIR, room_type_id=2)
    granted = decide(spa(rooms=rooms, therapists=CROWD, pending=needs, room_busy=claims), pair, at(10), NOW)
    assert rooms_of(granted) == {3}
    assert isinstance(granted, Grant)
    assert {item: [c.room_id for c in claims] for item, claims in granted.moves.items()} == {1: [1], 2: [2]}


def test_a_booking_put_on_top_of_another_by_the_desk_closes_nothing_else() -> None:
    on_top, claim = waiting_in(SINGLE)
    snapshot = spa(therapists=CROWD, pending=(on_top,), room_busy=(claim, room_busy(SINGLE, sec(10), sec(11))))
    assert rooms_of(decide(snapshot, PAIR, at(10), NOW)) == {DUO}


def test_its_room_is_not_emptied_for_a_newcomer_either() -> None:
    on_top = pending(1, sec(10), sec(11))
    rooms = (Room(SINGLE, room_type_id=1), Room(DUO, room_type_id=2))
    claims = [room_busy(DUO, sec(10), sec(11), 1), room_busy(DUO, sec(10, 30), sec(11, 30))]
    wish = replace(HOUR, duration=30, room_type_id=2)
    alone = spa(rooms=rooms, therapists=CROWD, pending=(on_top,), room_busy=claims[:1])
    assert rooms_of(decide(alone, wish, at(10), NOW)) == {DUO}
    crowded = spa(rooms=rooms, therapists=CROWD, pending=(on_top,), room_busy=claims)
    assert reason(decide(crowded, wish, at(10), NOW)) is Reason.NO_ROOM


def test_a_pending_booking_moves_for_a_pair_that_takes_two_rooms() -> None:
    rooms = (Room(1, room_type_id=1), Room(2, room_type_id=1), Room(3, room_type_id=2))
    need, claim = waiting_in(1)
    snapshot = spa(rooms=rooms, therapists=CROWD, pending=(need,), room_busy=(claim,))
    assert rooms_of(decide(snapshot, replace(PAIR, room_type_id=1), at(10), NOW)) == {1, 2}


@pytest.mark.parametrize(("guests", "capacity"), [(1, 3), (2, 2), (3, 3)])
def test_capacity_counts_guests_of_the_same_request(guests: int, capacity: int) -> None:
    rooms = (Room(SINGLE), Room(3), Room(DUO, capacity=2))
    slots = day_slots(spa(rooms=rooms, therapists=CROWD[:3]), replace(HOUR, guests=guests), MONDAY, NOW)
    assert {slot.capacity for slot in slots} == {capacity}
