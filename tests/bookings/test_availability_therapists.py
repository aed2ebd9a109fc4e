"""Therapists: shifts, skills, wishes, ways between venues, and the pending bookings that need them too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.bookings.availability import (
    Busy,
    Grant,
    Need,
    Reason,
    Refusal,
    Room,
    Shift,
    Snapshot,
    Work,
    day_slots,
    decide,
    eligible_therapists,
    therapist_conflict,
)
from tests.bookings.world import (
    HOUR,
    MARC,
    MONDAY,
    NOW,
    OTHER_SPA,
    SPA,
    THERESE,
    at,
    calendar,
    pending,
    sec,
    spa,
    therapist,
    treating,
)

ROOMS = tuple(Room(number) for number in range(1, 10))
WORK = Work(SPA, sec(10), sec(11), treatment_id=1)


def granted(snapshot: Snapshot, need: Need = HOUR, hour: int = 10, minute: int = 0) -> bool:
    answer = decide(snapshot, need, at(hour, minute), NOW)
    assert isinstance(answer, Grant) or answer.reason is Reason.NO_THERAPIST, answer
    return isinstance(answer, Grant)


def shifts(*hours: tuple[int, int]) -> tuple[Shift, ...]:
    return tuple(Shift(SPA, sec(0) + first * 3600, sec(0) + last * 3600) for first, last in hours)


def test_one_shift_must_cover_the_treatment_and_touching_shifts_are_one() -> None:
    assert granted(spa(therapists=(therapist(THERESE, hours=(10, 11)),)), replace(HOUR, buffer=30))
    assert not granted(spa(therapists=(therapist(THERESE, shifts=shifts((9, 10), (11, 12))),)), hour=10)
    assert granted(spa(therapists=(therapist(THERESE, shifts=shifts((10, 11), (9, 10))),)), hour=9, minute=30)
    assert not granted(spa(therapists=(therapist(THERESE, hours=(9, 10)),)), hour=9, minute=30)


def test_a_shift_at_another_venue_does_not_help() -> None:
    elsewhere = therapist(THERESE, venues=(OTHER_SPA,), venue_ids=frozenset({SPA, OTHER_SPA}))
    assert not granted(spa(therapists=(elsewhere,)))
    stranger = therapist(THERESE, venue_ids=frozenset({OTHER_SPA}))
    assert not granted(spa(therapists=(stranger,)))


def test_bookings_and_blocks_make_her_busy() -> None:
    alone = (therapist(THERESE),)
    assert not granted(spa(therapists=alone, therapist_busy=[treating(THERESE, sec(10, 30), sec(12))]))
    assert not granted(spa(therapists=alone, therapist_busy=[treating(THERESE, sec(10, 30), sec(12), venue=None)]))
    assert granted(spa(therapists=alone, therapist_busy=[treating(THERESE, sec(9), sec(10))]))


def test_skills_and_gender_restrict_who_can() -> None:
    skilled = therapist(THERESE, treatment_ids=frozenset({2}), gender="female")
    assert not granted(spa(therapists=(skilled,)))
    assert granted(spa(therapists=(skilled,)), Need(duration=60))
    assert granted(spa(therapists=(skilled,)), Need(duration=60, treatment_id=2, gender="female"))
    assert not granted(spa(therapists=(skilled,)), Need(duration=60, treatment_id=2, gender="male"))


@pytest.mark.parametrize(("hour", "minute", "fits"), [(9, 30, False), (9, 0, True), (12, 0, False), (12, 30, True)])
def test_the_way_between_venues_counts_on_both_sides_of_a_booking(hour: int, minute: int, fits: bool) -> None:
    both = therapist(THERESE, venues=(SPA, OTHER_SPA))
    away = treating(THERESE, sec(10, 30), sec(12), venue=OTHER_SPA)
    rules = calendar(inter_venue_buffer=30)
    assert granted(spa(calendar=rules, therapists=(both,), therapist_busy=[away]), hour=hour, minute=minute) is fits
    block = treating(THERESE, sec(10, 30), sec(12), venue=None)
    assert granted(spa(calendar=rules, therapists=(both,), therapist_busy=[block]), hour=9, minute=30)


def test_a_pair_needs_two_therapists() -> None:
    assert granted(spa(), replace(HOUR, guests=2))
    assert not granted(spa(therapists=(therapist(THERESE),)), replace(HOUR, guests=2))


def test_a_pending_booking_occupies_a_therapist_too() -> None:
    assert granted(spa(rooms=ROOMS, pending=(pending(1, sec(10), sec(11)),)))
    two = (pending(1, sec(10), sec(11)), pending(2, sec(10, 30), sec(11, 30)))
    answer = decide(spa(rooms=ROOMS, pending=two), HOUR, at(10), NOW)
    assert isinstance(answer, Refusal)
    assert (answer.reason, answer.subject) == (Reason.NO_THERAPIST, None)
    assert (answer.starts_at, answer.ends_at) == (at(10), at(11, 30))


def test_counting_is_not_enough_the_only_one_who_can_is_kept_for_whom_she_is_needed() -> None:
    marc = therapist(MARC, treatment_ids=frozenset({1}))
    both = (therapist(THERESE), marc)
    only_therese = pending(1, sec(10), sec(11), treatment_id=2)
    assert granted(spa(rooms=ROOMS, therapists=both, pending=(only_therese,)), HOUR)
    assert not granted(spa(rooms=ROOMS, therapists=both, pending=(only_therese,)), replace(HOUR, treatment_id=2))
    busy = [treating(MARC, sec(10), sec(11))]
    assert not granted(spa(rooms=ROOMS, therapists=both, pending=(only_therese,), therapist_busy=busy), HOUR)


def test_pending_bookings_one_after_the_other_may_share_a_therapist() -> None:
    chain = (pending(1, sec(9), sec(10)), pending(2, sec(10, 30), sec(11, 30)))
    assert granted(
        spa(rooms=ROOMS, therapists=(therapist(THERESE), therapist(MARC)), pending=chain), hour=9, minute=45 - 15
    )
    crossed = (pending(1, sec(9), sec(10, 30)), pending(2, sec(10), sec(11, 30)), pending(3, sec(11), sec(12)))
    assert not granted(spa(rooms=ROOMS, pending=crossed), hour=10)
    assert granted(spa(rooms=ROOMS, pending=crossed), hour=11, minute=30)


def test_a_chain_that_is_not_a_clique_is_solved_exactly() -> None:
    """Marc leaves at 11, Thérèse comes at 10: whoever takes the first decides about the last."""
    both = (therapist(THERESE, hours=(10, 15)), therapist(MARC, hours=(9, 12)))
    chain = (pending(1, sec(9), sec(10, 30)), pending(2, sec(10, 30), sec(11, 30)))
    assert granted(spa(rooms=ROOMS, therapists=both, pending=chain), hour=11)
    assert not granted(spa(rooms=ROOMS, therapists=both, pending=(*chain, pending(3, sec(10), sec(12)))), hour=11)


def test_missing_seats_count_and_assigned_ones_are_busy_already() -> None:
    third = (therapist(THERESE), therapist(MARC), therapist(13))
    pair = pending(1, sec(10), sec(11), missing=2, guests=2)
    assert granted(spa(rooms=ROOMS, therapists=third, pending=(pair,)))
    assert not granted(spa(rooms=ROOMS, therapists=third, pending=(pair,)), replace(HOUR, guests=2))
    half = replace(pair, therapists_missing=1)
    accepted = [Busy(13, SPA, sec(10), sec(11), 1)]
    assert granted(spa(rooms=ROOMS, therapists=third, pending=(half,), therapist_busy=accepted))


def test_who_declined_is_free_for_the_next_and_held_again_when_nobody_else_is_left() -> None:
    declined = pending(1, sec(10), sec(11), declined=frozenset({THERESE}))
    marc_is_busy = [treating(MARC, sec(10), sec(11))]
    assert granted(spa(rooms=ROOMS, pending=(declined,)))
    assert not granted(spa(rooms=ROOMS, pending=(declined,), therapist_busy=marc_is_busy))


def test_when_all_whom_the_guest_prefers_have_declined_the_others_are_kept_for_her() -> None:
    team = (therapist(THERESE, gender="female"), therapist(MARC, gender="male"))
    wish = pending(1, sec(10), sec(11), gender="female", declined=frozenset({THERESE}))
    assert granted(spa(rooms=ROOMS, therapists=team, pending=(wish,)), replace(HOUR, gender="female"))
    assert not granted(spa(rooms=ROOMS, therapists=team, pending=(wish,)), replace(HOUR, gender="male"))


def test_one_hopeless_booking_does_not_close_the_venue() -> None:
    hopeless = pending(1, sec(10), sec(11), treatment_id=99)
    skilled = tuple(therapist(number, treatment_ids=frozenset({1})) for number in (THERESE, MARC))
    assert granted(spa(rooms=ROOMS, therapists=skilled, pending=(hopeless,)))
    three = tuple(pending(number, sec(10), sec(11), treatment_id=1) for number in (1, 2, 3))
    assert not granted(spa(rooms=ROOMS, therapists=skilled, pending=three)), "two of three are served, none may lose"


def test_nor_on_a_day_full_of_waiting_bookings_that_all_hang_together() -> None:
    """Two therapists take turns along twenty bookings that overlap in pairs; at noon there is one too many."""
    chain = [pending(n, sec(9) + n * 1500, sec(9) + n * 1500 + 2400, treatment_id=2) for n in range(20)]
    one_too_many = pending(50, sec(12), sec(12, 30), treatment_id=2)
    skills = {20: frozenset({1, 2}), 21: frozenset({2}), 22: frozenset({1})}
    team = tuple(therapist(ident, treatment_ids=can_do) for ident, can_do in skills.items())
    crowded = spa(rooms=ROOMS, therapists=team, pending=(*chain, one_too_many))
    for hour in (12, 15):
        assert granted(crowded, HOUR, hour=hour), "the third has no part in it"
        assert not granted(crowded, replace(HOUR, guests=2), hour=hour), "but nobody else can be spared"
        assert not granted(crowded, replace(HOUR, treatment_id=2), hour=hour)


def test_pending_bookings_at_another_venue_need_shared_therapists_too() -> None:
    shared = therapist(THERESE, venues=(SPA, OTHER_SPA))
    away = pending(1, sec(11, 15), sec(12, 15), venue=OTHER_SPA)
    assert granted(spa(rooms=ROOMS, therapists=(shared,), pending=(away,)))
    rules = calendar(inter_venue_buffer=30)
    assert not granted(spa(calendar=rules, rooms=ROOMS, therapists=(shared,), pending=(away,)))
    local = therapist(MARC, venues=(OTHER_SPA,))
    assert granted(spa(calendar=rules, rooms=ROOMS, therapists=(shared, local), pending=(away,)))


def test_capacity_is_what_is_left_beside_the_pending_bookings() -> None:
    team = tuple(therapist(number) for number in range(20, 25))
    snapshot = spa(rooms=ROOMS, therapists=team, pending=(pending(1, sec(10), sec(11)),))
    slots = {slot.starts_at: slot.capacity for slot in day_slots(snapshot, HOUR, MONDAY, NOW)}
    assert (slots[at(10)], slots[at(11)]) == (4, 5)
    pairs = {slot.starts_at: slot.capacity for slot in day_slots(snapshot, replace(HOUR, guests=2), MONDAY, NOW)}
    assert (pairs[at(10)], pairs[at(11)]) == (4, 4)


def test_those_who_are_asked_are_free_qualified_and_did_not_decline() -> None:
    team = (
        therapist(20, gender="male"),
        therapist(21, gender="female"),
        therapist(22, gender="female", treatment_ids=frozenset({2})),
        therapist(23, gender="female", hours=(14, 18)),
        therapist(24, gender="female"),
    )
    snapshot = spa(therapists=team, therapist_busy=[treating(24, sec(10), sec(10, 15))])
    assert eligible_therapists(snapshot, WORK) == [20, 21]
    assert eligible_therapists(snapshot, replace(WORK, gender="female")) == [21]
    assert eligible_therapists(snapshot, replace(WORK, gender="female", declined=frozenset({21}))) == [20]
    assert eligible_therapists(snapshot, replace(WORK, declined=frozenset({20, 21}))) == []


def test_what_keeps_a_therapist_from_accepting() -> None:
    snapshot = spa(
        calendar=calendar(inter_venue_buffer=30),
        therapists=(therapist(THERESE), therapist(MARC, hours=(14, 18))),
        therapist_busy=[treating(THERESE, sec(11, 15), sec(12), venue=OTHER_SPA)],
    )
    assert therapist_conflict(snapshot, THERESE, WORK) == (at(10, 45), at(12, 30))
    assert therapist_conflict(snapshot, THERESE, Work(SPA, sec(9), sec(10))) is None
    assert therapist_conflict(snapshot, MARC, WORK) == (at(10), at(11))
    assert therapist_conflict(snapshot, 999, WORK) == (at(10), at(11))
