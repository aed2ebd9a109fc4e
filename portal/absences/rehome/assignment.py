"""The cheapest way to give each of some rows a column of its own.

The Hungarian method (H. W. Kuhn 1955, J. Munkres 1957) in the form with prices and shortest augmenting paths, as in
R. Jonker and A. Volgenant, «A shortest augmenting path algorithm for dense and sparse linear assignment problems»,
Computing 38 (1987). Written anew from that description; O(rows² × columns).
"""

from __future__ import annotations

from collections.abc import Sequence


def cheapest(costs: Sequence[Sequence[int]]) -> list[int]:
    """The column of each row with the least sum of costs. Raises ValueError when there are fewer columns than rows."""
    if costs and len(costs) > len(costs[0]):
        raise ValueError("each row needs a column of its own")
    work = _Assignment(costs)
    for row in range(len(costs)):
        work.seat(row)
    return work.columns()


class _Assignment:
    """Rows that are seated so far. With these prices no seated row would rather have another column."""

    def __init__(self, costs: Sequence[Sequence[int]]) -> None:
        self._costs = costs
        self._width = len(costs[0]) if costs else 0
        self._row_price = [0] * len(costs)
        self._column_price = [0] * self._width
        self._holder: list[int | None] = [None] * self._width

    def columns(self) -> list[int]:
        found = {row: column for column, row in enumerate(self._holder) if row is not None}
        return [found[row] for row in range(len(self._costs))]

    def seat(self, newcomer: int) -> None:
        """Find the cheapest chain of moves that ends in a free column, and let everybody on it move up."""
        distance: dict[int, int] = {}
        before: dict[int, int | None] = {}
        settled: list[int] = []
        row, column, reached = newcomer, None, 0
        while True:
            self._look_around(row, column, reached, distance, before, settled)
            column = min((one for one in distance if one not in settled), key=lambda one: (distance[one], one))
            reached = distance[column]
            holder = self._holder[column]
            if holder is None:
                break
            settled.append(column)
            row = holder
        self._set_prices(newcomer, reached, distance, settled)
        self._move_up(newcomer, column, before)

    def _look_around(
        self,
        row: int,
        via: int | None,
        reached: int,
        distance: dict[int, int],
        before: dict[int, int | None],
        settled: list[int],
    ) -> None:
        """What it costs to go on from a row to each column that is not settled."""
        for column in range(self._width):
            if column in settled:
                continue
            step = self._costs[row][column] - self._row_price[row] - self._column_price[column]
            if column not in distance or reached + step < distance[column]:
                distance[column], before[column] = reached + step, via

    def _set_prices(self, newcomer: int, reached: int, distance: dict[int, int], settled: list[int]) -> None:
        self._row_price[newcomer] += reached
        for column in settled:
            holder = self._holder[column]
            if holder is not None:
                self._row_price[holder] += reached - distance[column]
            self._column_price[column] -= reached - distance[column]

    def _move_up(self, newcomer: int, column: int | None, before: dict[int, int | None]) -> None:
        while column is not None:
            previous = before[column]
            self._holder[column] = newcomer if previous is None else self._holder[previous]
            column = previous
