"""The cheapest assignment is the one that trying everything finds."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.absences.rehome.assignment import cheapest


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    rows = draw(st.integers(0, 5))
    columns = draw(st.integers(rows, 6))
    cost = st.one_of(st.integers(-5, 9), st.just(10**12))
    return [draw(st.lists(cost, min_size=columns, max_size=columns)) for _ in range(rows)]


@given(tables())
def test_it_is_the_cheapest_of_all(costs: list[list[int]]) -> None:
    found = cheapest(costs)
    assert len(set(found)) == len(costs)
    width = len(costs[0]) if costs else 0
    least = min(
        (
            sum(costs[row][column] for row, column in enumerate(order))
            for order in permutations(range(width), len(costs))
        ),
        default=0,
    )
    assert sum(costs[row][column] for row, column in enumerate(found)) == least


def test_the_first_is_not_served_at_the_expense_of_all() -> None:
    assert cheapest([[1, 2], [1, 100]]) == [1, 0]


def test_too_few_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="a column of its own"):
        cheapest([[1], [2]])
