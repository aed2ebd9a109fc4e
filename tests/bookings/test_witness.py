"""The standing assignment: newcomers are let in by changing helpers, never by taking one away."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.bookings.slots import witness
from portal.bookings.slots.witness import Witness

HELPERS = 4
seats = st.tuples(st.integers(0, 6), st.integers(1, 4), st.integers(1, 2**HELPERS - 1)).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1], drawn[2])
)


def near(mine: tuple[int, int, int], others: list[tuple[int, int, int]]) -> list[int]:
    return [index for index, other in enumerate(others) if mine[0] < other[1] and other[0] < mine[1]]


def all_served(members: list[tuple[int, int, int]]) -> bool:
    """By trying every way to give each member one helper."""
    helpers = [[helper for helper in range(HELPERS) if member[2] >> helper & 1] for member in members]
    return any(
        all(
            chosen[index] != chosen[other]
            for index in range(len(members))
            for other in near(members[index], members[:index])
        )
        for chosen in product(*helpers)
    )


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.lists(seats, max_size=6), seats)
def test_a_newcomer_is_let_in_exactly_when_all_can_be_served(
    members: list[tuple[int, int, int]], newcomer: tuple[int, int, int]
) -> None:
    standing = Witness()
    for index, member in enumerate(members):
        others = near(member, members)
        served = standing.seat(index, member[2], [other for other in others if other != index])
        assert served is all_served(members[: index + 1])
        if not served:
            return
    assert standing.admits(1, newcomer[2], near(newcomer, members)) is all_served([*members, newcomer])


def test_asking_changes_nothing() -> None:
    standing = Witness()
    assert standing.seat(0, 0b11, [])
    assert standing.admits(1, 0b01, [0]), "the first can take the other helper"
    assert standing.admits(1, 0b10, [0])
    assert standing.admits(2, 0b11, [0]) is False
    assert standing.is_served(0)


def test_whoever_cannot_be_served_takes_nobody_elses_helper() -> None:
    standing = Witness()
    assert standing.seat(0, 0b1, [1])
    assert not standing.seat(1, 0b1, [0])
    assert not standing.is_served(1)
    assert standing.admits(1, 0b10, [0, 1])


def test_too_long_a_search_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness, "REPAIR_BUDGET", 1)
    standing = Witness()
    assert standing.seat(0, 0b11, [])
    assert standing.admits(1, 0b01, [0]) is None
