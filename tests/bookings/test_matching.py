"""The assignment behind «can everybody be served», against exhaustive trial."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.bookings.slots import matching
from portal.bookings.slots.matching import Crowd, can_join, unserved_seats

HELPERS = 5
Demand = tuple[int, int, int, int]  # start, end, seats, candidates
few = st.sets(st.integers(0, HELPERS - 1), max_size=3).map(lambda helpers: sum(1 << helper for helper in helpers))
demands = st.tuples(st.integers(0, 9), st.integers(2, 5), st.sampled_from([1, 1, 2]), few).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1], drawn[2], drawn[3])
)


def crowd(*members: Demand) -> Crowd:
    near = [
        {
            other
            for other, (start, end, _, theirs) in enumerate(members)
            if other != index and start < member[1] and member[0] < end and theirs & member[3]
        }
        for index, member in enumerate(members)
    ]
    return Crowd([m[0] for m in members], [m[2] for m in members], [m[3] for m in members], near)


def most(members: tuple[Demand, ...], given: tuple[tuple[int, int, int], ...] = ()) -> int:
    """The largest number of seats that can be served, by trying all choices."""
    if not members:
        return 0
    (start, end, seats, candidates), *rest = members
    taken = {helper for begun, ended, helper in given if begun < end and start < ended}
    free = [helper for helper in range(HELPERS) if candidates >> helper & 1 and helper not in taken]
    return max(
        served + most(tuple(rest), given + tuple((start, end, helper) for helper in chosen))
        for served in range(min(seats, len(free)) + 1)
        for chosen in combinations(free, served)
    )


def joins(newcomer: Demand, others: tuple[Demand, ...]) -> bool:
    start, end, seats, candidates = newcomer
    mine = [helper for helper in range(HELPERS) if candidates >> helper & 1]
    return any(
        most(others, tuple((start, end, helper) for helper in chosen)) == most(others)
        for chosen in combinations(mine, seats)
    )


@settings(max_examples=800, deadline=None, derandomize=True)
@given(demands.filter(lambda demand: demand[3].bit_count() >= demand[2]), st.lists(demands, min_size=2, max_size=6))
@example((2, 7, 1, 24), [(2, 4, 1, 28), (3, 7, 2, 17), (5, 10, 1, 1), (0, 4, 1, 25)])
@example((5, 7, 1, 9), [(3, 6, 2, 24), (9, 12, 1, 26), (1, 6, 2, 14), (3, 7, 1, 13), (3, 5, 1, 24), (5, 7, 1, 22)])
def test_a_newcomer_joins_exactly_when_nobody_loses_a_seat(newcomer: Demand, others: list[Demand]) -> None:
    assert can_join(crowd(newcomer, *others)) is joins(newcomer, tuple(others))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2**HELPERS - 1)), max_size=4))
def test_seats_left_over_when_all_collide(pairs: list[tuple[int, int]]) -> None:
    at_once = tuple((0, 1, seats, candidates) for seats, candidates in pairs)
    assert unserved_seats(pairs) == sum(seats for seats, _ in pairs) - most(at_once)


def pinned_chain(size: int) -> Crowd:
    """Two helpers take turns along a chain; at both of its ends only the first one will do."""
    members = [(2 * number, 2 * number + 3, 1, 0b11) for number in range(size)]
    return crowd(*((*member[:3], 0b01) if number in (0, size - 1) else member for number, member in enumerate(members)))


@pytest.mark.parametrize("size", [13, 41])
def test_what_happens_at_the_far_end_of_a_chain_is_felt_at_its_beginning(size: int) -> None:
    assert can_join(pinned_chain(size))
    assert not can_join(pinned_chain(size + 1))


def test_a_search_that_takes_too_long_promises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "SEARCH_BUDGET", 0)
    assert not can_join(pinned_chain(13))
